"""The human's answer to an item that looks too large for one delegate (R164)."""

from __future__ import annotations

from cockpit.spec import Document, Item, Mark, edit
from cockpit.spec.sizes import ASKS, WHOLE


def asked(item: Item) -> bool:
    """Whether the item waits for the word that it may be sent whole."""
    return item.mark is Mark.NEEDS_YOU and item.value("asks").startswith(ASKS)


def send_whole(document: Document, item: Item) -> bytes:
    """It goes as it is."""
    return edit.set_field(reopened(document, item), item.id, "size", WHOLE)


def reopened(document: Document, item: Item) -> bytes:
    """The document with the question taken back, where there is one."""
    if not asked(item):
        return document.data
    return edit.drop_field(edit.set_mark(document.data, item.id, Mark.OPEN), item.id, "asks")
