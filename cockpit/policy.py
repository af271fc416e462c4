"""Six questions of an item, each answered in a line with the control that changes it (R72 to R77). Pure.

Whose turn it is, what counts as done, what evidence lets the loop go on, what pauses it, what is committed, what is
promoted. docs/loop.md says the same of all items.
"""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.clean import line
from cockpit.spec import Controls, Document, Item, Mark, fields, gates
from cockpit.verbs import BY_NAME

TRUNKS = ("main", "master", "trunk")


@dataclass(frozen=True, slots=True)
class Now:
    """What the engine knows beside the document."""

    waits: str = ""
    """What the item waits for, in words; empty when it could run."""
    fence: str = ""
    """The fence that holds the loop, with its words; empty when none does."""
    target: str = ""
    """Short name of the branch that results go to."""


def six(document: Document, item: Item, now: Now) -> list[tuple[str, str]]:
    """The six rows, label and words; each names in brackets what changes it."""
    controls = document.controls
    return [
        ("next turn", _turn(item, controls, now)),
        ("done when", _done(item, controls, now)),
        ("goes on", _evidence(item, controls)),
        ("pauses", _pauses(item, controls, now)),
        ("commits", _commits(item, controls, now)),
        ("promotes", f"what its answer found out, when you say so ({_key('promote')}; all of it: cockpit learn)"),
    ]


def _turn(item: Item, controls: Controls, now: Now) -> str:
    verdict = item.value("verdict")
    match item.mark:
        case Mark.RUNNING:
            return f"the delegate's ({_key('interrupt')}, {_key('steer')})"
        case Mark.OPEN if now.waits:
            return f"the loop's, not yet: {line(now.waits, 120)} (after:, agent:, {_key('move')})"
        case Mark.OPEN:
            return f"the loop's: it dispatches {line(item.value('agent') or controls.agent, 30)} (agent:, wip:)"
        case Mark.BLOCKED:
            return f"yours: mend what why: says ({_key('iterate')}, {_key('strike')})"
        case Mark.NEEDS_YOU if gates.at_scope(item):
            return f"yours: its brief waits ({_key('accept')}; gates: without scope leaves it to the loop)"
        case Mark.NEEDS_YOU if item.value("asks") or item.value("permission"):
            return f"yours: it asks ({_key('iterate')} answers, {_key('allow')} permits)"
        case Mark.NEEDS_YOU if verdict:
            return f"the loop's: you said {line(verdict, 30)} ({_key('undo')})"
        case Mark.NEEDS_YOU if item.value("why") or "verdict" in gates.closed(item, controls):
            keys = ", ".join(_key(name) for name in ("accept", "iterate", "reject"))
            return f"yours: it waits for your verdict ({keys}; gates:)"
        case Mark.NEEDS_YOU:
            return "the loop's: it judges by the stated rule (mode:, gates:)"
        case _:
            return f"nobody's: it is over ({_key('add')} the next one)"


def _done(item: Item, controls: Controls, now: Now) -> str:
    for key in ("merged", "proof"):
        if item.mark is Mark.DONE and item.value(key):
            return f"it is: {key} {line(item.value(key), 60)}"
    commands = fields.commands(item, controls)
    proof = ", ".join(f"`{line(command, 50)}`" for command in commands[:2]) + (" ..." if len(commands) > 2 else "")
    if fields.worldly(item):
        return f"{proof or 'its state'} passes, and you accept it (state:); nothing is merged"
    met = ", ".join(fields.accept_ids(item)[:4])
    passes = f"{proof} passes" if proof else "nothing verifies it yet"
    asked = f", {met} met" if met else ""
    return f"merged into {_target(controls, now)}: {passes}{asked} (verify:, accept:, exit:)"


def _evidence(item: Item, controls: Controls) -> str:
    own = "your yes" if "verdict" in gates.closed(item, controls) else "the stated rule's yes"
    rounds = fields.rounds(item, controls)
    return f"fourteen checks that recommend accept, and {own}; at most {rounds} rounds (checks:, gates:, rounds:)"


def _pauses(item: Item, controls: Controls, now: Now) -> str:
    own = "its budget:, " if item.value("budget") else ""
    if now.fence:
        return f"now {line(now.fence, 200)}"
    return f"nothing now ({own}budget:, review: {controls.review}, pace:, checks: {{off: [base]}}, {_key('loop hold')})"


def _commits(item: Item, controls: Controls, now: Now) -> str:
    branch = line(item.value("branch"), 60) or "its delegate's branch"
    result = f"{branch} as a merge into {_target(controls, now)}"
    if fields.worldly(item):
        result = "nothing of its branch"
    return f"each act on the spec alone, signed by who and why; {result} (exit:, hooks: {controls.hooks})"


def _target(controls: Controls, now: Now) -> str:
    """Where results go; on a trunk that is a feature branch, which its first dispatch makes."""
    unmade = controls.exit == "feature" and not controls.feature and now.target in TRUNKS
    return "a feature branch" if unmade else line(now.target, 60) or "its target"


def _key(verb: str) -> str:
    """`a accept`."""
    return f"{BY_NAME[verb].key} {verb}"
