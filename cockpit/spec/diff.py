"""Which entries of one sequence are which of another: lines that are unique on both sides first, then the rest.

Never quadratic: what has no unique line in common is compared pairwise only while it is small.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Sequence
from difflib import SequenceMatcher

SMALL = 60_000
"""Product of two lengths up to which difflib may look at every pair."""


def matches(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Pairs of indexes of equal entries, rising on both sides."""
    pairs: list[tuple[int, int]] = []
    waiting = [(0, len(old), 0, len(new))]
    while waiting:
        a, a_end, b, b_end = waiting.pop()
        while a < a_end and b < b_end and old[a] == new[b]:
            pairs.append((a, b))
            a, b = a + 1, b + 1
        while a < a_end and b < b_end and old[a_end - 1] == new[b_end - 1]:
            a_end, b_end = a_end - 1, b_end - 1
            pairs.append((a_end, b_end))
        if a == a_end or b == b_end:
            continue
        anchors = _anchors(old, new, a, a_end, b, b_end)
        if anchors:
            for x, y in anchors:
                waiting.append((a, x, b, y))
                a, b = x, y  # the anchor is the common beginning of the next stretch
            waiting.append((a, a_end, b, b_end))
        elif (a_end - a) * (b_end - b) <= SMALL:
            blocks = SequenceMatcher(None, old[a:a_end], new[b:b_end], autojunk=False).get_matching_blocks()
            pairs.extend((a + x + k, b + y + k) for x, y, size in blocks for k in range(size))
    return sorted(pairs)


def _anchors(
    old: Sequence[Hashable], new: Sequence[Hashable], a: int, a_end: int, b: int, b_end: int
) -> list[tuple[int, int]]:
    """The longest rising run of entries that come once on each side."""
    counts = Counter(old[a:a_end])
    there = Counter(new[b:b_end])
    place = {new[index]: index for index in range(b, b_end) if there[new[index]] == 1}
    unique = [
        (index, place[old[index]]) for index in range(a, a_end) if counts[old[index]] == 1 and old[index] in place
    ]
    return [unique[number] for number in rising([right for _, right in unique])]


def rising(numbers: Sequence[int]) -> list[int]:
    """Indexes of the longest strictly rising run of these numbers, not necessarily next to each other."""
    ends: list[int] = []  # for each length, the smallest end of a run
    last: list[int] = []  # ... and which number that is
    before: list[int] = []
    for index, number in enumerate(numbers):
        length = bisect_left(ends, number)
        before.append(last[length - 1] if length else -1)
        if length == len(ends):
            ends.append(number)
            last.append(index)
        else:
            ends[length], last[length] = number, index
    run: list[int] = []
    index = last[-1] if last else -1
    while index >= 0:
        run.append(index)
        index = before[index]
    return run[::-1]
