"""Apps run against a driver that keeps what would go to the terminal."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pyte
from textual.app import App
from textual.drivers.headless_driver import HeadlessDriver
from textual.pilot import Pilot


class CaptureDriver(HeadlessDriver):
    """Headless, yet Textual sends it every byte."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sent: list[str] = []

    @property
    def is_headless(self) -> bool:
        return False

    def write(self, data: str) -> None:
        self.sent.append(data)


class Wire:
    """The bytes of one app, as a whole and since the last look."""

    def __init__(self, app: App[Any]) -> None:
        self.app = app
        self._read = 0

    @property
    def all(self) -> str:
        return "".join(self.app._driver.sent)

    def take(self) -> str:
        """What was sent since the last call."""
        sent = self.app._driver.sent
        data = "".join(sent[self._read :])
        self._read = len(sent)
        return data

    @property
    def cells(self) -> list[list[Any]]:
        """What a terminal that got all these bytes shows."""
        return cells(self.all, *self.app.size)


async def on_wire(
    app: App[Any], play: Callable[[Pilot[Any], Wire], Awaitable[None]], size: tuple[int, int] = (100, 30)
) -> None:
    """Run `app` on a captured wire and play a session on it."""
    app.driver_class = CaptureDriver
    failures: list[BaseException] = []

    async def pilot_plays(pilot: Pilot[Any]) -> None:
        try:
            await pilot.pause()
            await play(pilot, Wire(app))
        except BaseException as error:
            failures.append(error)
        app.exit()

    await app.run_async(headless=False, size=size, auto_pilot=pilot_plays)
    if failures:
        raise failures[0]


def cells(data: str, width: int, height: int) -> list[list[Any]]:
    """Each cell as (text, colours and attributes); the foreground of a blank is nobody's business."""
    screen = pyte.Screen(width, height)
    stream = pyte.Stream(screen)
    stream.feed(data)
    rows: list[list[Any]] = []
    for y in range(height):
        row: list[Any] = []
        for x in range(width):
            cell = screen.buffer[y][x]
            bare = cell.data == " " and not (cell.underscore or cell.reverse or cell.strikethrough)
            look = (cell.bg,) if bare else (cell.fg, cell.bg, cell.bold, cell.italics, cell.underscore, cell.reverse)
            row.append((cell.data, look))
        rows.append(row)
    return rows
