"""One line of facts: some at the left, some at the right, the least important leave first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich import segment
from rich.cells import cell_len

from widgets.one_row import OneRow
from widgets.plain import harmless

GAP = 2


@dataclass(frozen=True)
class Segment:
    """A fact on the status line."""

    text: str
    """Plain words."""
    tone: str = ""
    """One of the tones, or nothing."""
    priority: int = 0
    """When the line is too narrow the lowest leaves first, among equals the one further right."""


class StatusLine(OneRow):
    """Facts at the left and at the right of one line."""

    def __init__(self, *, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._left: tuple[Segment, ...] = ()
        self._right: tuple[Segment, ...] = ()

    def set_segments(self, left: Sequence[Segment], right: Sequence[Segment] = ()) -> None:
        """Show these facts; nothing is painted if they are the ones shown."""
        if (tuple(left), tuple(right)) != (self._left, self._right):
            self._left, self._right = tuple(left), tuple(right)
            self.refresh()

    def fitting(self, width: int) -> tuple[list[Segment], list[Segment]]:
        """What of left and right is shown in `width` cells."""
        kept = [*self._left, *self._right]
        sides = [0] * len(self._left) + [1] * len(self._right)
        while len(kept) > 1 and 2 + sum(cell_len(harmless(s.text)) for s in kept) + GAP * (len(kept) - 1) > width:
            leaving = min(range(len(kept)), key=lambda i: (kept[i].priority, -i))
            del kept[leaving], sides[leaving]
        return (
            [s for s, side in zip(kept, sides, strict=True) if not side],
            [s for s, side in zip(kept, sides, strict=True) if side],
        )

    def segments(self, width: int) -> list[segment.Segment]:
        """Both sides with what is left between them."""
        left, right = ([self._toned(part) for part in side] for side in self.fitting(width))
        gap = segment.Segment(" " * GAP)
        line = [segment.Segment(" "), *_joined(left, gap)]
        tail = [*_joined(right, gap), segment.Segment(" ")]
        room = width - sum(part.cell_length for part in (*line, *tail))
        return [*line, segment.Segment(" " * max(0, room)), *tail] if right else line

    def _toned(self, part: Segment) -> segment.Segment:
        return segment.Segment(harmless(part.text), self.tone(part.tone))


def _joined(parts: list[segment.Segment], gap: segment.Segment) -> list[segment.Segment]:
    joined: list[segment.Segment] = []
    for number, part in enumerate(parts):
        joined.extend((gap, part) if number else (part,))
    return joined
