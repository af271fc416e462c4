"""What the item above does while its phases are done: its mark follows theirs. Pure, told from the document alone."""

from __future__ import annotations

from collections.abc import Iterator

from cockpit.select.steps import Follow
from cockpit.spec import Document, Item, Mark
from cockpit.spec.phases import in_the_way, is_phased, phases

OURS = "phase "
"""How the `why:` begins that we write; any other is the human's."""


def follow(item: Item) -> Follow | None:
    """The step that brings a phased item's mark to what its phases say; None when it is there, or the human's word."""
    if not is_phased(item) or item.mark in (Mark.STRUCK, Mark.DEFERRED, Mark.DONE, Mark.NEEDS_YOU):
        return None
    if item.mark is Mark.BLOCKED and not item.value("why").startswith(OURS):
        return None
    mark, words = _meant(item)
    said = item.value("why") if item.mark is Mark.BLOCKED else ""
    return Follow(item, mark, words) if (mark, words) != (item.mark, said) else None


def _meant(item: Item) -> tuple[Mark, str]:
    held = next((phase for phase in item.children if in_the_way(phase)), None)
    if held is None and any(phase.mark is Mark.DONE for phase in item.children):
        return Mark.DONE, next((done for phase in reversed(item.children) if (done := phase.value("merged"))), "")
    if held is not None and held.mark is Mark.STRUCK:
        return Mark.BLOCKED, f"{OURS}{held.id} was rejected: iterate it, or strike it to go on without it"
    if held is not None and held.mark is Mark.BLOCKED:
        return Mark.BLOCKED, f"{OURS}{held.id}: {held.value('why') or 'is blocked'}"
    begun = any(phase.mark is not Mark.OPEN or phase.value("branch") for phase in item.children)
    return (Mark.RUNNING if begun else Mark.OPEN), ""


def halted(item: Item) -> bool:
    """Whether the human stopped the whole: the phase that runs is interrupted."""
    if item.mark is Mark.BLOCKED:
        return not item.value("why").startswith(OURS)
    return item.mark in (Mark.STRUCK, Mark.DEFERRED)


def waits(item: Item, outer: str) -> Iterator[tuple[Item, str]]:
    """Each phase with what an open one waits for: `outer` for the whole item, else the phase before it."""
    before = f"waits: {item.id} is stopped" if halted(item) else outer
    for phase in phases(item):
        yield phase, before
        before = before or in_the_way(phase)


def following(document: Document) -> list[Follow]:
    """The steps of all phased items of the queue."""
    return [step for item in document.queue if item.touched and (step := follow(item)) is not None]
