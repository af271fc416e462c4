"""A version of a document as a row of blocks; the next version shares all but those that an edit touched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Generic, TypeVar

from cockpit.spec.scan import SHORTEST, Block, scan

LEAST = 64
"""Lines after which a fresh block ends at the next clean break."""
KEY = 64
"""Bytes by which an old block is looked up."""
CHUNK = 1 << 15


def fresh(data: bytes, begin: int) -> list[Block]:
    """The blocks of `data` from offset `begin` on; none for no bytes."""
    return list(scan(data, begin, lambda _, lines: lines >= LEAST)) if begin < len(data) else []


Entry = TypeVar("Entry")
"""What stands for an old block: whoever asks says."""


def rescanned(data: bytes, begin: int, old: Iterable[Sequence[tuple[Block, Entry]]]) -> Iterator[Block | Entry]:
    """The blocks of `data` from offset `begin` on: the entry of an `old` one where one stands there, else a new one.

    A block's lists are a function of its bytes, as long as a clean break or the end follows: so it stays when its
    bytes and the line after it are the same as in one of the old versions. Where none does, it is scanned until a clean
    break falls on the start of one, however many stretches were changed or moved.
    """
    known = _Known(data, old)
    at = begin
    while at < len(data):
        found = known.here(at)
        if found is not None:
            yield known.take(found)
            at += len(known.blocks[found].data)
            continue
        for block in scan(data, at, known.may_end):
            yield block
            at += len(block.data)
            if at < len(data) and known.here(at) is not None:
                break


class _Known(Generic[Entry]):
    """The blocks of older versions, looked up by what they begin with."""

    def __init__(self, data: bytes, old: Iterable[Sequence[tuple[Block, Entry]]]) -> None:
        self.data = data
        self.blocks: list[Block] = []
        self._entries: list[Entry] = []
        self._below: list[bytes] = []  # the line after each; empty for the end
        self._at: dict[bytes, list[int]] = {}
        self._taken: set[int] = set()  # none stands at two places, not even where the text does
        self._next = 0
        seen: set[tuple[int, bytes]] = set()
        for version in old:
            for (block, entry), below in zip_longest(version, version[1:]):
                line = _first_line(below[0].data) if below else b""
                if (id(block), line) not in seen:
                    seen.add((id(block), line))
                    self._at.setdefault(block.data[:KEY], []).append(len(self.blocks))
                    self.blocks.append(block)
                    self._entries.append(entry)
                    self._below.append(line)

    def take(self, index: int) -> Entry:
        """Use this one: the next is most likely the one below it."""
        self._taken.add(id(self.blocks[index]))
        self._next = index + 1
        return self._entries[index]

    def here(self, offset: int) -> int | None:
        """The old block that stands at this offset."""
        there = self._at.get(self.data[offset : offset + KEY], ())
        for index in (self._next, *there) if self._next in there else there:
            block, below = self.blocks[index], self._below[index]
            if id(block) not in self._taken and self.data.startswith(block.data, offset):
                end = offset + len(block.data)
                if self.data.startswith(below, end) if below else end == len(self.data):
                    return index
        return None

    def may_end(self, offset: int, lines: int) -> bool:
        """Whether a block that is scanned may end at this clean break."""
        return self.here(offset) is not None or (lines >= LEAST and not self._soon(offset))

    def _soon(self, offset: int) -> bool:
        """Whether one begins in the next lines, that a block which began here could not end at."""
        for _ in range(SHORTEST):
            offset = self.data.find(b"\n", offset) + 1
            if not offset or self.data[offset : offset + KEY] in self._at:
                return offset > 0
        return False


def _first_line(data: bytes) -> bytes:
    return data[: data.find(b"\n") + 1 or len(data)]


def same_ends(old: bytes, new: bytes) -> tuple[int, int]:
    """How many bytes both begin with, and how many of the others both end with."""
    front = back = 0
    most = min(len(old), len(new))
    size = CHUNK
    while size:
        while front + size <= most and old[front : front + size] == new[front : front + size]:
            front += size
        size //= 2
    size = CHUNK
    while size:
        a, b = len(old) - back, len(new) - back
        while front + back + size <= most and old[a - size : a] == new[b - size : b]:
            back, a, b = back + size, a - size, b - size
        size //= 2
    return front, back
