"""The words between which an argument of a verb chooses: sections, places, sides.

Plain words, so that a command line is read without a document; `edits` gives them their meaning.
"""

HOLD_ITEMS = ("queue", "backlog", "pending", "acceptance", "known failures", "decisions", "done")
HOLD_LINES = ("runbooks", "code map")
STEPS = ("up", "down", "top")
SECTIONS = (*HOLD_ITEMS[:-1], *HOLD_LINES)
"""Where `add` may put something."""
PLACES = (*STEPS, *HOLD_ITEMS)
"""Where `move` may bring an item."""
PROMOTED = ("backlog", "queue", "decisions", "code map", "known failures")
"""Where `promote` may put what an answer found out."""
SCOPES = ("once", "turn")
"""How long `allow` holds."""
SIDES = ("ours", "theirs")
"""What `resolve` may take of a conflict."""
GIVEN = (
    *("agent", "model", "paths", "verify", "after", "accept", "keep", "protect", "plan", "ticket", "openspec"),
    *("kind", "state", "gates", "timeout", "rounds", "size", "budget", "opinion"),
)
"""The fields of an item that `give` may write: those that say how it is done; the loop writes the others."""
LIKENESS = (
    *("agent", "model", "repo", "paths", "verify", "keep", "protect", "plan", "kind", "state", "gates", "timeout"),
    *("rounds", "size", "budget"),
)
"""The fields that shape work: what an item gets of the one that it is like. Not what that belongs to or came to."""
LIMITS = ("turns", "minutes", "tokens", "usd")
KNOBS = (
    *("wip", "review", "mode", "gates", "pace", "rounds", "reentries", "timeout", "size", "layers"),
    *("drift", "rests"),
    *(f"budget.{limit}" for limit in LIMITS),
    *(f"budget.day.{limit}" for limit in LIMITS),
    *("agent", "model", "opinion", "verify", "exit", "protect", "reports", "hooks", "sign"),
)
"""The controls that `set` may write: all but those that are verbs of their own, or written by hand for their weight."""
