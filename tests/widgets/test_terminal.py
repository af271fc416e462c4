from __future__ import annotations

import random
from typing import Any

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.geometry import Region
from textual.pilot import Pilot
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static

import widgets.terminal as terminal
from tests.widgets.wire import Wire, cells, on_wire
from widgets.line_log import LineLog
from widgets.ranked_list import Column, RankedList, Row
from widgets.terminal import DiffDisplay, quiet_driver

WORDS = ("plain", "日本語 wide", "naïve café", "emoji 🚀 here", "✓ tick", "combining e\u0301x")


class Ask(ModalScreen[None]):
    CSS = "Ask { align: center middle; } Ask > Static { width: 30; height: 5; border: round $primary; }"
    BINDINGS = [("q", "dismiss", "Close")]  # noqa: RUF012

    def compose(self) -> ComposeResult:
        yield Static("Really? 日本", markup=False)


class Session(App[None]):
    CSS = "LineLog, RankedList, OptionList, #static { width: 1fr; } Horizontal { height: 1fr; }"

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield LineLog()
            yield RankedList(Column("rank", 4, "right"), Column("what"))
        with Horizontal():
            yield OptionList(*[f"option {i} {WORDS[i % len(WORDS)]}" for i in range(40)])
            yield Static("static", id="static", markup=False)

    def on_mount(self) -> None:
        self.query_one(LineLog).append(f"\x1b[3{i % 8}mline {i} {WORDS[i % len(WORDS)]}" for i in range(60))
        self.rank(0)
        self.query_one(RankedList).focus()

    def rank(self, seed: int) -> None:
        rows = [Row(f"r{i}", (str(i), WORDS[i % len(WORDS)]), ("", "alert", "ok")[i % 3]) for i in range(40)]
        random.Random(seed).shuffle(rows)
        self.query_one(RankedList).set_rows(rows)


class DiffSession(DiffDisplay, Session):
    pass


