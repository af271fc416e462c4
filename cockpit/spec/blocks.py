"""A version of a document as a row of blocks; the next version shares all but those that an edit touched."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from cockpit.spec.scan import Block, scan

LEAST = 64
"""Lines after which a fresh block ends at the next clean break."""
MOST = 256
"""Lines that a rescanned block may take in to be in step again with one that was there."""
CHUNK = 1 << 15


def fresh(data: bytes, begin: int) -> list[Block]:
    """The blocks of `data` from offset `begin` on; none for no bytes."""
    return list(scan(data, begin, lambda _, lines: lines >= LEAST)) if begin < len(data) else []


def rescanned(
    data: bytes, begin: int, starts: Sequence[int], size: int, front: int, back: int
) -> tuple[int, list[Block], int]:
    """How many blocks of an older version stay in front, the new ones from there on, and how many old ones stay last.

    The old blocks begin at `starts`, the old bytes are `size`; `front` first ones and `back` last ones are the same.
    A block's lists are a function of its bytes, as long as a clean break or the end follows: so it stays when its
    bytes and the line after it are the same. Behind the change the scan goes on until a clean break falls on the start
    of an old block.
    """
    keep = 0
    if begin == starts[0]:
        while keep + 1 < len(starts) and data.find(b"\n", starts[keep + 1], front) >= 0:
            keep += 1
    shift = len(data) - size
    first = bisect_left(starts, max(size - back, starts[keep] + 1))
    anchors = {start + shift: index for index, start in enumerate(starts[first:], start=first)}
    behind = len(data) - back
    step = len(starts)

    def may_end(offset: int, lines: int) -> bool:
        nonlocal step
        if offset in anchors:
            step = anchors[offset]
            return True
        return lines >= (LEAST if offset < behind else MOST)

    made: list[Block] = []
    at = starts[keep] if keep else begin
    if at < len(data):
        for block in scan(data, at, may_end):
            made.append(block)
            if step < len(starts):
                break
    return keep, made, len(starts) - step


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
