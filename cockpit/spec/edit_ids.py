"""The first edit of an item gives it an id: finding items by id or derived key, and writing ids."""

from __future__ import annotations

from cockpit.spec.lines import free_id
from cockpit.spec.model import Ambiguous, Document, Item, NoSuchItem
from cockpit.spec.parse import parse


def ensure_id(data: bytes, id: str) -> tuple[bytes, str]:
    """`data` with an id written at the item of this id or derived key, and that id; nothing changes if it has one.

    Raises NoSuchItem.
    """
    document = parse(data)
    item = find(document, id)
    if item.touched:
        return data, document.name(item)
    new = free_id(document, item.section)
    at = item.text_span.end
    return data[:at] + f" ^{new}".encode() + data[at:], new


def find(document: Document, id: str) -> Item:
    """The item of that id (with or without `^`) or derived key. Raises NoSuchItem, Ambiguous when several have it."""
    item = document.item(id.removeprefix("^"))
    if item is None:
        raise NoSuchItem(id)
    if item.touched and "@" not in id and len(lines := document.lines_of(item.id)) > 1:
        raise Ambiguous(item.id, lines)
    return item


def touch(data: bytes, id: str) -> tuple[Document, Item]:
    """The document and the item in it, with a written id. Raises NoSuchItem."""
    document = parse(data)
    item = find(document, id)
    if item.touched:
        return document, item
    data, id = ensure_id(data, id)
    document = parse(data)
    return document, find(document, id)
