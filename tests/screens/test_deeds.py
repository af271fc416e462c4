"""What a signal suggests is what enter does: something to carry out, or advice."""

from __future__ import annotations

import pytest

from cockpit.app import CockpitApp
from cockpit.screens.deeds import deed
from cockpit.screens.review import ReviewScreen
from cockpit.screens.timeline import TimelineScreen
from cockpit.screens.why import WhyScreen, of_signal
from cockpit.wire import SignalView
from tests.screens.conftest import NOW, Project, settle
from tests.screens.test_steering import said, until
from widgets.ranked_list import RankedList


@pytest.mark.parametrize(
    ("action", "does"),
    [
        ("inspect", "review"),
        ("Continue", "verb"),
        ("recycle at boundary", "why"),
        ("do not stop", "why"),
        ("interrupt", "verb"),
        ("accept", "why"),
        ("undo", "why"),
        ("reframe", "why"),
        ("dance", "why"),
        ("", "why"),
    ],
)
def test_an_action_is_a_deed_or_advice(action: str, does: str):
    assert deed(action).does == does


def test_what_steers_without_a_question_is_taken_back_as_easily():
    assert deed("continue").verb == "loop on"
    assert deed("accept").advice.startswith("a: ")


async def enter(project: Project, app: CockpitApp, pilot, action: str, item: str = "") -> None:
    signal = SignalView(key="x", what="x", state="stale", since=NOW, action=action, item=item, level="warn")
    app.feed(project.snapshot())
    await settle(pilot)
    app.feed(project.snapshot().__class__(version=8, branch="main", signals=[signal],
                                          delegates=project.snapshot().delegates))  # fmt: skip
    await settle(pilot)
    await pilot.press("2")
    assert app.screen.query_one("#signal-list", RankedList).select("x")
    await pilot.press("enter")
    await settle(pilot)


async def test_enter_does_what_can_be_done(project: Project):
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await enter(project, app, pilot, "log")
        assert isinstance(app.screen, TimelineScreen)
        await pilot.press("q")
        await enter(project, app, pilot, "review", "q2")
        assert isinstance(app.screen, ReviewScreen)
        await pilot.press("q")
        await enter(project, app, pilot, "interrupt", "q3")
        await until(pilot, lambda: app.steerable.foot.prompt.asking)
        await pilot.press("escape")
        await until(pilot, lambda: "cancelled" in said(app))
        await enter(project, app, pilot, "continue")
        await until(pilot, lambda: "the loop is at on already" in said(app))


async def test_enter_on_advice_says_why_with_the_advice(project: Project):
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await enter(project, app, pilot, "do not stop")
        assert isinstance(app.screen, WhyScreen)
        assert ("", "let it run: degraded, but proven; there is nothing to do") in of_signal(app.view, "x")
