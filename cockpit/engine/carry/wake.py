"""A deferred item whose `until:` has come is open again."""

from __future__ import annotations

from cockpit.engine.carry.acts import if_mark, record
from cockpit.paths import Places
from cockpit.spec import Item, Mark, edit


def wake(places: Places, item: Item, words: str) -> str:
    """Open, with the reason in its commit."""
    until = item.value("until")

    def op(data: bytes) -> bytes:
        return edit.drop_field(edit.set_mark(data, item.id, Mark.OPEN), item.id, "until", until)

    record(places, "defer", item.id, if_mark(item.id, {Mark.DEFERRED}, op), words, f"Take {item.id} back: {words}")
    return f"{item.id}: {words}"
