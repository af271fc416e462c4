"""The human's answer to what the loop asks about an item before its first turn (R29, R164)."""

from __future__ import annotations

from cockpit.spec import Document, Item, Mark, clear, edit, sizes
from cockpit.spec.questions import asked


def send_anyway(document: Document, item: Item) -> bytes:
    """It goes as it is."""
    large = item.value("asks").startswith(sizes.ASKS)
    key, value = ("size", sizes.WHOLE) if large else ("clear", clear.YES)
    return edit.set_field(reopened(document, item), item.id, key, value)


def reopened(document: Document, item: Item) -> bytes:
    """The document with the question taken back, where there is one."""
    if not asked(item):
        return document.data
    return edit.drop_field(edit.set_mark(document.data, item.id, Mark.OPEN), item.id, "asks")
