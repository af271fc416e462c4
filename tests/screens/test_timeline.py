"""The timeline on the screen: each act with its diff, undone and redone where it stands, however long history is."""

from __future__ import annotations

import threading

import pytest
from textual.pilot import Pilot

from cockpit import persist
from cockpit.screens import timeline
from cockpit.screens.timeline import TimelineScreen
from tests.screens.conftest import Project, settle
from tests.screens.test_steering import ready, said, until
from widgets.diff_lines import DiffLines
from widgets.ranked_list import RankedList

SIZE = (160, 45)


def shown(screen: TimelineScreen) -> str:
    """The words of the act under the cursor and its diff."""
    widget = screen.query_one(DiffLines)
    return "\n".join(widget.row_text(row) for row in range(widget.row_count))


async def opened(pilot: Pilot[None], *keys: str) -> TimelineScreen:
    await pilot.press("l", *keys)
    await settle(pilot)
    screen = pilot.app.screen
    assert isinstance(screen, TimelineScreen)
    return screen


async def test_the_diff_is_that_of_the_act_under_the_cursor(project: Project):
    app = project.app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(project, app, pilot)
        screen = await opened(pilot)
        assert "why: flaky, PER-9" in shown(screen)
        await pilot.press("j")
        await until(pilot, lambda: "defer q7" in shown(screen))
        assert "+- [>] Full-text" in shown(screen)
        assert "PER-9" not in shown(screen)


async def test_any_act_is_taken_back_and_brought_back_where_it_stands(project: Project):
    app = project.app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(project, app, pilot)
        await pilot.press("p")
        await until(pilot, lambda: "pinned" in said(app))
        await pilot.press("h")
        await until(pilot, lambda: "the loop holds" in said(app))
        screen = await opened(pilot, "j")
        act = screen.target.row
        await pilot.press("z")
        await until(pilot, lambda: "took back" in said(app))
        await until(pilot, lambda: "taken back by" in shown(screen))
        assert screen.target.row == act
        assert app.view.document.pins == ()
        await pilot.press("z")
        await until(pilot, lambda: "undone already" in said(app))
        await pilot.press("Z")
        await until(pilot, lambda: "brought back" in said(app))
        await until(pilot, lambda: "taken back by" not in shown(screen))
        assert len(app.view.document.pins) == 1
        await pilot.press("g")
        await until(pilot, lambda: "takes back" in shown(screen))


async def test_enter_goes_to_the_diff_and_escape_back_to_the_list(project: Project):
    app = project.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(project, app, pilot)
        screen = await opened(pilot, "enter")
        assert isinstance(screen.focused, DiffLines)
        assert screen.query_one("#act-part").size.height > 5
        await pilot.press("escape")
        assert isinstance(screen.focused, RankedList)
        await pilot.press("escape")
        await pilot.pause()
        assert not isinstance(app.screen, TimelineScreen)


async def test_the_end_of_a_page_brings_the_next(project: Project, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(timeline, "PAGE", 2)
    app = project.app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(project, app, pilot)
        screen = await opened(pilot)
        listed = screen.query_one(RankedList)
        assert len(listed.rows) == 2
        for count in (4, 8):
            await pilot.press("G")
            await until(pilot, lambda count=count: len(listed.rows) == count)
        await pilot.press("G")
        await until(pilot, lambda: screen.query_one("#timeline-part").border_subtitle == "8 acts")


async def test_a_filter_looks_in_all_of_history(project: Project, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(timeline, "PAGE", 2)
    app = project.app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(project, app, pilot)
        screen = await opened(pilot, "slash", *"dispatch", "enter")
        await until(pilot, lambda: screen.query_one(RankedList).shown_count == 1)
        await until(pilot, lambda: "turn 1" in shown(screen))


async def test_keys_are_free_while_git_is_read(project: Project, monkeypatch: pytest.MonkeyPatch):
    going, reads = threading.Event(), persist.diff

    def slow(places, act):
        going.wait(10)
        return reads(places, act)

    app = project.app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(project, app, pilot)
        screen = await opened(pilot)
        monkeypatch.setattr(persist, "diff", slow)
        first = screen.target.row
        await pilot.press("j")
        await pilot.pause(timeline.REST * 2)
        await pilot.press("j")
        assert screen.target.row != first
        going.set()
        await until(pilot, lambda: screen.target.row[:7] in str(screen.query_one("#act-part").border_title))
