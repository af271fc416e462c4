"""A log that may run for days: a ring of plain lines, coloured only where somebody looks."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Hashable, Iterable
from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message

from widgets.line_pane import LinePane

_SGR = re.compile(r"\x1b\[([0-9;:]*)m")
_NAMES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
_ON = {
    1: Style(bold=True),
    2: Style(dim=True),
    3: Style(italic=True),
    4: Style(underline=True),
    7: Style(reverse=True),
    9: Style(strike=True),
    22: Style(bold=False, dim=False),
    23: Style(italic=False),
    24: Style(underline=False),
    27: Style(reverse=False),
    29: Style(strike=False),
    39: Style(color="default"),
    49: Style(bgcolor="default"),
    **{30 + i: Style(color=name) for i, name in enumerate(_NAMES)},
    **{40 + i: Style(bgcolor=name) for i, name in enumerate(_NAMES)},
    **{90 + i: Style(color=f"bright_{name}") for i, name in enumerate(_NAMES)},
    **{100 + i: Style(bgcolor=f"bright_{name}") for i, name in enumerate(_NAMES)},
}


class LineLog(LinePane):
    """Lines of text with colours in SGR. It follows the end until somebody scrolls up, and again from `G` on.

    Escape sequences are read for the visible rows only; everything but colour becomes visible dots
    (limits-screen C3: 6 to 8 us a line, 175 bytes a line).
    """

    class Chosen(Message):
        """A line was chosen with enter or a double click."""

        def __init__(self, log: LineLog, text: str) -> None:
            super().__init__()
            self.log = log
            """The log."""
            self.text = text
            """The line without its colours."""

        @property
        def control(self) -> LineLog:
            """The log, for `@on(..., selector)`."""
            return self.log

    def __init__(
        self, *, maxlen: int = 10_000, name: str | None = None, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._lines: deque[str] = deque(maxlen=maxlen)
        self._dropped = 0
        self._follow = True

    @property
    def row_count(self) -> int:
        """How many lines are in the ring."""
        return len(self._lines)

    @property
    def lines(self) -> deque[str]:
        """The raw lines, oldest first."""
        return self._lines

    @property
    def follow(self) -> bool:
        """Whether the newest line stays in view."""
        return self._follow

    @follow.setter
    def follow(self, follow: bool) -> None:
        changed, self._follow = follow != self._follow, follow
        if follow:
            self._to_end()
        if changed:
            self.paint_rows([self._cursor])

    def append(self, lines: Iterable[str]) -> None:
        """Add lines at the end; the oldest leave when the ring is full. One paint per call."""
        ring, batch = self._lines, list(lines)
        if not batch:
            return
        before = len(ring)
        ring.extend(batch)
        gone = before + len(batch) - len(ring)
        self._dropped += gone
        at_top = self.scroll_offset.y
        if self._filter:
            self.rows_changed(repaint=True)
        else:
            self._cursor = max(0, self._cursor - gone)
            self._measure()
        if self._follow:
            self._to_end()
            self.refresh()
        elif gone and not self._filter:
            if at_top >= gone:
                self.scroll_to(y=at_top - gone, animate=False, force=True)
            self.refresh()
        elif before - at_top < self.size.height:
            self.refresh()

    def clear(self) -> None:
        """Forget every line."""
        self._lines.clear()
        self._dropped += 1
        self.forget_rows()
        self._cursor = 0
        self.rows_changed()

    def show(self, lines: Iterable[str]) -> None:
        """Show another log from its raw lines, following its end."""
        self._lines.clear()
        self.forget_rows()
        self._lines.extend(lines)
        self._cursor = 0
        self._follow = True
        self.rows_changed()
        self._to_end()

    def _to_end(self) -> None:
        if self.shown_count:
            self._cursor = self._map.row(self.shown_count - 1)
            self.scroll_to(y=max(0, self.line_count - self.size.height), animate=False, force=True)

    def on_resize(self, event: events.Resize) -> None:  # noqa: ARG002 - Textual calls the base's handler itself
        """The end stays in view."""
        if self._follow:
            self._to_end()

    @property
    def cursor_shown(self) -> bool:
        """No row is marked while the log follows its end."""
        return not self._follow

    def move_cursor(self, index: int) -> None:
        """Standing on a line stops following."""
        if self._follow:
            self.follow = False
        super().move_cursor(index)

    def action_bottom(self) -> None:
        """Follow the end from now on."""
        self.follow = True

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Scrolling up stops following, by whatever means it is done."""
        super().watch_scroll_y(old_value, new_value)
        if self._follow and new_value < old_value and new_value < self.line_count - self.size.height:
            self.follow = False

    def row_key(self, index: int) -> Hashable:
        """Lines are kept under their number since the beginning: the ring may turn."""
        return self._dropped + index

    def row_text(self, index: int) -> str:
        """The line without its colours."""
        return _SGR.sub("", self._lines[index])

    def choose(self, index: int) -> None:
        """Tell which line is chosen."""
        self.post_message(self.Chosen(self, self.row_text(index)))

    def render_row(self, index: int, width: int) -> list[Segment]:
        """The line as segments in its colours."""
        return sgr_segments(self._lines[index][: width * 8])


def sgr_segments(line: str) -> list[Segment]:
    """A line with SGR sequences as segments; other escapes stay in the text."""
    if "\x1b" not in line:
        return [Segment(line)]
    segments: list[Segment] = []
    style = Style.null()
    parts = _SGR.split(line)
    for number, part in enumerate(parts):
        if number % 2:
            style = _after(style, part)
        elif part:
            segments.append(Segment(part, style))
    return segments


@lru_cache(maxsize=1024)
def _after(style: Style, codes: str) -> Style:
    """The style once these SGR parameters were met."""
    numbers = [int(code) if code.isdecimal() and len(code) < 4 else 0 for code in re.split("[;:]", codes)]
    at = 0
    while at < len(numbers):
        code = numbers[at]
        at += 1
        if code == 0:
            style = Style.null()
        elif code in (38, 48):
            name, used = _colour(numbers[at:])
            at += used
            if name:
                style += Style(color=name) if code == 38 else Style(bgcolor=name)
        elif code in _ON:
            style += _ON[code]
    return style


def _colour(numbers: list[int]) -> tuple[str, int]:
    """The name of an extended colour, and how many parameters told it."""
    if numbers[:1] == [5] and len(numbers) > 1:
        return f"color({min(numbers[1], 255)})", 2
    if numbers[:1] == [2] and len(numbers) > 3:
        red, green, blue = (min(part, 255) for part in numbers[1:4])
        return f"#{red:02x}{green:02x}{blue:02x}", 4
    return "", len(numbers)
