"""What one check says: a result, its evidence in words, the places it speaks of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cockpit.clean import line
from cockpit.facts import Result, Spot

SHOWN = 5
"""Places that the evidence names; all are in the spots."""
KEPT = 200
"""Spots of one check."""


class Finding(NamedTuple):
    """The result of one check."""

    result: Result
    evidence: str
    spots: tuple[Spot, ...] = ()


def told(bad: Sequence[Spot], notes: Sequence[Spot], *, fine: str, remedy: str) -> Finding:
    """Fail with what is proved; what is only suspected is a note and passes. Else `fine` says what was seen."""
    if bad:
        return Finding("fail", f"{_words(bad)}; {remedy}", _kept(bad))
    if notes:
        return Finding("pass", f"to look at: {_words(notes)}", _kept(notes))
    return Finding("pass", fine)


def place(spot: Spot) -> str:
    """`src/a.py:12`."""
    return line(spot.path, 120) + (f":{spot.line}" if spot.line else "")


def _words(spots: Sequence[Spot]) -> str:
    more = f" and {len(spots) - SHOWN} more" if len(spots) > SHOWN else ""
    return ", ".join(f"{place(spot)} {line(spot.what, 120)}".strip() for spot in spots[:SHOWN]) + more


def _kept(spots: Sequence[Spot]) -> tuple[Spot, ...]:
    return tuple(Spot(line(spot.path, 1000), spot.line, line(spot.what, 200), spot.gone) for spot in spots[:KEPT])
