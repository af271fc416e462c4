"""Where two versions differ: from the first to the last block that they don't share.

What stands outside is the same in both, in the same order and for the same, so that telling a change costs what was
changed and not the document.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from cockpit.spec.document import Placed
from cockpit.spec.model import Document, Item, Section


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
    old, new = before.blocks, after.blocks
    most = min(len(old), len(new))
    front = next((at for at in range(most) if not _same(old[at], new[at])), most)
    back = next((at for at in range(most - front) if not _same(old[-1 - at], new[-1 - at])), most - front)
    return _stretch(before, front, back), _stretch(after, front, back)


def _same(old: Placed, new: Placed) -> bool:
    """Whether two blocks say the same; versions that were read after each other share the very readings."""
    one, other = old.reading, new.reading
    return one is other or (one.block.data == other.block.data and one.around == other.around)


def _stretch(document: Document, front: int, back: int) -> Stretch:
    blocks = document.blocks[front : len(document.blocks) - back]
    if document.blocks:
        begin = document.blocks[front].place.offset if front < len(document.blocks) else document.blocks[-1].end
    else:
        begin = len(document.data)
    end = blocks[-1].end if blocks else begin
    items = tuple(item for placed in blocks for item in placed.items())
    first = _section(document.sections, begin)
    return Stretch(document, begin, end, items, range(first, _section(document.sections, end, first)))


def _section(sections: Sequence[Section], offset: int, low: int = 0) -> int:
    """Index of the first section that begins at or after an offset."""
    return bisect_left(sections, offset, low, key=lambda section: section.heading.start)
