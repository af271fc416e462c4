"""The question about an item before its first turn: put, and taken back."""

from __future__ import annotations

from cockpit.edits.questions import reopened
from cockpit.engine.carry.acts import asking, if_mark, record
from cockpit.paths import Places
from cockpit.spec import Item, Mark, parse


def question(places: Places, item: Item, words: str) -> str:
    """The item as one that needs you, or open again."""

    def back(data: bytes) -> bytes:
        document = parse(data)
        now = document.item(item.id)
        return reopened(document, now) if now is not None else data

    if words:
        record(places, "ask", item.id, if_mark(item.id, {Mark.OPEN}, lambda data: asking(data, item.id, words)), words)
        return f"{item.id}: {words}"
    asks = item.value("asks").partition(":")[0]
    record(places, "reopen", item.id, back, {"size": "it is no longer too large"}.get(asks, "it says what to do"))
    return f"{item.id}: {asks} no more"
