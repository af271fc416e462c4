"""Choosing between the two sides of what a merge could not settle."""

from __future__ import annotations

from cockpit.choices import SIDES
from cockpit.edits.world import Words, World, item_of
from cockpit.errors import Refused
from cockpit.spec import Document, Mark, conflicts, edit, parse


def resolve(document: Document, target: str, words: Words, _world: World) -> bytes:
    """What stands is right (ours), or what the `conflict:` lines of the item say (theirs); the lines go."""
    item = item_of(document, target)
    side = words.get("take") or SIDES[0]
    if side not in SIDES:
        raise Refused(f"take {side} means nothing", remedy="say ours or theirs")
    there = [entry for entry in conflicts(document) if entry.item is not None and entry.item.line == item.line]
    if not there:
        raise Refused(f"{item.id} has no conflict")
    data = document.data
    for entry in reversed(there):
        data = data[: entry.start] + data[entry.end :]
    for entry in there if side == "theirs" else ():
        data = _taken(data, item.id, entry.words)
    return data


def _taken(data: bytes, id: str, words: str) -> bytes:
    """The item as the other side has it in one respect."""
    key, colon, value = words.partition(": ")
    verb, _, rest = words.partition(" ")
    if words.startswith(("moved ", "both sides changed ")):
        raise Refused(f"{words}: only you can do that", remedy="edit the spec, then resolve with --take ours")
    if words == "removed on the other side":
        item = parse(data).item(id)
        return data[: item.span.start] + data[item.span.end :] if item else data
    if verb == "marked" and (len(rest) <= 1):
        return edit.set_mark(data, id, Mark(rest or " "))
    if verb == "removed" and " " not in rest:
        return edit.drop_field(data, id, rest)
    if colon and " " not in key:
        try:
            return edit.set_field(data, id, key, value)
        except ValueError:
            pass  # a text with a colon in it
    return edit.set_text(data, id, words)
