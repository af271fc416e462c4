"""The verbs at the scope gate: the human's word on a brief before anything is dispatched (R240, R279)."""

from __future__ import annotations

from cockpit.edits.world import Words, World, flat, needs
from cockpit.errors import Refused
from cockpit.spec import Document, Item, Mark, edit, gates


def accept(document: Document, item: Item, world: World) -> bytes:
    """Bind the yes to the brief that was shown; the engine sends exactly that one."""
    scope = world.scope(item)
    if scope is None:
        raise Refused(f"the brief of {item.id} is being made or read again", remedy="wait a moment")
    data = edit.set_mark(document.data, item.id, Mark.OPEN)
    return edit.set_field(data, item.id, "scope", f"{gates.ACCEPTED} {scope.digest}")


def iterate(document: Document, item: Item, words: Words) -> bytes:
    """Put a note into the item: the brief is made again with it and waits again."""
    note = needs(words, "note", "the note")
    data = edit.drop_field(edit.set_mark(document.data, item.id, Mark.OPEN), item.id, "scope")
    return edit.add_field(data, item.id, "iterate", note)


def reject(document: Document, item: Item, words: Words) -> bytes:
    """Close the item before it began; the brief stays in its folder."""
    data = edit.drop_field(edit.set_mark(document.data, item.id, Mark.STRUCK), item.id, "scope")
    data = edit.set_field(data, item.id, "verdict", "reject")
    reason = flat(words, "reason")
    return edit.set_field(data, item.id, "why", reason) if reason else data
