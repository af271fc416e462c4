"""Moving an item, with all that is nested below it: its bytes stay as they are, but for the indent of another level."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Set

from cockpit.spec.edit_ids import find, touch
from cockpit.spec.lines import indent_of, insert_section, line_end, reindented, room, without
from cockpit.spec.model import Document, Item, Kind, SpecError
from cockpit.spec.parse import parse
from cockpit.spec.reading import Reading


def move_item(
    data: bytes, id: str, *, section: Kind | None = None, before: str | None = None, after: str | None = None
) -> bytes:
    """Move an item before or after another one, or to the end of a section, which is made when missing.

    What is moved and what stays mean the same as before; nothing changes when it stands there already. Raises
    NoSuchItem, and ValueError when the place is inside the item or what stands around it would change its meaning.
    """
    document, item = touch(data, id)
    other = before or after
    if other is not None:
        neighbour = find(document, other)
        if item.span.start <= neighbour.span.start < item.span.end:
            if neighbour.id == item.id:
                return document.data
            raise ValueError(f"{neighbour.id} is part of {item.id}")
        return _to(document, item, neighbour.span.start if before else neighbour.span.end, neighbour)
    if section is None:
        raise ValueError("nowhere to move it to")
    last = next((entry for entry in reversed(document.items) if entry.section is section and entry is not item), None)
    if last is None and item.section is section:
        return document.data
    if last is not None:
        return _to(document, item, last.span.end, last)
    if document.section(section) is None:
        document = _with_section(document, section)
        item = find(document, item.id)
    at, above, below = room(document, section)
    return _to(document, item, at, None, blank=(bool(above), bool(below)))


def _with_section(document: Document, section: Kind) -> Document:
    try:
        return parse(insert_section(document, section, []))
    except SpecError as error:
        raise ValueError(f"a new section would break the front matter: {error.what}") from error


def _to(
    document: Document, item: Item, at: int, neighbour: Item | None, *, blank: tuple[bool, bool] = (False, False)
) -> bytes:
    """The document with the item's lines at `at`, below a blank line if nothing else keeps their meaning."""
    if at in (item.span.start, item.span.end) and neighbour is not None and neighbour.depth == item.depth:
        return document.data  # it stands there
    lines = _lines(document, item, neighbour)
    end = line_end(document.data, at)
    for above in (blank[0], True):
        moved = _moved(document.data, item, at, (end if above else b"") + lines + (end if blank[1] else b""))
        with contextlib.suppress(SpecError):  # what is left may look like an open front matter
            if _means_the_same(document, parse(moved), item):
                return moved
    raise ValueError("what stands around it there would change its meaning")


def _lines(document: Document, item: Item, neighbour: Item | None) -> bytes:
    """The item's lines, each with its line end; at another level they get the neighbour's indent."""
    data = document.data
    block = data[item.span.start : item.span.end]
    block += b"" if block.endswith(b"\n") else line_end(data, item.span.start)
    if item.depth == (neighbour.depth if neighbour else 0):
        return block
    return reindented(block, indent_of(data, neighbour.head.start) if neighbour else b"")


def _moved(data: bytes, item: Item, at: int, lines: bytes) -> bytes:
    start, end = item.span.start, item.span.end
    if at <= start:
        kept = without(data, start, end)
        return _put(kept, min(at, len(kept)), lines)  # the last lines went with the line end before them
    return without(_put(data, at, lines), start, end)


def _put(data: bytes, at: int, lines: bytes) -> bytes:
    """Whole lines put in at the start of a line, or after a last one that has no line end and keeps none."""
    if at == 0 or data[at - 1] == 10 or not data[:at].strip(b"\xef\xbb\xbf"):
        return data[:at] + lines + data[at:]
    return data[:at] + line_end(data, at) + lines.removesuffix(b"\n").removesuffix(b"\r") + data[at:]


def _means_the_same(before: Document, after: Document, moved: Item) -> bool:
    found = after.item(moved.id)
    was, now = ([placed.reading for placed in document.blocks] for document in (before, after))
    return (
        found is not None
        and list(_said(found, "")) == list(_said(moved, ""))
        and sorted(_rest(before, moved.id, set(now))) == sorted(_rest(after, moved.id, set(was)))
        and [(entry.title, entry.level) for entry in before.sections]
        == [(entry.title, entry.level) for entry in after.sections]
        and [(entry.id, entry.target) for entry in (*before.mutes, *before.pins)]
        == [(entry.id, entry.target) for entry in (*after.mutes, *after.pins)]
    )


def _rest(document: Document, moved: str, shared: Set[Reading]) -> Iterator[tuple[str, ...]]:
    """What every item says that doesn't move, but for what stands in blocks that both versions have."""
    there = (placed for placed in document.blocks if placed.reading not in shared)
    waiting = [item for placed in there for item in placed.items() if item.id != moved]
    while waiting:
        item = waiting.pop()
        yield (item.section or "", *next(_said(item, moved)))
        waiting.extend(child for child in item.children if child.id != moved)


def _said(item: Item, without: str) -> Iterator[tuple[str, ...]]:
    """What an item and all below it say, but for the child of that id."""
    children = [child for child in item.children if child.id != without]
    fields = (f"{entry.key}: {entry.value}" for entry in item.fields)
    yield (_name(item), item.mark, item.text, *fields, *map(_name, children))
    for child in children:
        yield from _said(child, without)


def _name(item: Item) -> str:
    """Its id; a derived one says which of several with one text comes first, so there it is the text."""
    return item.id if item.touched else f"~{item.text}"
