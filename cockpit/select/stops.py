"""Stops of an agent that nobody needed: told apart from those that a human must hear, and gone on from (R169). Pure.

Warranted is what the answer says is: `asks`, `blocked`, `escalate` go to the human and are never prompted again (R192).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cockpit.clean import line
from cockpit.facts import Turn
from cockpit.select.fences import Fence
from cockpit.select.steps import Again, Review, Step
from cockpit.spec import Item

MIDWAY = (
    r"\b(?:shall|should|may|can|do you want me to|would you like me to|want me to) (?:i )?(?:now )?"
    r"(?:go on|continue|proceed|keep going|carry on)\b[^.!]*\?",
    r"\bi(?:'ve| have)? (?:stopped|paused) (?:here|midway|halfway|for now)\b",
    r"\bi(?:'ll| will) (?:continue|finish|do the rest|go on)\b.{0,40}\bnext (?:turn|session|step|message|round)\b",
    r"\bready to (?:continue|proceed|go on) (?:when|once|if) you\b",
    r"\blet me know (?:if|when|whether) (?:you(?:'d| would)? (?:like|want) me|i should) (?:to )?(?:continue|proceed)\b",
)
"""What an agent says that stopped before it was done, in its summary; a row a habit."""
_MIDWAY = re.compile("|".join(MIDWAY), re.IGNORECASE)
FREE = (
    "checking",
    "pace",
    "rest",
    "drift",
    "capacity",
    "target",
    "plateau",
    "drained",
    "waiting",
    "interrupt",
    "blocked",
    "quota",
    "login",
)
"""Fences that keep new heads away, not what has begun."""

AGAIN = {
    "no answer": "You stopped without an answer.",
    "malformed answer": "You stopped with an answer that cannot be read.",
    "stopped midway": "You stopped before the task was done.",
}


def unwarranted(turn: Turn) -> str:
    """Why the end of the turn is a stop that nobody needed, in two words; empty when it is none."""
    end, answer = turn.sentinel, turn.answer
    if end is None or end.outcome != "finished":
        return ""
    if "answer.json" in turn.broken:
        return "malformed answer"
    if answer is None:
        return "no answer"
    return "stopped midway" if answer.status == "done" and _MIDWAY.search(answer.summary) else ""


def again(turn: Turn, item: Item, earlier: Sequence[Turn], cap: int) -> Again | None:
    """The next turn by itself, up to `cap` in a row; a turn that was reviewed, or ended otherwise, begins a new row."""
    why = unwarranted(turn)
    if not why or turn.review is not None:
        return None
    row = 1
    for before in reversed(earlier):
        if before.review is not None or not unwarranted(before):
            break
        row += 1
    return Again(turn, item, f"turn {turn.number}, {why} ({row} of {cap})") if row <= cap else None


def within(closed: Fence | None, step: Step) -> Step:
    """The step as it may be done: a closed fence lets nothing go on by itself, the result is reviewed as it is."""
    if isinstance(step, Again) and closed is not None and closed.name not in FREE:
        return Review(step.turn, step.item)
    return step


def told(turn: Turn) -> str:
    """What the next brief says of such a stop, or of a limit that ended the turn; empty when it ended otherwise."""
    if turn.sentinel is not None and turn.sentinel.pause:
        return "A limit of the model's service cut you short; it is over. Go on where you were."
    why = AGAIN.get(unwarranted(turn), "") if turn.review is None else ""
    if not why:
        return ""
    if wrong := turn.broken.get("answer.json"):
        why = f"{why.removesuffix('.')} ({line(wrong, 200)}): write it anew, in the form that *What to hand in* has."
    return (
        f"{why} Nobody needs to be asked whether to go on: go on with the task from where you are. When it is done and"
        " committed, write `.cockpit/answer.json`. If you cannot or must not go on, say so there: `asks` with the"
        " question, `blocked` or `escalate` with the reason. These are respected answers."
    )
