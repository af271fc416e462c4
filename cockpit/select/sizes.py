"""An item that looks too large is put to the human before it is sent, and sent once that is no longer so (R164)."""

from __future__ import annotations

from cockpit.select.steps import Oversize, World
from cockpit.spec import Document, Item, Mark
from cockpit.spec.sizes import ASKS, oversize


def larger(item: Item, document: Document, world: World) -> Oversize | None:
    """The question about the head, before its first turn."""
    if world.turns.get(item.id) is not None or not item.touched:
        return None
    words = oversize(item, document.controls, _words(item, document))
    if not words:
        return None
    return Oversize(item, f"{ASKS}{words}; split it (|), phase it (F), or accept (a) to send it whole")


def smaller(document: Document, world: World) -> list[Oversize]:
    """The questions that need no answer any more: the item was split, phased or cut down by hand."""
    return [
        Oversize(item, "")
        for item in document.queue
        if item.mark is Mark.NEEDS_YOU
        and item.value("asks").startswith(ASKS)
        and world.turns.get(item.id) is None
        and not oversize(item, document.controls, _words(item, document))
    ]


def _words(item: Item, document: Document) -> str:
    """All that the item says, without the question itself."""
    text = document.data[item.span.start : item.span.end].decode(errors="replace")
    return text.replace(item.value("asks"), "")
