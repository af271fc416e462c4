"""The question about an item that looks too large: put, and taken back."""

from __future__ import annotations

from cockpit.edits.sizing import asked, reopened
from cockpit.engine.carry.acts import asking, if_mark, record
from cockpit.paths import Places
from cockpit.spec import Item, Mark, parse


def size(places: Places, item: Item, words: str) -> str:
    """The item as one that needs you, or open again."""

    def back(data: bytes) -> bytes:
        document = parse(data)
        now = document.item(item.id)
        return reopened(document, now) if now is not None and asked(now) else data

    if words:
        record(places, "ask", item.id, if_mark(item.id, {Mark.OPEN}, lambda data: asking(data, item.id, words)), words)
    else:
        record(places, "reopen", item.id, back, "it is no longer too large")
    return f"{item.id}: {words or 'no longer too large'}"
