"""The main screen shows what is so, keeps the human's place, and sends nothing when nothing happens."""

from __future__ import annotations

import msgspec
import pytest

from cockpit.app import CockpitApp
from cockpit.panes.delegates import DelegatesPane
from cockpit.panes.signals import SignalsPane
from cockpit.panes.spec import SpecPane
from cockpit.screens.feeds import Log
from cockpit.wire import MutedView, SignalView
from tests.screens.conftest import NOW, Project, settle
from tests.screens.test_steering import ready, said, until
from widgets.line_log import LineLog
from widgets.markdown_lines import MarkdownLines
from widgets.parts import Parts
from widgets.ranked_list import RankedList

HOSTILE = (
    "\x1b]0;owned\x07\x1b[2J\x1b[31mred\x1b]52;c;cm0gLXJm\x07 \u202eabc\u2066 \u200bzero \x9b5n \x1bP1;1|x\x1b\\ "
    "[bold]markup[/] \x07\x08 AKIAIOSFODNN7EXAMPLE \ud83d"
)


def shown(app: CockpitApp) -> str:
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


async def test_keys_and_tab_go_from_pane_to_pane(project: Project):
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await ready(project, app, pilot)
        seen = []
        for key in ("1", "2", "3", "4", "tab", "tab", "shift+tab"):
            await pilot.press(key)
            seen.append(app.focused.id)
        lists = ["spec-lines", "signal-list", "queue-list", "delegate-list"]
        assert seen == [*lists, "log", "spec-lines", "log"]


async def test_the_selection_follows_the_item(project: Project):
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await ready(project, app, pilot)
        await pilot.press("j", "j")
        assert app.steerable.target.item == "q4"
        moved = project.spec.replace("- [ ] Import", "- [ ] Something first ^q9\n- [ ] Import")
        head, _, tail = moved.partition("- [x] Fetch")
        project.places.spec.write_text(head + "- [ ] Above all ^q0\n- [x] Fetch" + tail)
        await app.reload()
        await settle(pilot)
        assert app.steerable.target.item == "q4"


async def test_a_save_is_seen_and_a_broken_one_keeps_the_last_good(project: Project):
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await ready(project, app, pilot)
        project.places.spec.write_text(project.spec.replace("Import OPML", "Import and export OPML"))
        await until(pilot, lambda: "Import and export OPML" in shown(app))
        project.places.spec.write_text(project.spec.replace("  wip: 2", "  wip: [2"))
        await until(pilot, lambda: "line 8" in shown(app))
        assert len(app.view.document.queue) == 7
        project.places.spec.unlink()
        await until(pilot, lambda: "is gone" in shown(app))
        assert len(app.view.document.queue) == 7
        project.places.spec.write_text(project.spec)
        await until(pilot, lambda: app.view.trouble == "")


async def test_a_log_grows_on_the_screen(project: Project):
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await ready(project, app, pilot)
        with (project.places.turn("q3", 1) / "pane.log").open("a") as log:
            log.write("one line more\n")
        await until(pilot, lambda: "one line more" in shown(app))
        await pilot.press("4", "j")
        await settle(pilot)
        assert "one line more" not in shown(app), "another delegate has another log"


def test_a_log_is_read_as_it_grows_and_begins_anew_when_it_is_cut(tmp_path):
    path = tmp_path / "pane.log"
    log = Log(path)
    assert log.more() == (True, [])
    path.write_bytes(b"a\nb")
    assert log.more() == (True, ["a"])
    with path.open("ab") as file:
        file.write(b"c\nd\n")
    assert log.more() == (False, ["bc", "d"])
    path.write_bytes(b"z\n")
    assert log.more() == (True, ["z"])


async def test_a_filter_shows_only_what_matches(project: Project):
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await ready(project, app, pilot)
        await pilot.press("slash", *"offline", "enter")
        await settle(pilot)
        queue = app.screen.query_one("#queue-list", RankedList)
        assert (queue.shown_count, queue.selected) == (1, "q4")
        await pilot.press("escape")
        assert queue.shown_count == 7


async def test_the_spec_says_what_its_lines_stand_for(project: Project):
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await ready(project, app, pilot)
        await pilot.press("1", "slash", *"oldest", "escape")
        lines = project.spec.splitlines()
        for words, target in (("asks: keep", "q4"), ("| tests |", "tests"), ("`test_socket", "test_socket_reconnect")):
            number = next(at for at, text in enumerate(lines, 1) if words in text)
            app.screen.query_one(MarkdownLines).goto(number)
            assert app.screen.query_one(SpecPane).target.row == target


@pytest.mark.parametrize("size", [(160, 45), (80, 24), (59, 14)])
async def test_every_size_shows_something_whole(project: Project, size: tuple[int, int]):
    app = project.app()
    async with app.run_test(size=size) as pilot:
        await ready(project, app, pilot)
        assert ("too small" in shown(app)) == (size == (59, 14))
        await pilot.resize_terminal(160, 45)
        await settle(pilot)
        assert "1 Spec" in shown(app)


async def test_without_an_engine_the_facts_speak(project: Project):
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await settle(pilot)
        app.lost()
        await settle(pilot)
        text = shown(app)
        assert "engine down; keys still steer" in text
        assert app.screen.query_one("#delegate-list", RankedList).row_count == 4
        assert "failing" in text, "the signals written in the spec"


