"""Dead ends of `after:`: why an item waits for what never comes, as the document stands (R39, R41). Pure."""

from __future__ import annotations

from collections.abc import Mapping

from cockpit.spec.document import Document
from cockpit.spec.item import Item, Mark


def named(document: Document) -> dict[str, Item]:
    """The items that some `after:` names, by id."""
    names = {name for each in document.after.values() for name in each}
    return {item.id: item for item in document.walk() if item.id in names} if names else {}


def dead_end(item: Item, document: Document, known: Mapping[str, Item]) -> str:
    """Why the item never comes to its turn; empty when it may. `known` is what `named` gives."""
    if item.id in document.circular:
        return "waits for itself in a circle of after:"
    for name in document.after.get(item.id, ()):
        other = known.get(name)
        if other is None:
            return f"waits for {name}, which is not in the spec"
        if other.mark is Mark.STRUCK:
            return f"waits for {name}, which was struck"
    return ""
