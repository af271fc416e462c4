"""Edits of items: pure functions from bytes to bytes that find their item by id in the bytes at hand (law 1).

Only the bytes concerned change. Words that come from outside are put on one line, so they can't become structure; an
item always ends in its own id, so a ` ^x` in foreign words stays words. Marking alone keeps the size of the file when
the item has an id already: who watches by size wants a field with it (limits-substrate, finding 5).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cockpit.spec.edit_front import drop_control, set_control
from cockpit.spec.edit_ids import ensure_id, find, touch
from cockpit.spec.edit_moves import move_item
from cockpit.spec.edit_sections import add_line, add_mute, add_pin, drop_mute, drop_pin, set_goal, set_signals
from cockpit.spec.lines import (
    column,
    common_prefix,
    flat,
    free_id,
    indent_of,
    insert_lines,
    insert_section,
    prefix_of,
    reindented,
    room,
    without,
)
from cockpit.spec.model import Document, Item, Kind, Mark, NoSuchItem
from cockpit.spec.parse import parse
from cockpit.spec.words import FIELDS, code, uncode

__all__ = [
    "NoSuchItem",
    "add_field",
    "add_item",
    "add_line",
    "add_mute",
    "add_nested",
    "add_pin",
    "drop_control",
    "drop_field",
    "drop_mute",
    "drop_pin",
    "ensure_id",
    "move_item",
    "replace_field",
    "set_control",
    "set_field",
    "set_goal",
    "set_mark",
    "set_signals",
    "set_text",
    "split",
]


def set_mark(data: bytes, id: str, mark: Mark) -> bytes:
    """Write another mark between the item's brackets. Raises NoSuchItem."""
    document, item = touch(data, id)
    end = document.data.index(b"]", item.mark_at + 1)
    if item.mark is mark and document.data[item.mark_at : end].decode() in (*Mark, "X"):
        return document.data
    return document.data[: item.mark_at] + mark.value.encode() + document.data[end:]


def set_text(data: bytes, id: str, text: str) -> bytes:
    """Reword an item; its wrapped lines stay. Raises NoSuchItem, and ValueError for a text without words."""
    document, item = touch(data, id)
    return _reworded(document.data, item, text)


def set_field(data: bytes, id: str, key: str, value: str) -> bytes:
    """Give the last field of that name this value, or add the field. Raises NoSuchItem, ValueError for another key."""
    document, item = touch(data, id)
    written = [entry for entry in item.fields if entry.key == key]
    if not written:
        return _appended(document, item, key, value)
    last = written[-1]
    return _revalued(document.data, item, item.fields.index(last), value)


def add_field(data: bytes, id: str, key: str, value: str) -> bytes:
    """Add a field below the others, also when there is one of that name. Raises as `set_field`."""
    document, item = touch(data, id)
    return _appended(document, item, key, value)


def replace_field(data: bytes, id: str, key: str, old: str, new: str) -> bytes:
    """Give the first field of that name and value another value; nothing changes when there is none."""
    document, item = touch(data, id)
    for index, entry in enumerate(item.fields):
        if entry.key == key and entry.value == flat(old):
            return _revalued(document.data, item, index, new)
    return document.data


def drop_field(data: bytes, id: str, key: str, value: str | None = None) -> bytes:
    """Take away all fields of that name (with `value` those that say that), with what is nested below them.

    Items that are nested there stay, indented as the field was. Raises NoSuchItem.
    """
    document, item = touch(data, id)
    kept = document.data
    for entry in reversed(item.fields):
        if entry.key == key and value in (None, entry.value):
            start, end = entry.span.start, entry.span.end
            kept = kept[:end] + reindented(kept[end : entry.end], indent_of(kept, start)) + kept[entry.end :]
            kept = without(kept, start, end)
    return kept


def add_item(
    data: bytes,
    text: str,
    *,
    section: Kind = Kind.QUEUE,
    below: str | None = None,
) -> tuple[bytes, str]:
    """A new open item and its id: after the item `below`, else last in its section, which is made when missing.

    Raises NoSuchItem, and ValueError for a text without words.
    """
    document = parse(data)
    neighbour = find(document, below) if below else None
    if neighbour is None:
        neighbour = next((item for item in reversed(document.items) if item.section is section), None)
    id = free_id(document, neighbour.section if neighbour else section)
    if neighbour is not None:
        line = _next_bullet(data, neighbour) + _new(text, id)
        return insert_lines(data, neighbour.span.end, [line]), id
    if document.section(section) is None:
        return insert_section(document, section, ["- " + _new(text, id)]), id
    at, above, below_it = room(document, section)
    return insert_lines(data, at, [*above, "- " + _new(text, id), *below_it]), id


