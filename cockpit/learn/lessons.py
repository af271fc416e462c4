"""All that was learned, each with the file and line where it can be read, edited and reverted (R105)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from cockpit.clean import line
from cockpit.learn.repeats import Offer
from cockpit.spec import Document, Kind, decisions
from cockpit.spec.corrections import Correction
from cockpit.spec.decisions import State
from cockpit.spec.failures import open_failures
from cockpit.spec.references import references

Sort = Literal["decision", "question", "offer", "runbook", "failure", "correction"]


@dataclass(frozen=True, slots=True)
class Lesson:
    """One thing learned, or on offer. All words are clean."""

    sort: Sort
    id: str
    """Id of the item, key of the offer, path of the runbook, or the turn that was corrected."""
    words: str
    because: str
    """Its reason, or where it was seen; empty when nothing is told."""
    where: str
    """`SPEC.md:12`; empty for an offer, which is nowhere yet."""
    seen: int | None = None
    """How often it was seen, of offers and runbooks; None when that is not known."""
    caught: tuple[str, ...] = ()
    """What a decision caught so far, each finding with its turn (R290)."""


def lessons(
    document: Document,
    spec_name: str,
    offers: Iterable[Offer] = (),
    seen: Mapping[str, int] | None = None,
    corrections: Sequence[Correction] = (),
    caught: Mapping[str, Sequence[str]] | None = None,
) -> list[Lesson]:
    """Decisions that stand, questions that are open, offers, runbooks, failures that are open, words not told yet.

    `seen` is how often the procedure of a runbook was seen, by the path that its line names; `caught` what a decision
    caught, by its id.
    """
    found = [*_decided(document, spec_name, caught or {}), *_offered(offers)]
    for entry in references(document, Kind.RUNBOOKS):
        place = f"{spec_name}:{entry.line}"
        found.append(_lesson("runbook", entry.target, entry.words, "", place, (seen or {}).get(entry.target)))
    for failure in open_failures(document):
        words = f"{failure.key} {failure.words}".strip()
        found.append(_lesson("failure", failure.item.id, words, failure.source, f"{spec_name}:{failure.item.line}"))
    for entry in corrections:
        turn = f"{entry.item} turn {entry.turn}"
        found.append(_lesson("correction", turn, entry.words, "", f"{spec_name}:{entry.line}"))
    return found


def _decided(document: Document, spec_name: str, caught: Mapping[str, Sequence[str]]) -> Iterator[Lesson]:
    sorts: dict[State, Sort] = {"standing": "decision", "open": "question"}
    for state, sort in sorts.items():
        for entry in decisions(document):
            if entry.state == state:
                because = entry.because or (f"recommended: {entry.recommended}" if entry.recommended else "")
                found = _lesson(sort, entry.id, entry.text, because, f"{spec_name}:{entry.line}")
                yield replace(found, caught=tuple(line(words, 300) for words in caught.get(entry.id, ())))


def _offered(offers: Iterable[Offer]) -> Iterator[Lesson]:
    for offer in offers:
        where = "; ".join(told.partition(": ")[0] for told in offer.seen[:5])
        yield _lesson("offer", offer.key, offer.words, where, "", len(offer.seen))


def _lesson(sort: Sort, id: str, words: str, because: str, where: str, seen: int | None = None) -> Lesson:
    return Lesson(sort, line(id, 120), line(words, 300), line(because, 300), line(where, 200), seen)
