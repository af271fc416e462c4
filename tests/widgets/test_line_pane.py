from __future__ import annotations

import pytest
from rich.text import Text

from tests.widgets.stage import Stage, lines_of
from tests.widgets.wire import on_wire
from widgets.line_pane import LinePane


class Numbers(LinePane):
    def __init__(self, count: int = 100) -> None:
        super().__init__()
        self.count = count
        self.rendered: list[int] = []
        self.chosen: list[int] = []

    @property
    def row_count(self) -> int:
        return self.count

    def render_row(self, index: int, width: int) -> Text:
        self.rendered.append(index)
        return Text(f"row {index}")

    def row_text(self, index: int) -> str:
        return f"row {index}"

    def choose(self, index: int) -> None:
        self.chosen.append(index)

    def on_mount(self) -> None:
        self.rows_changed()


SIZE = (40, 20)


@pytest.mark.parametrize(
    ("keys", "row"),
    [
        ("j", 1),
        ("down down k", 1),
        ("k", 0),
        ("G", 99),
        ("G g", 0),
        ("end home", 0),
        ("ctrl+d", 9),
        ("ctrl+d ctrl+u", 0),
        ("pagedown", 19),
        ("pagedown pagedown pageup", 19),
    ],
)
async def test_the_cursor_goes_where_the_key_says_and_stays_in_view(keys: str, row: int):
    pane = Numbers()
    async with Stage(pane).run_test(size=SIZE) as pilot:
        await pilot.press(*keys.split())
        assert pane.cursor == row
        assert f"▌row {row}" in lines_of(pilot.app)


async def test_a_cursor_move_renders_two_rows_and_no_other():
    pane = Numbers()
    async with Stage(pane).run_test(size=SIZE) as pilot:
        await pilot.press("j", "k")
        pane.rendered.clear()
        await pilot.press("j")
        await pilot.pause()
        assert set(pane.rendered) <= {0, 1}


async def test_only_refreshed_rows_are_rendered_again():
    pane = Numbers()
    async with Stage(pane).run_test(size=SIZE) as pilot:
        await pilot.pause()
        pane.rendered.clear()
        pane.refresh_rows([3, 5, 70])
        await pilot.pause()
        assert pane.rendered == [3, 5]


async def test_focus_renders_only_the_cursor_s_row_anew():
    pane = Numbers()
    async with Stage(pane).run_test(size=SIZE) as pilot:
        await pilot.pause()
        pane.rendered.clear()
        pilot.app.set_focus(None)
        await pilot.pause()
        pane.focus()
        await pilot.pause()
        assert set(pane.rendered) <= {0}


async def test_a_theme_renders_everything_anew():
    pane = Numbers()
    async with Stage(pane).run_test(size=SIZE) as pilot:
        await pilot.pause()
        pane.rendered.clear()
        pilot.app.theme = "textual-light"
        await pilot.pause()
        assert set(pane.rendered) == set(range(20))


async def test_a_filter_shows_what_contains_the_words_and_the_cursor_goes_there():
    pane = Numbers()
    async with Stage(pane).run_test(size=SIZE) as pilot:
        pane.set_filter("ROW 7".lower())
        await pilot.pause()
        assert [line.strip("▌ ") for line in lines_of(pilot.app)[:11]] == ["row 7", *[f"row 7{i}" for i in range(10)]]
        assert pane.cursor == 7
        await pilot.press("G", "k")
        assert pane.cursor == 78
        pane.set_filter("Row")
        await pilot.pause()
        assert pane.shown_count == 0
        pane.set_filter("")
        assert pane.shown_count == 100
        assert pane.cursor == 78


async def test_a_slash_asks_for_a_filter():
    pane = Numbers()
    async with Stage(pane).run_test(size=SIZE) as pilot:
        await pilot.press("slash")
        assert [message.pane for message in pilot.app.told(LinePane.FilterAsked)] == [pane]


async def test_a_click_moves_a_double_click_chooses_and_the_wheel_scrolls():
    pane = Numbers()
    async with Stage(pane).run_test(size=SIZE) as pilot:
        await pilot.click(pane, offset=(3, 4))
        assert pane.cursor == 4
        assert pane.chosen == []
        await pilot.click(pane, offset=(3, 5), times=2)
        assert pane.chosen == [5]
        pane.scroll_to(y=50, animate=False)
        await pilot.pause()
        await pilot.click(pane, offset=(3, 1))
        assert pane.cursor == 51


async def test_an_empty_pane_says_so_and_survives_every_key():
    pane = Numbers(0)
    pane.empty = "nothing here"
    async with Stage(pane).run_test(size=SIZE) as pilot:
        await pilot.press("j", "k", "G", "g", "ctrl+d", "pageup", "enter")
        assert lines_of(pilot.app)[0] == " nothing here"
        assert pane.copy_text() == ""


async def test_rows_that_go_take_the_cursor_along():
    pane = Numbers()
    async with Stage(pane).run_test(size=SIZE) as pilot:
        await pilot.press("G")
        pane.count = 10
        pane.rows_changed()
        await pilot.pause()
        assert pane.cursor == 9
        assert "▌row 9" in lines_of(pilot.app)


async def test_an_idle_pane_sends_nothing():
    async def session(pilot, wire):
        await pilot.press("j")
        await pilot.pause()
        wire.take()
        await pilot.pause(1.0)
        assert wire.take() == ""

    await on_wire(Stage(Numbers()), session)


async def test_a_cursor_move_costs_few_bytes(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLORTERM", "truecolor")

    async def session(pilot, wire):
        await pilot.press("j")
        await pilot.pause()
        wire.take()
        await pilot.press("j")
        await pilot.pause()
        assert 0 < len(wire.take().encode()) <= 360

    await on_wire(Stage(Numbers()), session, size=(106, 41))
