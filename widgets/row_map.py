"""Where rows stand on the lines of a pane: those that a filter lets through, each as high as it is."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate


class RowMap:
    """A *position* counts the rows that are shown, a *line* the screen lines of all of them. All count from 0."""

    __slots__ = ("_starts", "shown")

    def __init__(self, shown: list[int] | None = None, heights: Sequence[int] | None = None) -> None:
        """`shown`: the rows let through, rising, None for all; `heights`: the lines of every row, None for one each."""
        self.shown = shown
        self._starts: list[int] | None = None
        if heights is not None:
            self._starts = [0, *accumulate(heights if shown is None else (heights[row] for row in shown))]

    def position(self, row: int) -> int:
        """Where a row stands; for one that is not shown where it would."""
        return row if self.shown is None else bisect_left(self.shown, row)

    def row(self, position: int) -> int:
        """The row that stands there."""
        return position if self.shown is None else self.shown[position]

    def line(self, position: int) -> int:
        """The first line of the row that stands there; behind the last one the number of all lines."""
        return position if self._starts is None else self._starts[min(position, len(self._starts) - 1)]

    def at(self, line: int) -> tuple[int, int]:
        """The position of the row on this line, and which of its lines it is."""
        if self._starts is None:
            return line, 0
        position = bisect_right(self._starts, line) - 1
        return position, line - self._starts[position]
