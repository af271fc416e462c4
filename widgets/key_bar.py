"""The keys that matter now, on one line; stock footers recompose on every focus change (limits-screen C5)."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message

from widgets.one_row import OneRow
from widgets.plain import harmless

KEPT = ("?", "q")
"""The keys that are shown however narrow the terminal is: where all the others are said, and the way out."""

GAP = 2


class KeyBar(OneRow):
    """Keys with labels; what does not fit is left out from the right, but never `?` and `q`. Clicking presses a key."""

    class Pressed(Message):
        """A key of the bar was clicked."""

        def __init__(self, key_bar: KeyBar, key: str) -> None:
            super().__init__()
            self.key_bar = key_bar
            """The bar."""
            self.key = key
            """The key as it was given to `set_keys`."""

        @property
        def control(self) -> KeyBar:
            """The bar, for `@on(..., selector)`."""
            return self.key_bar

    def __init__(self, *, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._keys: tuple[tuple[str, str, bool], ...] = ()

    def set_keys(self, keys: Sequence[tuple[str, str, bool]]) -> None:
        """Show these (key, label, enabled); nothing is painted if they are the ones shown."""
        if tuple(keys) != self._keys:
            self._keys = tuple(keys)
            self.refresh()

    def fitting(self, width: int) -> list[tuple[int, tuple[str, str, bool]]]:
        """The keys shown in `width` cells, each with the column it starts at."""
        room = width - 1
        sizes = [cell_len(harmless(key)) + 1 + cell_len(harmless(label)) for key, label, _ in self._keys]
        reserved = sum(size + GAP for size, (key, _, _) in zip(sizes, self._keys, strict=True) if key in KEPT)
        column, found = 1, list[tuple[int, tuple[str, str, bool]]]()
        full = False
        for size, entry in zip(sizes, self._keys, strict=True):
            if entry[0] in KEPT:
                reserved -= size + GAP
            elif full or column + size + reserved > room + 1:
                full = True
                continue
            found.append((column, entry))
            column += size + GAP
        return found

    def segments(self, width: int) -> list[Segment]:
        """Keys in accent, labels plain, both dim when the key does nothing now."""
        line: list[Segment] = []
        end = 0
        for column, (key, label, enabled) in self.fitting(width):
            line.append(Segment(" " * (column - end)))
            line.append(Segment(harmless(key), self.tone("accent" if enabled else "dim") + Style(bold=enabled)))
            line.append(Segment(" " + harmless(label), None if enabled else self.tone("dim")))
            end = column + cell_len(harmless(key)) + 1 + cell_len(harmless(label))
        return line

    def on_click(self, event: events.Click) -> None:
        """Press the key under the mouse, if it is enabled."""
        for column, (key, label, enabled) in self.fitting(self.size.width):
            if column <= event.x < column + cell_len(harmless(key)) + 1 + cell_len(harmless(label)) and enabled:
                self.post_message(self.Pressed(self, key))
