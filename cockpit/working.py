"""The first working path: the first result under this goal that was merged with a green verification (R109).

Nothing is kept for it: each turn's facts have the goal that it was dispatched under, its verdict and its merge, and git
says whether that merge is still in what results go to. Whether it still works is for the proof of the base to say.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass

from cockpit import facts, persist
from cockpit.clean import line
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist.heads import heads
from cockpit.spec import Document, Mark


@dataclass(frozen=True, slots=True)
class Working:
    """What carried the goal first."""

    item: str
    text: str
    turn: int
    commit: str
    """The merge, or the result itself where it was brought in without one."""
    at: float
    """When it was merged, epoch seconds."""
    ran: tuple[str, ...]
    """The commands that were green on the tree of that merge."""

    @property
    def words(self) -> str:
        """`q1 Cap the retries · merged as 997a00e55436 · green then: pytest -q`."""
        ran = f" · green then: {', '.join(line(one, 80) for one in self.ran)}" if self.ran else ""
        return f"{self.item} {line(self.text, 100)} · merged as {self.commit[:12]}{ran}"


def first(places: Places, document: Document, turns: Iterable[facts.Turn]) -> Working | None:
    """None while nothing under the goal as it reads now has come so far, or git cannot be asked. Runs git."""
    found = candidates(document, turns)
    try:
        return next((one for one, turn in found if _in(places, one.commit, turn)), None)
    except CockpitError:
        return None


def candidates(document: Document, turns: Iterable[facts.Turn]) -> list[tuple[Working, facts.Turn]]:
    """Results under the goal whose verification passed and that the spec does not say are open, oldest first. Pure."""
    goal = facts.digest(document.goal)
    found: list[tuple[Working, facts.Turn]] = []
    for turn in turns if document.goal.strip() else ():
        item, review = document.item(turn.item), turn.review
        if turn.dispatch.goal != goal or review is None or review.head == turn.dispatch.base:
            continue
        if item is not None and item.mark is not Mark.DONE:
            continue
        if not any(check.number == 2 and check.result == "pass" for check in review.checks):
            continue
        at, commit = (turn.merge.at, turn.merge.commit) if turn.merge is not None else (review.at, review.head)
        green = tuple(command for command, end in review.ran.items() if end == "exit 0")
        ran = tuple(command for command in turn.dispatch.verify if command in green) or green
        text = item.text if item is not None else turn.dispatch.text
        found.append((Working(turn.item, text, turn.number, commit, at, ran), turn))
    return sorted(found, key=lambda entry: entry[0].at)


def _in(places: Places, commit: str, turn: facts.Turn) -> bool:
    """Whether the result is in its target; in the branch that the spec was on where a feature branch is gone."""
    tips = heads(places, [turn.dispatch.target, turn.home])
    tip = tips.get(turn.dispatch.target) or tips.get(turn.home)
    return tip is not None and _reaches(places, commit, tip)


@functools.lru_cache(maxsize=64)
def _reaches(places: Places, commit: str, tip: str) -> bool:
    return persist.tip(places, commit) is not None and persist.is_merged(places, commit, tip)