async def play(pilot: Pilot[Any], seed: int) -> None:
    """The same keys and changes for the same seed."""
    app, chance = pilot.app, random.Random(seed)
    for step in range(30):
        action = chance.randrange(9)
        if action < 4:
            await pilot.press(chance.choice(["j", "k", "G", "g", "ctrl+d", "pagedown", "tab", "end", "down"]))
        elif action == 4:
            app.query_one(LineLog).append([f"new {step} {chance.choice(WORDS)}"])
        elif action == 5:
            app.rank(step)
        elif action == 6:
            app.query_one("#static", Static).update(chance.choice(WORDS) * chance.randrange(1, 9))
        elif action == 7:
            await app.push_screen(Ask())
            await pilot.pause()
            await pilot.press("q")
        else:
            app.theme = chance.choice(["nord", "textual-light", "ansi-dark", "gruvbox"])
        await pilot.pause()


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_the_terminal_shows_the_same_cells_as_with_stock_textual(seed: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLORTERM", "truecolor")  # rich keeps a style's bytes for one depth only, per process
    shown: list[list[Any]] = []
    sent: list[int] = []

    async def session(pilot: Pilot[Any], wire: Wire) -> None:
        wire.take()
        await play(pilot, seed)
        sent.append(len(wire.take()))
        shown.append(wire.cells)

    for app in (Session(), DiffSession()):
        await on_wire(app, session)
    stock, diff = shown
    for y, (stock_row, diff_row) in enumerate(zip(stock, diff, strict=True)):
        assert stock_row == diff_row, f"row {y}"
    assert sent[1] * 2 < sent[0]


async def test_where_terminals_disagree_about_a_width_the_rest_of_the_row_still_stands_right():
    class Joined(DiffDisplay, App[None]):
        def compose(self) -> ComposeResult:
            yield Static("👩‍🚀|the rest", markup=False)

    async def session(pilot: Pilot[Any], wire: Wire) -> None:
        row = [text for text, _ in wire.cells[0]]
        assert "".join(row[2:11]) == "|the rest"

    await on_wire(Joined(), session)


async def test_nothing_is_sent_when_nothing_changed():
    async def session(pilot: Pilot[Any], wire: Wire) -> None:
        wire.take()
        for widget in pilot.app.query(Widget):
            widget.refresh()
        pilot.app.screen.refresh(layout=True)
        await pilot.pause()
        assert wire.take() == ""

    await on_wire(DiffSession(), session)


class Board(Widget):
    mark = "a"

    def render_line(self, y: int) -> Strip:
        style = self.rich_style
        from rich.segment import Segment

        return Strip([Segment("x" * 40 + (self.mark if y == 3 else "b") + "y" * 40, style)])


class BoardApp(DiffDisplay, App[None]):
    def compose(self) -> ComposeResult:
        yield Board()


async def test_one_changed_cell_costs_at_most_64_bytes():
    async def session(pilot: Pilot[Any], wire: Wire) -> None:
        board = pilot.app.query_one(Board)
        for region in (Region(0, 3, 81, 1), Region(40, 3, 1, 1), None):
            wire.take()
            board.mark = "b" if board.mark == "a" else "a"
            board.refresh(*([region] if region else []))
            await pilot.pause()
            assert 0 < len(wire.take().encode()) <= 64

    await on_wire(BoardApp(), session)


@pytest.mark.parametrize("loss", ["focus", "resume", "ask"])
async def test_a_picture_that_may_be_lost_is_painted_whole(loss: str):
    async def session(pilot: Pilot[Any], wire: Wire) -> None:
        app = pilot.app
        before = wire.cells
        wire.take()
        if loss == "focus":
            app.post_message(events.AppBlur())
            app.post_message(events.AppFocus())
        elif loss == "resume":
            from textual.driver import Driver

            app.post_message(Driver.SignalResume())
        else:
            app.forget_frame()
        await pilot.pause()
        await pilot.pause()
        assert cells(wire.take(), *app.size) == before

    await on_wire(DiffSession(), session)


async def test_a_first_focus_paints_nothing():
    async def session(pilot: Pilot[Any], wire: Wire) -> None:
        wire.take()
        pilot.app.post_message(events.AppFocus())
        await pilot.pause()
        assert wire.take() == ""

    await on_wire(DiffSession(), session)


async def test_after_a_resize_all_is_painted():
    async def session(pilot: Pilot[Any], wire: Wire) -> None:
        wire.take()
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        data = wire.take()
        assert [row[0][0] for row in cells(data, 80, 24)] == [row[0][0] for row in cells(wire.all, 80, 24)]
        assert len(data) > 80 * 24

    await on_wire(DiffSession(), session)


@pytest.mark.parametrize("reason", ["version", "environment"])
async def test_it_steps_aside(reason: str, monkeypatch: pytest.MonkeyPatch):
    if reason == "version":
        monkeypatch.setattr(terminal, "KNOWN", "0.0.0")
        assert quiet_driver() is None
    else:
        monkeypatch.setenv("COCKPIT_STOCK_DISPLAY", "1")

    async def session(pilot: Pilot[Any], wire: Wire) -> None:
        wire.take()
        pilot.app.screen.refresh()
        await pilot.pause()
        assert len(wire.take()) > 3000

    await on_wire(DiffSession(), session)


async def test_typing_keeps_the_terminal_cursor_at_the_caret():
    class Typing(DiffDisplay, App[None]):
        def compose(self) -> ComposeResult:
            field = Input()
            field.cursor_blink = False
            yield field

    async def session(pilot: Pilot[Any], wire: Wire) -> None:
        await pilot.press("a", "b")
        await pilot.pause()
        x, y = pilot.app.cursor_position
        assert wire.take().endswith(f"\x1b[{y + 1};{x + 1}H")

    await on_wire(Typing(), session)
