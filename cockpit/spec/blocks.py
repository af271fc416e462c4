"""A version of a document as a row of blocks; the next version shares all but those that an edit touched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cockpit.spec.scan import SHORTEST, Block, scan

LEAST = 64
"""Lines after which a fresh block ends at the next clean break."""
KEY = 64
"""Bytes by which an old block is looked up."""
CHUNK = 1 << 15


def fresh(data: bytes, begin: int) -> list[Block]:
    """The blocks of `data` from offset `begin` on; none for no bytes."""
    return list(scan(data, begin, lambda _, lines: lines >= LEAST)) if begin < len(data) else []


def rescanned(data: bytes, begin: int, old: Sequence[Block]) -> Iterator[Block | int]:
    """The blocks of `data` from offset `begin` on: the index of an old one where one stands there, else a new one.

    A block's lists are a function of its bytes, as long as a clean break or the end follows: so it stays when its
    bytes and the line after it are the same. Where none does, it is scanned until a clean break falls on the start of
    one, however many stretches were changed or moved.
    """
    places: dict[bytes, list[int]] = {}
    for index, block in enumerate(old):
        places.setdefault(block.data[:KEY], []).append(index)
    next_lines = [_first_line(block.data) for block in old[1:]]
    left = set(range(len(old)))  # none stands at two places, not even where the text does
    expected = 0

    def here(offset: int) -> int | None:
        there = places.get(data[offset : offset + KEY], ())
        for index in (expected, *there) if expected in there else there:
            if index in left and data.startswith(old[index].data, offset):
                end = offset + len(old[index].data)
                if index + 1 == len(old):
                    if end == len(data):
                        return index
                elif data.startswith(next_lines[index], end):
                    return index
        return None

    def soon(offset: int) -> bool:
        """Whether one begins in the next lines, that a block which began here could not end at."""
        for _ in range(SHORTEST):
            offset = data.find(b"\n", offset) + 1
            if not offset or data[offset : offset + KEY] in places:
                return offset > 0
        return False

    def may_end(offset: int, lines: int) -> bool:
        return here(offset) is not None or (lines >= LEAST and not soon(offset))

    at = begin
    while at < len(data):
        index = here(at)
        if index is not None:
            yield index
            left.discard(index)
            expected = index + 1
            at += len(old[index].data)
            continue
        for block in scan(data, at, may_end):
            yield block
            at += len(block.data)
            if at < len(data) and here(at) is not None:
                break


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
