"""Whether an item should be thought over: its agent hesitates, or says now this and now that (R166). Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from cockpit.clean import line
from cockpit.facts import Answer, Turn
from cockpit.sense.events import Event, safe

HEDGES = 3
"""Words of doubt in one answer that make a hesitation; one or two are honesty."""
MUTE = 3
"""Turns in a row without an answer that can be read."""
_DOUBT = re.compile(
    r"\b(?:not (?:entirely |quite )?sure|unsure|uncertain|unclear|maybe|perhaps|possibly|probably|presumably|hopefully"
    r"|might|i (?:think|guess|assume|hope)|should (?:probably )?work|hard to (?:say|tell))\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{3,}")


def rethink_event(item: str, turns: Sequence[Turn], at: float) -> Event:
    """Open while the item's `turns` (in order) say so, else closed; it only tells, it pauses nothing."""
    ended = [turn for turn in turns if turn.sentinel is not None and turn.sentinel.outcome == "finished"]
    words = _mute(ended) or _contradicts([turn.answer for turn in ended if turn.answer]) or _hesitates(ended)
    event = Event(
        source="delegate",
        kind="loop",
        key=f"loop/rethink/{item}",
        state="open" if words else "closed",
        what=f"rethink {item}: {words}" if words else "no longer",
        at=at,
        item=item,
        delegate=item,
        level="warning",
        evidence="its agent hesitates or contradicts itself" if words else "",
        action="reword",
        attrs={"loop": "rethink"},
    )
    return safe(event, at)


def _mute(ended: Sequence[Turn]) -> str:
    last = ended[-MUTE:]
    if len(last) < MUTE or any(turn.answer for turn in last):
        return ""
    wrong = [words for turn in last if (words := turn.broken.get("answer.json"))]
    if not wrong:
        return f"{MUTE} turns in a row left no answer"
    count = MUTE if len(wrong) == MUTE else f"{len(wrong)} of {MUTE}"
    return f"{count} turns in a row left an answer that cannot be read: {line(wrong[-1], 120)}"


def _contradicts(answers: Sequence[Answer]) -> str:
    """The last two answers: done and then not, or the same question again."""
    for before, now in list(pairwise(answers))[-1:]:
        if before.status == "done" and now.status in ("blocked", "escalate"):
            return f"it was done, now it is {now.status}: {line(now.summary, 80)}"
        if before.status == now.status == "asks" and _alike(before.question, now.question):
            return f"it asks the same again: {line(now.question, 80)}"
    return ""


def _alike(one: str, other: str) -> bool:
    a, b = (frozenset(_WORD.findall(words.casefold())) for words in (one, other))
    return bool(a and b) and len(a & b) >= 0.6 * max(len(a), len(b))


def _hesitates(ended: Sequence[Turn]) -> str:
    answer = ended[-1].answer if ended else None
    if answer is None or answer.status != "done":
        return ""
    doubts = [found.casefold() for found in _DOUBT.findall(" ".join((answer.summary, *answer.claims)))]
    return f"its answer doubts: {', '.join(dict.fromkeys(doubts))}" if len(doubts) >= HEDGES else ""
