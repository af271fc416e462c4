"""What stands beside the queue, on the screen: pending and backlog below it, items moved and ticked by one key."""

from __future__ import annotations

from textual.binding import Binding
from textual.pilot import Pilot

from cockpit.app import CockpitApp
from cockpit.panes import queue
from cockpit.panes.pane import Target
from cockpit.panes.spec import target_at
from cockpit.panes.view import View
from cockpit.report import counts
from cockpit.screens.main import MainScreen
from cockpit.spec import Kind, Mark, parse
from tests.screens.conftest import NOW, Project
from tests.screens.test_pictures import SECTIONS
from tests.screens.test_steering import ready, said, until
from widgets.markdown_lines import MarkdownLines
from widgets.ranked_list import RankedList

SPEC = "## Queue\n- [ ] work ^q1\n" + SECTIONS
VIEW = View(document=parse(SPEC.encode()), engine="up", now=NOW)


def words(view: View) -> list[str]:
    return [str(row.cells[2]) for row in queue.rows(view)]


def test_pending_and_backlog_stand_below_the_queue_under_headings():
    assert words(VIEW) == [
        "work",
        "Pending · 1 of 1",
        "Ask Grace for the feed of the archive",
        "Backlog · 2 of 2",
        "Sort feeds by how often they are read",
        "Export highlights as markdown",
    ]
    assert words(VIEW.but(document=parse(b"## Queue\n- [ ] work\n## Backlog\n"))) == ["work"]


def test_the_spec_pane_counts_what_is_met_what_fails_and_what_is_pending():
    assert counts(VIEW.document) == "acceptance 1/3 · failures 1 · pending 1"
    assert counts(parse(b"## Queue\n- [ ] work\n")) == ""


def test_a_line_of_a_section_says_where_something_is_added():
    number = SPEC.split("\n").index("## Known failures") + 1
    assert target_at(VIEW.document, number) == Target(section="known failures")


async def at(project: Project, app: CockpitApp, pilot: Pilot[None], row: str) -> None:
    project.places.spec.write_text(project.spec + SECTIONS)
    await app.reload()
    await ready(project, app, pilot)
    assert app.screen.query_one("#queue-list", RankedList).select(row)


async def test_keys_move_an_item_up_down_to_the_backlog_and_back(project: Project):
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await at(project, app, pilot, "q6")
        await pilot.press("<")
        await until(pilot, lambda: "moved q6: up" in said(app))
        assert [item.id for item in app.view.document.queue][-3:] == ["q6", "q5", "q7"]
        await pilot.press(">")
        await until(pilot, lambda: "moved q6: down" in said(app))
        await pilot.press("b")
        await until(pilot, lambda: "moved q6: backlog" in said(app))
        assert [item.id for item in app.view.document.of(Kind.BACKLOG)][-1] == "q6"
        assert app.steerable.target.item == "q6", "the selection goes along"
        await pilot.press("b")
        await until(pilot, lambda: "moved q6: queue" in said(app))
        assert [item.id for item in app.view.document.queue][-1] == "q6"


async def test_the_selection_follows_an_item_that_gets_its_first_id(project: Project):
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await at(project, app, pilot, "b1")
        await pilot.press("k")
        assert app.steerable.target.item.startswith("~")
        await pilot.press(">")
        await until(pilot, lambda: "moved b2: down" in said(app))
        await until(pilot, lambda: app.steerable.target.item == "b2")


async def test_an_item_is_ticked_and_added_where_one_stands(project: Project):
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await at(project, app, pilot, "i1")
        await pilot.press("space")
        await until(pilot, lambda: "ticked or not: i1" in said(app))
        assert app.view.document.of(Kind.PENDING)[0].mark is Mark.DONE
        await pilot.press("j", "o")
        await until(pilot, lambda: app.steerable.foot.prompt.asking)
        await pilot.press(*"later", "enter")
        await until(pilot, lambda: "added: later" in said(app))
        assert app.view.document.of(Kind.BACKLOG)[1].text == "later", "below the item one stands on"


async def test_the_cursor_goes_from_item_to_item_over_the_headings(project: Project):
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await at(project, app, pilot, "q7")
        seen: list[str] = []
        for key in "jjkk":
            await pilot.press(key)
            seen.append(app.steerable.target.item)
        assert [seen[0], seen[2], seen[3]] == ["i1", "i1", "q7"]
        assert seen[1].startswith("~"), "the first of the backlog, which has no id yet"
        await pilot.click("#queue-list", offset=(5, 7))
        assert app.steerable.target.item == "q7", "a click on `Pending` selects nothing else"


async def test_a_queue_without_items_begins_at_the_first_of_the_backlog(project: Project):
    project.places.spec.write_text("## Backlog\n- [ ] later ^b1\n")
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await ready(project, app, pilot)
        assert app.steerable.target.item == "b1"
        await pilot.press("k")
        assert app.steerable.target.item == "b1"


async def test_brackets_go_from_heading_to_heading(project: Project):
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await at(project, app, pilot, "q2")
        await pilot.press("1")
        lines = app.screen.query_one(MarkdownLines)
        lines.goto(1)
        seen: list[str] = []
        for _ in range(4):
            await pilot.press("]")
            seen.append(lines.lines[lines.cursor_line - 1])
        assert seen == ["# Lantern", "## Goal", "## Live Signals", "## Queue"]
        await pilot.press("[")
        assert lines.lines[lines.cursor_line - 1] == "## Live Signals"


def test_no_two_keys_of_the_main_screen_are_the_same():
    keys = [key for entry in MainScreen.BINDINGS if isinstance(entry, Binding) for key in entry.key.split(",")]
    assert sorted(keys) == sorted(set(keys))
