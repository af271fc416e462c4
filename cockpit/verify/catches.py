"""What each check cost and caught so far: one that never caught anything can be retired (R187, R288). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cockpit.facts import Review


@dataclass(frozen=True, slots=True)
class Catch:
    """One check over all verdicts there are."""

    number: int
    name: str
    ran: int
    """Verdicts in which it had something to judge."""
    caught: int
    """How many of them it failed."""
    broken: int
    seconds: float
    """Spent on it in all."""


def catches(reviews: Iterable[Review]) -> list[Catch]:
    """Each check that any of these verdicts holds, by its number."""
    found: dict[int, Catch] = {}
    for check in (check for review in reviews for check in review.checks):
        was = found.get(check.number, Catch(check.number, check.name, 0, 0, 0, 0.0))
        found[check.number] = Catch(
            check.number,
            check.name,
            was.ran + (check.result != "n/a"),
            was.caught + (check.result == "fail"),
            was.broken + (check.result == "broken"),
            was.seconds + check.seconds,
        )
    return [found[number] for number in sorted(found)]
