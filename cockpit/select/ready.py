"""The goal pass: which items could run now, and for the others what they wait for (R38 to R41)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cockpit.select.phases import waits
from cockpit.spec import Document, Item, Mark, contest, contested, gates
from cockpit.spec.phases import is_phased


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one queue item stands. `waits` is empty when it could be dispatched now."""

    item: Item
    waits: str


def standings(document: Document) -> list[Standing]:
    """Every outermost item of the queue in document order, with what it waits for; for a phased one its phases.

    What is over, or in motion, costs a look at its mark.
    """
    after = document.after
    named = {name for names in after.values() for name in names}
    known = {item.id: item for item in document.walk() if item.id in named} if named else {}
    contests = contested(document)
    found: list[Standing] = []
    for item in document.queue:
        if is_phased(item) and item.mark is not Mark.DONE:
            outer = _waits(item, document, known) or contest(item, contests)
            found += (
                Standing(phase, _word(phase) or before or _waits(phase, document, known))
                for phase, before in waits(item, outer)
            )
        else:
            words = _word(item) or _waits(item, document, known) or contest(item, contests)
            found.append(Standing(item, words))
    return found


def _word(item: Item) -> str:
    return "its brief waits for you" if gates.at_scope(item) else _WORDS.get(item.mark, "")


_WORDS = {
    Mark.RUNNING: "is running",
    Mark.NEEDS_YOU: "needs you",
    Mark.DONE: "is done",
    Mark.STRUCK: "is struck",
    Mark.DEFERRED: "is deferred",
    Mark.BLOCKED: "is blocked",
}


def _waits(item: Item, document: Document, known: Mapping[str, Item]) -> str:
    if not item.text.strip():
        return "has no text"
    if item.id in document.shared:
        return f"shares its id {item.id} with another item"
    if item.id in document.circular:
        return "waits for itself in a circle of after:"
    for name in document.after.get(item.id, ()):
        other = known.get(name)
        if other is None:
            return f"waits for {name}, which is not in the spec"
        if other.mark is Mark.STRUCK:
            return f"waits for {name}, which was struck"
        if other.mark is not Mark.DONE or (
            other.value("branch") and not (other.value("merged") or other.value("proof"))
        ):
            return f"waits for {name}"
    return ""
