"""An item in phases: `phased: on`, and its nested checkboxes are done one after the other (R270, R186). Pure."""

from __future__ import annotations

from cockpit.spec.document import Document
from cockpit.spec.item import Item, Kind, Mark

INHERITED = (
    *("accept", "agent", "gates", "keep", "kind", "model", "openspec", "opinion", "paths", "protect", "timeout"),
    "verify",
)
"""Fields of the item that hold for each of its phases, where the phase has none of that name itself."""


def is_phased(item: Item) -> bool:
    """Whether it goes phase by phase: it says so, and has a checkbox below it."""
    return item.value("phased").strip("`").lower() in ("on", "yes", "true") and bool(item.children)


def phases(item: Item) -> list[Item]:
    """Its phases in order, to be read: each with what it inherits. Edits find them by their ids."""
    return [child.inheriting(item, INHERITED) for child in item.children] if is_phased(item) else []


def parent(document: Document, item: Item) -> Item | None:
    """The item of the queue whose phase this is; None for all others."""
    above = document.above(document.item(item.id) or item)
    outermost = above is not None and above.section is Kind.QUEUE and document.above(above) is None
    return above if above is not None and outermost and is_phased(above) else None


def whole(document: Document, item: Item) -> Item:
    """The item, to be read: with what it inherits if it is a phase."""
    above = parent(document, item)
    return item.inheriting(above, INHERITED) if above is not None else item


def in_the_way(phase: Item) -> str:
    """Why the phases behind this one wait, in words; empty when it is over."""
    merged = not phase.value("branch") or phase.value("merged") or phase.value("proof")
    if phase.mark is Mark.DONE and merged:
        return ""
    if phase.mark is Mark.STRUCK:
        rejected = phase.value("verdict").startswith("reject")
        return f"waits for phase {phase.id}, which was rejected" if rejected else ""
    return f"waits for phase {phase.id}"
