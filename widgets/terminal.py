"""Every touch of Textual's private parts: sending only cells that changed, and asking the mouse for clicks only.

Textual never compares frames: a dirty region is sent whole (limits-screen C5). Both parts here know textual 8.2.8 by
heart and step aside for any other version; `COCKPIT_STOCK_DISPLAY=1` switches the first one off.
"""

# pyright: reportPrivateUsage=false

from __future__ import annotations

import os
import sys
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, cast

import textual
from rich.color import ColorSystem
from textual import events
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App, ScreenStackError
from textual.driver import Driver
from textual.geometry import Offset
from textual.strip import Strip

from widgets.frame import PLAIN, Frame, row_of

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.screen import Screen

KNOWN = "8.2.8"
"""The version of Textual whose private parts are known here."""

STOCK = "COCKPIT_STOCK_DISPLAY"
"""Set to 1 this variable of the environment leaves sending to Textual."""

SYNC_FROM = 256
"""Bytes from which a frame is wrapped into a synchronized update; a smaller one arrives in one piece anyway."""

Chop = tuple[int, int, Strip]


@cache
def _version() -> str:
    return textual.__version__  # reads the package's metadata each time: 1 ms


def known() -> bool:
    """Whether this Textual is the one known here."""
    return _version() == KNOWN


class DiffDisplay(App[Any] if TYPE_CHECKING else object):
    """Put before `App` among the bases: cells the terminal already shows are not sent again.

    Nothing changed means no byte at all (design law 7). After a resize, a suspension, or a focus coming back the
    picture is taken as unknown and painted whole; `forget_frame` does the same at any time.
    """

    _frame: Frame | None = None
    _painted: list[dict[int, Strip]] = []  # noqa: RUF012 - replaced with every new frame, never changed here
    _cursor_sent: Offset | None = None
    _away = False

    @property
    def sends_differences(self) -> bool:
        """Whether only changed cells are sent."""
        return known() and os.environ.get(STOCK) != "1"

    def forget_frame(self) -> None:
        """Take the terminal's picture as unknown and paint all of it."""
        self._frame = None
        try:
            self.screen.refresh()
        except ScreenStackError:
            return

    async def on_event(self, event: events.Event) -> None:
        """After these the terminal may show anything."""
        if isinstance(event, events.AppBlur):
            self._away = True
        elif isinstance(event, Driver.SignalResume) or (isinstance(event, events.AppFocus) and self._away):
            self._away = False
            self.forget_frame()
        elif isinstance(event, events.Resize):
            self._frame = None
        await super().on_event(event)

    @contextmanager
    def suspend(self) -> Generator[None, None, None]:
        """Suspend the app; what the terminal shows afterwards is unknown."""
        with super().suspend():
            yield
        self.forget_frame()

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        known_update = isinstance(renderable, LayoutUpdate | ChopsUpdate)
        if not known_update or not self.sends_differences or self.is_inline:
            if renderable is not None and not self._batch_count:
                self._frame = None
            super()._display(screen, renderable)
            return
        try:
            driver = self._driver
            if self._batch_count or not self._running or self._closed or driver is None or driver.is_headless:
                return
            try:
                data = self._differences(renderable)
            except Exception as error:
                self._frame = None
                self._handle_exception(error)
                return
            if data:
                synchronized = len(data) >= SYNC_FROM
                if synchronized:
                    self._begin_update()
                driver.write(data)
                if synchronized:
                    self._end_update()
                driver.flush()
        finally:
            self.post_display_hook()

    def _differences(self, update: LayoutUpdate | ChopsUpdate) -> str:
        """The bytes of an update: cells that changed, a reset if needed, and the cursor's place."""
        width, height = self.screen.outer_size
        frame, painted = self._frame, self._painted
        if frame is None or (frame.width, frame.height) != (width, height):
            frame = self._frame = Frame(width, height)
            painted = self._painted = [{} for _ in range(height)]
            self._cursor_sent = None
        colors = self.console._color_system or ColorSystem.TRUECOLOR
        out: list[str] = []
        pen = PLAIN
        for x, y, strip in _chops(update):
            if y >= height or painted[y].get(x) is strip:
                continue
            cells, pens = row_of(strip, colors)
            data, pen = frame.paint(x, y, cells, pens, pen)
            out.append(data)
            _cover(painted[y], x, strip)
        text = "".join(out)
        if pen is not PLAIN:
            text += "\x1b]8;;\x1b\\\x1b[m" if pen.link else "\x1b[m"
        cursor = self.screen.outer_size.clamp_offset(self.cursor_position)
        if text or cursor != self._cursor_sent:
            text += f"\x1b[{cursor.y + 1};{cursor.x + 1}H" if any(cursor) else "\x1b[H"
            self._cursor_sent = cursor
            self._previous_cursor_position = cursor
        return text


def _cover(row: dict[int, Strip], x: int, strip: Strip) -> None:
    """Note that `strip` is shown at `x`; what it covers, even in part, is no longer known to be shown."""
    end = x + strip.cell_length
    for other, covered in list(row.items()):
        if other < end and x < other + covered.cell_length:
            del row[other]
    row[x] = strip


def _chops(update: LayoutUpdate | ChopsUpdate) -> Iterable[Chop]:
    """The pieces of an update as (x, y, strip)."""
    if isinstance(update, LayoutUpdate):
        for y, line in enumerate(update.strips, update.region.y):
            x = update.region.x
            for strip in line:
                yield x, y, strip
                x += strip.cell_length
        return
    for y, left, right in update.spans:
        if not 0 <= y < len(update.chops):
            continue
        for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is not None and x < right and end > left:
                yield x, y, strip


def quiet_driver() -> type[Driver] | None:
    """A driver that asks for clicks and the wheel, not for every movement; None (Textual's own) where it isn't known.

    Movement costs 4.7 KB of repaint each over SSH with stock Textual, and upstream traffic in any case.
    """
    if not known() or sys.platform == "win32":
        return None
    from textual.drivers.linux_driver import LinuxDriver

    class QuietDriver(LinuxDriver):
        """Clicks and wheel (?1000) in SGR coordinates (?1006)."""

        def _enable_mouse_support(self) -> None:
            if self._mouse:
                self.write("\x1b[?1000h\x1b[?1006h")
                self.flush()

    return cast("type[Driver]", QuietDriver)
