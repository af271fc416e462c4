"""The goal pass: which items could run now, and for the others what they wait for (R38 to R41)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cockpit.spec import Document, Item, Mark, contest, contested
from cockpit.spec.fields import after_ids


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one queue item stands. `waits` is empty when it could be dispatched now."""

    item: Item
    waits: str


def standings(document: Document) -> list[Standing]:
    """Every item of the queue, nested ones included, in document order, with what it waits for."""
    known: Mapping[str, Item] = {item.id: item for item in document.walk()}
    seen: dict[str, int] = {}
    for item in document.walk():
        seen[item.id] = seen.get(item.id, 0) + 1
    circle = _circles(known)
    queue = {item.id for item in document.queue}
    contests = contested(document)
    answers: list[Standing] = []
    for item in document.walk():
        if item.id not in queue:
            continue
        answers.append(Standing(item, _waits(item, known, circle, seen) or contest(item, contests)))
    return answers


def _waits(item: Item, known: Mapping[str, Item], circle: frozenset[str], seen: Mapping[str, int]) -> str:
    marks = {
        Mark.RUNNING: "is running",
        Mark.NEEDS_YOU: "needs you",
        Mark.DONE: "is done",
        Mark.STRUCK: "is struck",
        Mark.DEFERRED: "is deferred",
        Mark.BLOCKED: "is blocked",
    }
    if item.mark in marks:
        return marks[item.mark]
    if not item.text.strip():
        return "has no text"
    if seen[item.id] > 1:
        return f"shares its id {item.id} with another item"
    if item.id in circle:
        return "waits for itself in a circle of after:"
    for name in after_ids(item):
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


def _circles(known: Mapping[str, Item]) -> frozenset[str]:
    """Ids that reach themselves through `after:`."""
    found: set[str] = set()
    for start in known:
        seen: set[str] = set()
        waiting = list(after_ids(known[start]))
        while waiting:
            name = waiting.pop()
            if name == start:
                found.add(start)
                break
            if name not in seen and name in known:
                seen.add(name)
                waiting.extend(after_ids(known[name]))
    return frozenset(found)