async def test_the_same_snapshot_paints_nothing(project: Project):
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await ready(project, app, pilot)
        painted: list[object] = []
        original = app._display
        app._display = lambda screen, renderable: (painted.append(renderable), original(screen, renderable))[1]
        app.feed(msgspec.structs.replace(project.snapshot(), version=8))
        await settle(pilot)
        assert [update for update in painted if getattr(update, "spans", True)] in ([], [None])


async def test_hostile_words_reach_no_terminal(project: Project):
    """Through every pane, the header, titles, windows: no escape, no control, no bidi, no secret, no markup taken."""
    row = project.snapshot().delegates[0]
    hostile = msgspec.structs.replace(
        row, text=HOSTILE, agent=HOSTILE, state=HOSTILE, evidence=HOSTILE, session=HOSTILE
    )
    signal = SignalView(key="k" + HOSTILE, what=HOSTILE, state=HOSTILE, since=NOW, action=HOSTILE, reasons=[HOSTILE],
                        evidence=[HOSTILE])  # fmt: skip
    muted = MutedView(key="m" + HOSTILE, what=HOSTILE, until=HOSTILE, reason=HOSTILE)
    snapshot = msgspec.structs.replace(
        project.snapshot(), branch=HOSTILE, state=HOSTILE, why=HOSTILE, fence=HOSTILE, budget=HOSTILE, notes=[HOSTILE],
        delegates=[hostile], signals=[signal], muted=[muted],
    )  # fmt: skip
    text = project.spec.replace("Import OPML", f"Import {HOSTILE}").replace("Lantern", HOSTILE)
    project.places.spec.write_bytes(text.encode("utf-8", "replace"))
    (project.places.turn("q3", 1) / "pane.log").write_bytes((HOSTILE + "\n").encode("utf-8", "surrogatepass") * 3)
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await settle(pilot)
        app.feed(snapshot)
        for keys in ((), ("2", "w"), ("escape",), ("4", "w"), ("escape",), ("3", "enter"), ("q",), ("l",)):
            await pilot.press(*keys)
            await settle(pilot)
            words = shown(app)
            for bad in ("\x1b", "\x07", "\x08", "\x9b", "\u202e", "\u2066", "\u200b", "AKIAIOSFODNN7EXAMPLE", "owned"):
                assert bad not in words, (bad, keys)
    log = app._main.query(LineLog)
    assert not log or all("\x1b]" not in line for line in log.first().lines)


async def test_the_signals_hold_still_while_one_stands_in_them(project: Project):
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await ready(project, app, pilot)
        await pilot.press("2")
        snapshot = project.snapshot()
        app.feed(msgspec.structs.replace(snapshot, signals=list(reversed(snapshot.signals))))
        await settle(pilot)
        signals = app.screen.query_one("#signal-list", RankedList)
        assert signals.rows[0].id == "delegate/q4"
        assert "another order, . shows" in str(app.screen.query_one(SignalsPane).border_title)
        await pilot.press("3")
        await settle(pilot)
        assert signals.rows[0].id == "commits/main"


async def test_new_signals_wait_for_a_key_and_one_that_is_over_says_so_in_its_place(project: Project):
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await ready(project, app, pilot)
        await pilot.press("2", "j")
        snapshot = project.snapshot()
        new = SignalView(key="new", what="something new", state="open", since=NOW, action="", level="error")
        app.feed(msgspec.structs.replace(snapshot, signals=[new, *snapshot.signals[1:]]))
        await settle(pilot)
        signals = app.screen.query_one("#signal-list", RankedList)
        pane = app.screen.query_one(SignalsPane)
        assert [str(cell) for cell in signals.rows[0].cells][2:5] == ["ended", "", ""]
        assert "+1 new, 1 gone, . shows" in str(pane.border_title)
        assert signals.selected == "delegate/q5"
        await pilot.press("full_stop")
        await settle(pilot)
        assert signals.rows[0].id == "new"
        assert signals.selected == "delegate/q5"
        assert "shows" not in str(pane.border_title)
        app.feed(snapshot)
        await settle(pilot)
        assert signals.rows[0].id == "new"


async def test_a_signal_that_is_muted_keeps_its_place_while_one_stands_there(project: Project):
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await ready(project, app, pilot)
        await pilot.press("2")
        snapshot = project.snapshot()
        muted = MutedView(key="tests", what="tests fail", until="next head", target="source:ci")
        app.feed(msgspec.structs.replace(snapshot, muted=[*snapshot.muted, muted],
                                         signals=[one for one in snapshot.signals if one.key != "tests"]))  # fmt: skip
        await settle(pilot)
        row = app.screen.query_one("#signal-list", RankedList).rows[2]
        assert (row.id, str(row.cells[2]), row.cells[5]) == (
            "tests", "muted", Parts(("source:ci", "until next head"), row.cells[5].style))  # fmt: skip
        await pilot.press("j", "j")
        assert app.steerable.target.row == "source:ci"


async def test_ctrl_c_twice_quits(project: Project):
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await ready(project, app, pilot)
        await pilot.press("ctrl+c")
        assert "again quits" in said(app)
        await pilot.press("j", "ctrl+c")
        assert app.is_running
        await pilot.press("ctrl+c")
    assert not app.is_running


async def test_zoom_and_back(project: Project):
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await ready(project, app, pilot)
        before = app.screen.query_one(DelegatesPane).size
        await pilot.press("4", "plus")
        await settle(pilot)
        assert app.screen.query_one(DelegatesPane).size.height > 35
        await pilot.press("plus")
        await settle(pilot)
        assert app.screen.query_one(DelegatesPane).size == before
