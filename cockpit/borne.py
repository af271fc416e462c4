"""Which decisions of a turn's document its findings bear out: what was settled before, caught something (R290).

From facts alone: the document that the turn's brief was made from, and the review of its result. A decision that was
written down after the brief went out earns nothing by it.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cockpit import facts
from cockpit.clean import line
from cockpit.facts import Review, Spot, Turn
from cockpit.paths import Places
from cockpit.persist import journal
from cockpit.spec import SpecError, parse
from cockpit.spec.rulings import Ruling, rulings

WORDS = ("", "iterate")
"""Keys of rulings that are words of the human's."""


@dataclass(frozen=True, slots=True)
class Borne:
    """A finding that bears a ruling out."""

    ruling: Ruling
    check: int
    """0 for what the answer claims, or what the target took the ground from."""
    spots: tuple[Spot, ...]
    words: str
    """What was found, where no place was; cleaned."""

    @property
    def told(self) -> str:
        """`d3 decided this: “...”`, with how many places where they are several."""
        many = f" ({len(self.spots)} places)" if len(self.spots) > 1 else ""
        return f"{self.ruling.source} decided this: “{line(self.ruling.words, 200)}”{many}"

    @property
    def caught(self) -> str:
        """What was found, on one line: `check 9, src/a.py:3: is changed`."""
        first = next(iter(self.spots), None)
        place = f"{line(first.path, 120)}{f':{first.line}' if first.line else ''}" if first else ""
        many = f" and {len(self.spots) - 1} more" if len(self.spots) > 1 else ""
        found = ": ".join(filter(None, (f"{place}{many}", line(first.what, 120) if first else self.words)))
        return f"check {self.check}, {found}" if self.check else found


def borne_out(review: Review, decided: Sequence[Ruling]) -> list[Borne]:
    """For each finding of the review the rulings that it bears out, in the order of the checks. Pure.

    Findings are the places of a check that failed, or its evidence where it names none, claims of the answer that are
    wrong, and claims of the item that hold no longer. What a check that passed found worth a look is one too where a
    decision or a note names it: that says how much it matters. A field is held by its check alone.
    """
    found: list[Borne] = []
    for check in review.checks:
        failed = check.result == "fail"
        for ruling in decided:
            if not failed and (check.result != "pass" or ruling.key not in WORDS):
                continue
            spots = tuple(spot for spot in check.spots if ruling.rules(check.number, spot.path, spot.what))
            bare = failed and not check.spots and ruling.rules(check.number, "", check.evidence)
            if spots or bare:
                found.append(Borne(ruling, check.number, spots, line(check.evidence, 200)))
    said = [f"it claims {claim.words}: {claim.mark}" for claim in review.claims if claim.wrong]
    for words in (*said, *review.notes):
        found += [Borne(ruling, 0, (), line(words, 200)) for ruling in decided if ruling.rules(0, "", words)]
    return found


def of_turn(places: Places, turn: Turn) -> list[Borne]:
    """Those of one turn; none where it has no review, or git has forgotten the document of its brief."""
    if turn.review is None or not turn.dispatch.spec:
        return []
    return borne_out(turn.review, _decided(places, turn.dispatch.spec, turn.item))


def of_all(places: Places) -> Iterator[tuple[Turn, Borne]]:
    """Those of all turns whose facts are there, item by item, in the order of the turns."""
    for turn in facts.every(places.delegates):
        for each in of_turn(places, turn):
            yield turn, each


def by_decision(places: Places) -> dict[str, list[tuple[Turn, Borne]]]:
    """What each decision of the document caught so far, by its id."""
    found: dict[str, list[tuple[Turn, Borne]]] = {}
    for turn, each in of_all(places):
        if not each.ruling.key:
            found.setdefault(each.ruling.id, []).append((turn, each))
    return found


def told(places: Places) -> dict[str, list[str]]:
    """The same in words: `q1 turn 2: check 9, src/a.py:3: is changed`."""
    return {
        id: [f"{turn.item} turn {turn.number}: {each.caught}" for turn, each in found]
        for id, found in by_decision(places).items()
    }


@functools.lru_cache(maxsize=128)
def _decided(places: Places, blob: str, item: str) -> tuple[Ruling, ...]:
    """What held when that version of the document was briefed; a version never changes."""
    data = journal.read(places, blob)
    try:
        document = parse(data) if data is not None else None
    except SpecError:
        document = None
    return tuple(rulings(document, document.item(item))) if document is not None else ()
