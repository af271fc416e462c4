"""The goal pass: which items could run now, and for the others what they wait for (R38 to R41)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from cockpit.select import budgets
from cockpit.select.phases import waits
from cockpit.spec import Document, Item, Kind, Mark, contest, contested, fields, gates
from cockpit.spec.ends import dead_end, named
from cockpit.spec.phases import is_phased


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one queue item stands. `waits` is empty when it could be dispatched now."""

    item: Item
    waits: str
    never: bool = False
    """Nothing that is under way ends that: only an edit of the spec does."""


def standings(document: Document) -> list[Standing]:
    """Every outermost item of the queue in document order, with what it waits for; for a phased one its phases.

    What is over, or in motion, costs a look at its mark.
    """
    known = named(document)
    contests = contested(document)
    found: list[Standing] = []
    for item in document.queue:
        if is_phased(item) and item.mark is not Mark.DONE:
            wrong = _wrong(item, document, known)
            outer = wrong or _waits(item, document, known) or contest(item, contests)
            each = [_standing(phase, _word(phase) or before, document, known) for phase, before in waits(item, outer)]
            found += [replace(entry, never=True) for entry in each[:1] if wrong] or each[:1]
            found += each[1:]
        else:
            entry = _standing(item, _word(item), document, known)
            found.append(entry if entry.waits else Standing(item, contest(item, contests)))
    return found


def _standing(item: Item, before: str, document: Document, known: Mapping[str, Item]) -> Standing:
    """What the item waits for: `before` all else, where that says something."""
    if before:
        return Standing(item, before)
    if wrong := _wrong(item, document, known):
        return Standing(item, wrong, never=True)
    return Standing(item, _waits(item, document, known))


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


def _wrong(item: Item, document: Document, known: Mapping[str, Item]) -> str:
    """Why the item can never run as the spec is; empty when it can."""
    if not item.text.strip():
        return "has no text"
    if item.id in document.shared:
        return f"shares its id {item.id} with another item"
    if never := dead_end(item, document, known):
        return never
    return budgets.UNREADABLE if fields.budget(item) is None else ""


def _waits(item: Item, document: Document, known: Mapping[str, Item]) -> str:
    """What an item that can run waits for."""
    for name in document.after.get(item.id, ()):
        other = known[name]
        if other.mark is Mark.DONE and (not other.value("branch") or other.value("merged") or other.value("proof")):
            continue
        if other.section is Kind.DECISIONS:
            return f"waits for {name}, a decision that is open"
        held = _HELD.get(other.mark, "")
        return f"waits for {name}" + (f", which is {held}" if held else "")
    return ""


_HELD = {Mark.DEFERRED: "deferred", Mark.BLOCKED: "blocked"}
