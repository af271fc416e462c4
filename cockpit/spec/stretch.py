"""Where two versions differ: the stretch from the first to the last other line, widened to whole parts of a document.

What stands outside it is the same in both, in the same order, so that telling a change costs what was changed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from cockpit.spec.model import Document, Item, Section

CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Stretch:
    """The part of one version in which it differs from the other, from byte `begin` to byte `end`."""

    document: Document
    begin: int
    end: int
    items: tuple[Item, ...]
    """The top-level items in it."""
    sections: range
    """Which sections begin in it, as indexes of `document.sections`."""


def stretches(before: Document, after: Document) -> tuple[Stretch, Stretch]:
    """The stretches in which two documents differ. Sections and items outside pair off from both ends."""
    same_above = _common(before.data, after.data)
    most = min(len(before.data), len(after.data)) - same_above
    same_below = _common_end(before.data, after.data, most)
    begin = min(_above(before, same_above), _above(after, same_above))
    ends = [_below(document, len(document.data) - same_below) for document in (before, after)]
    kept = min(len(before.data) - ends[0], len(after.data) - ends[1])
    old = _stretch(before, begin, len(before.data) - kept)
    new = _stretch(after, begin, len(after.data) - kept)
    if _outline(old) == _outline(new):
        return old, new
    return _stretch(before, 0, len(before.data)), _stretch(after, 0, len(after.data))


def _stretch(document: Document, begin: int, end: int) -> Stretch:
    first = _first(document.items, begin)
    last = _first(document.items, end, first)
    return Stretch(document, begin, end, document.items[first:last], _headings(document.sections, begin, end))


def _first(items: Sequence[Item], offset: int, low: int = 0) -> int:
    """Index of the first item that begins at or after an offset."""
    return bisect_left(items, offset, low, key=lambda item: item.span.start)


def _headings(sections: Sequence[Section], begin: int, end: int) -> range:
    first = bisect_left(sections, begin, key=lambda section: section.heading.start)
    return range(first, bisect_left(sections, end, first, key=lambda section: section.heading.start))


def _outline(stretch: Stretch) -> tuple[list[int], list[tuple[int, str]], int, int]:
    """What stands outside the stretch, with offsets from the end below it: a fence in it may swallow what follows."""
    document, size = stretch.document, len(stretch.document.data)
    above = _first(document.items, stretch.begin)
    items = document.items[above + len(stretch.items) :]
    sections = document.sections[stretch.sections.stop :]
    return (
        [size - item.span.start for item in items],
        [(size - section.heading.start, section.title) for section in sections],
        above,
        stretch.sections.start,
    )


def _common(one: bytes, other: bytes) -> int:
    """Bytes that both begin with."""
    most = min(len(one), len(other))
    at = 0
    while at < most and one[at : at + CHUNK] == other[at : at + CHUNK]:
        at += CHUNK
    low, high = min(at, most), min(at + CHUNK, most)
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _common_end(one: bytes, other: bytes, most: int) -> int:
    """Bytes that both end in, at most so many."""
    at = 0
    while (
        at < most
        and one[max(len(one) - at - CHUNK, 0) : len(one) - at]
        == (other[max(len(other) - at - CHUNK, 0) : len(other) - at])
    ):
        at += CHUNK
    low, high = min(at, most), min(at + CHUNK, most)
    while low < high:
        middle = (low + high + 1) // 2
        if one[len(one) - middle : len(one) - low] == other[len(other) - middle : len(other) - low]:
            low = middle
        else:
            high = middle - 1
    return low


def _above(document: Document, at: int) -> int:
    """Start of the top-level item or paragraph at or just above an offset."""
    data = document.data
    at = data.rfind(b"\n", 0, at) + 1
    index = _first(document.items, at) - 1
    floor = 0
    if index >= 0:
        span = document.items[index].span
        if span.end >= at:
            return span.start
        floor = span.end
    while at > floor:
        start = data.rfind(b"\n", 0, at - 1) + 1
        if not data[start:at].strip():
            break
        at = start
    return max(at, floor)


def _below(document: Document, at: int) -> int:
    """End of the top-level item or paragraph at or just below an offset."""
    data = document.data
    if at and data[at - 1] != 10:
        newline = data.find(b"\n", at)
        at = newline + 1 if newline >= 0 else len(data)
    index = _first(document.items, at)
    if index and document.items[index - 1].span.end > at:
        return document.items[index - 1].span.end
    ceiling = document.items[index].span.start if index < len(document.items) else len(data)
    while at < ceiling:
        newline = data.find(b"\n", at, ceiling)
        end = newline + 1 if newline >= 0 else ceiling
        if not data[at:end].strip():
            break
        at = end
    return at
