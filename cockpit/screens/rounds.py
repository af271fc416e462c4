"""The rounds of an item as the review's screen tells them: how much each found, so that one sees them come together."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit import facts
from cockpit.paths import Places
from cockpit.rounds import count, stuck
from widgets.status_line import Segment

SHOWN = 6


def reviewed(places: Places, turn: facts.Turn) -> list[facts.Turn]:
    """The reviewed turns of an item up to this one, in order. Reads files, so call it in a thread."""
    earlier = (facts.load(places.turn(turn.item, number)) for number in range(1, turn.number))
    return [one for one in (*earlier, turn) if one is not None and one.review is not None]


def told(turns: Sequence[facts.Turn], number: int, cap: int) -> list[Segment]:
    """`round 3 of 4: 5 → 2 → 2 findings`, a warning when no further round helps; nothing in the first (R162)."""
    if number < 2:
        return []
    counts = " → ".join(str(count(turn.review)) for turn in turns[-SHOWN:] if turn.review is not None)
    words = f"round {number} of {cap}" + (f": {counts} findings" if len(turns) > 1 else "")
    return [Segment(words, "warn" if stuck(turns, cap) else "", 6)]
