"""Wrapping by words, as plain arithmetic on cells: where the lines of a row break."""

from __future__ import annotations

from rich.cells import cell_len, get_character_cell_size
from rich.text import Text


def breaks(text: str, width: int, indent: int = 0) -> list[int]:
    """Offsets at which the second and later lines start; they have `indent` fewer cells than `width`.

    A line breaks after a space, which may hang over the edge; a longer word breaks inside. Empty: it is one line.
    """
    ascii = text.isascii()
    if len(text) <= width and (ascii or cell_len(text) <= width):
        return []
    found: list[int] = []
    start, room, length = 0, max(1, width), len(text)
    while True:
        end = start + room if ascii else _reach(text, start, room)
        if end >= length:
            return found
        space = end if text[end] == " " else text.rfind(" ", start, end)
        start = space + 1 if space >= start else end
        if start >= length:
            return found
        found.append(start)
        room = max(1, width - _indent(indent, width))


def _indent(indent: int, width: int) -> int:
    """An indent that leaves room for a wide character."""
    return max(0, min(indent, width - 2))


def _reach(text: str, start: int, room: int) -> int:
    """The end of what fits into `room` cells from `start` on; at least one character, marks stay with their base."""
    cells, at = 0, start
    while at < len(text):
        cells += get_character_cell_size(text[at])
        if cells > room and at > start:
            break
        at += 1
    return at


def wrapped(text: Text, width: int, indent: int = 0) -> list[Text]:
    """`text` as lines of at most `width` cells, the later ones indented."""
    offsets = breaks(text.plain, width, indent)
    if not offsets:
        if text.cell_len > width:  # a space hangs over the edge
            text.rstrip()
        return [text]
    first, *rest = text.divide(offsets)
    lines = [first, *(Text(" " * _indent(indent, width)).append_text(line) for line in rest)]
    for line in lines:
        line.rstrip()
    return lines
