"""The rounds of an item: what each review found, so that one sees whether they come together (R162)."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit import facts
from cockpit.paths import Places


@dataclass(frozen=True, slots=True)
class Round:
    """A turn that was reviewed."""

    number: int
    head: str
    findings: int
    """Checks that failed or broke."""


def rounds(places: Places, turn: facts.Turn) -> list[Round]:
    """The reviewed turns of an item up to this one, in order. Reads files, so call it in a thread."""
    earlier = (facts.load(places.turn(turn.item, number)) for number in range(1, turn.number))
    found: list[Round] = []
    for one in (*earlier, turn):
        if one is not None and one.review is not None:
            bad = sum(check.result in ("fail", "broken") for check in one.review.checks)
            found.append(Round(one.number, one.review.head, bad))
    return found


def words(found: list[Round], turn: int, most: int = 0) -> str:
    """`round 3 of 4: 5 → 2 → 2 findings`; empty for the only one."""
    if turn < 2 and not most:
        return ""
    told = " → ".join(str(one.findings) for one in found[-6:])
    return f"round {turn}{f' of {most}' if most else ''}" + (f": {told} findings" if len(found) > 1 else "")
