"""What a signal suggests is what enter does: something to carry out, or advice."""

from __future__ import annotations

import pytest

from cockpit.app import CockpitApp
from cockpit.deeds import deed, places_named
from cockpit.screens import outside
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
        ("inspect", "look"),
        ("answer", "verb"),
        ("re-run", "why"),
        ("decide", "verb"),
        ("Continue", "verb"),
        ("recycle at boundary", "why"),
        ("do not stop", "why"),
        ("interrupt", "verb"),
        ("accept", "why"),
        ("undo", "why"),
        ("reframe", "verb"),
        ("dance", "why"),
        ("why", "why"),
        ("edit", "spec"),
        ("add", "verb"),
        ("", "why"),
    ],
)
def test_an_action_is_a_deed_or_advice(action: str, does: str):
    assert deed(action).does == does


def test_what_steers_without_a_question_is_taken_back_as_easily():
    assert deed("continue").verb == "loop on"
    assert deed("accept").advice.startswith("a: ")


async def enter(project: Project, app: CockpitApp, pilot, action: str, item: str = "", evidence: str = "") -> None:
    signal = SignalView(key="x", what="x", state="stale", since=NOW, action=action, item=item, level="warn",
                        evidence=[evidence])  # fmt: skip
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
        await until(pilot, lambda: "the loop is on already" in said(app))
        await enter(project, app, pilot, "add")
        await until(pilot, lambda: "New item" in app.steerable.foot.prompt.question)


async def test_enter_on_advice_says_why_with_the_advice(project: Project):
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await enter(project, app, pilot, "do not stop")
        assert isinstance(app.screen, WhyScreen)
        assert ("", "let it run: degraded, but proven; there is nothing to do") in of_signal(app.view, "x")


def named(*evidence: str, key: str = "k", paths: tuple[str, ...] = ()) -> list[tuple[str, int]]:
    return places_named(SignalView(key=key, what="it fails", state="", since=NOW, action="open",
                                   evidence=list(evidence), paths=list(paths)))  # fmt: skip


def test_the_files_a_signal_names_come_with_their_line_first():
    assert named("FAILED tests/test_a.py::test_b - assert 1 == 2", "src/a.py:12: in f") == [
        ("src/a.py", 12),
        ("tests/test_a.py", 0),
    ]
    assert named(key="tests/test_a.py::test_b", paths=("src/b.py",)) == [("tests/test_a.py", 0), ("src/b.py", 0)]
    assert named("3 of 9 runs, 12:30", key="queue") == []


async def test_inspect_opens_the_file_that_the_evidence_names(project: Project, monkeypatch):
    opened: list[tuple[str, int]] = []
    monkeypatch.setattr(outside, "edit", lambda _app, file, line: opened.append((file.name, line)))
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await enter(project, app, pilot, "inspect", evidence="src/lantern/fetch.py:7: NameError")
        assert opened == [("fetch.py", 7)]
        await enter(project, app, pilot, "open", evidence="src/lantern/gone.py:7: NameError")
        assert isinstance(app.screen, WhyScreen)


async def test_answer_asks_for_the_answer_and_sends_it(project: Project):
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await enter(project, app, pilot, "answer", "q4")
        await until(pilot, lambda: app.steerable.foot.prompt.asking)
        assert "keep `--offline` as a flag" in app.steerable.foot.prompt.question
        await pilot.press(*"flag", "enter")
        await until(pilot, lambda: "flag" in said(app))
        item = app.view.document.item("q4")
        assert item is not None
        assert item.value("iterate") == "flag"