def add_nested(data: bytes, id: str, text: str) -> tuple[bytes, str]:
    """A new open item below another, after what is nested there already, and its id.

    Raises NoSuchItem, and ValueError for a text without words.
    """
    document, item = touch(data, id)
    data = document.data
    new = free_id(document, item.section)
    if item.children:
        last = item.children[-1]
        return insert_lines(data, last.span.end, [_next_bullet(data, last) + _new(text, new)]), new
    if item.fields:
        at, prefix = item.fields[-1].end, prefix_of(data, item.fields[-1].span.start)
    else:
        at, prefix = item.below, _nested_bullet(document, item)
    return insert_lines(data, at, [prefix + _new(text, new)]), new


def split(data: bytes, id: str, texts: Sequence[str]) -> bytes:
    """Make several items of one (R103): the first keeps id, fields and children, the others follow it, open.

    Raises NoSuchItem, and ValueError for no texts or one without words.
    """
    if not texts:
        raise ValueError("nothing to split into")
    document, item = touch(data, id)
    data, last = _reworded(document.data, item, texts[0]), document.name(item)
    for text in texts[1:]:
        data, last = add_item(data, text, below=last)
    return data


def _new(text: str, id: str) -> str:
    words = flat(text)
    if not words:
        raise ValueError("an item needs words")
    return f"[ ] {words} ^{id}"


def _reworded(data: bytes, item: Item, text: str) -> bytes:
    words = flat(text)
    if not words:
        raise ValueError("an item needs words")
    start, end = item.text_span.start, item.text_span.end
    gap = "" if data[start - 1 : start] in (b" ", b"\t") else " "
    return data[:start] + f"{gap}{words}".encode() + data[end:]


def _written(value: str) -> str:
    """A value as it is written: read back, it is `flat(value)`."""
    words = flat(value)
    return code(words) if uncode(words) != words else words


def _revalued(data: bytes, item: Item, index: int, value: str) -> bytes:
    entry = item.fields[index]
    if entry.value == flat(value):
        return data
    start, end = entry.value_span.start, entry.value_span.end
    gap = "" if data[start - 1 : start] in (b" ", b"\t") else " "
    return data[:start] + f"{gap}{_written(value)}".encode() + data[end:]


def _appended(document: Document, item: Item, key: str, value: str) -> bytes:
    if key not in FIELDS:
        raise ValueError(f"{key} is no field; known are {', '.join(FIELDS)}")
    data = document.data
    if item.fields:
        at, prefix = item.fields[-1].end, prefix_of(data, item.fields[-1].span.start)
    else:
        at, prefix = item.below, _nested_bullet(document, item)
    return insert_lines(data, at, [f"{prefix}{key}: {_written(value)}".rstrip()])


def _nested_bullet(document: Document, item: Item) -> str:
    """Indent, bullet and blank of a first nested line: as what is nested already, as elsewhere, else as the item."""
    data = document.data
    width = column(data, item.head.start, item.mark_at - 1)
    own = prefix_of(data, item.head.start)
    bullet = own.strip() if own.strip() in ("-", "*", "+") else "-"
    for line in data[item.below : item.span.end].split(b"\n"):
        indent = line[: len(line) - len(line.lstrip(b" \t"))]
        if line.strip() and width <= column(indent, 0, len(indent)):  # the first that is no lazy line of a paragraph
            if column(indent, 0, len(indent)) < width + 4:
                return f"{indent.decode()}{bullet} "
            break
    lead = own[: len(own) - len(own.lstrip())]
    return common_prefix(document, width, item.depth) or f"{lead}{' ' * (width - item.depth)}{bullet} "


def _next_bullet(data: bytes, item: Item) -> str:
    """The bullet of an item that follows this one; numbers count on."""
    prefix = prefix_of(data, item.head.start)
    return re.sub(r"\d+", lambda number: str(int(number[0]) + 1), prefix)
