"""Keys steer: each is one commit on the spec, said in one line; what makes no sense is refused with the reason."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from textual.pilot import Pilot
from textual.widgets import Static, TextArea

from cockpit import facts, sense
from cockpit.app import CockpitApp
from cockpit.screens.heeding import Heeding
from cockpit.screens.judging import answer
from cockpit.screens.review import ReviewScreen
from cockpit.spec import Mark, exchange
from cockpit.verbs import BY_NAME
from cockpit.wire import SignalView
from tests.screens.conftest import NOW, Project, settle


async def until(pilot: Pilot[None], condition: Callable[[], bool]) -> None:
    """Until it is so; fails after ten seconds."""
    import time

    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end, pilot.app.steerable.foot.said
        await pilot.pause(0.01)


async def ready(project: Project, app: CockpitApp, pilot: Pilot[None]) -> None:
    await settle(pilot)
    app.feed(project.snapshot())
    await settle(pilot)


def said(app: CockpitApp) -> str:
    return app.steerable.foot.said


async def test_a_key_leaves_a_commit_and_a_receipt(project: Project):
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await ready(project, app, pilot)
        before = project.git("rev-parse", "HEAD")
        await pilot.press("p")
        await until(pilot, lambda: "pinned" in said(app))
        assert project.git("rev-parse", "HEAD~1") == before
        assert "Cockpit-Verb: pin" in project.git("log", "-1", "--format=%B")
        assert project.git("rev-parse", "--short=7", "HEAD") in said(app)
        assert app.view.document.pins[0].target == "q2"


async def test_accept_in_the_review_binds_the_reviewed_head(project: Project):
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await ready(project, app, pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, ReviewScreen)
        await pilot.press("a")
        await until(pilot, lambda: app.steerable.foot.prompt.asking)
        await pilot.press("y")
        await until(pilot, lambda: "accepted q2" in said(app))
        item = app.view.document.item("q2")
        assert item is not None
        head = project.git("rev-parse", "delegate/q2")
        assert item.value("verdict") == f"accept {head[:12]}"
        await pilot.press("q")
        assert not isinstance(app.screen, ReviewScreen)


async def test_a_stale_verdict_is_shown_and_refused(project: Project):
    project.write("src/lantern/new.py", "x = 1\n")
    project.commit("Another change", "2026-11-21T10:25:00+00:00")
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await ready(project, app, pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert "STALE" in "".join(strip.text for strip in app.screen._compositor.render_strips())
        await pilot.press("a")
        await until(pilot, lambda: "stale" in said(app))
        assert app.view.document.item("q2").value("verdict") == ""


async def test_what_makes_no_sense_is_refused_with_the_reason(project: Project):
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await ready(project, app, pilot)
        before = project.git("rev-parse", "HEAD")
        await pilot.press("x")
        await until(pilot, lambda: "q2 is not running" in said(app))
        assert project.git("rev-parse", "HEAD") == before
        assert not app.steerable.foot.prompt.asking, "a refused verb asks nothing"


async def test_a_cancelled_prompt_changes_nothing(project: Project):
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await ready(project, app, pilot)
        before = project.places.spec.read_bytes()
        for key in ("escape", "ctrl+c"):
            await pilot.press("i")
            await until(pilot, lambda: app.steerable.foot.prompt.asking)
            await pilot.press("x", key)
            await until(pilot, lambda: "cancelled" in said(app))
            await until(pilot, lambda: app.focused is not None and app.focused.id == "queue-list")
        assert project.places.spec.read_bytes() == before


async def test_a_required_word_is_asked_for_again(project: Project):
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await ready(project, app, pilot)
        await pilot.press("o")
        await until(pilot, lambda: app.steerable.foot.prompt.asking)
        await pilot.press("enter")
        await pilot.pause()
        assert app.steerable.foot.prompt.asking
        await pilot.press(*"Say more", "enter")
        await until(pilot, lambda: "added: Say more" in said(app))
        assert any(item.text == "Say more" for item in app.view.document.queue)


async def test_an_item_is_made_out_of_the_signal_that_is_selected(project: Project):
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await ready(project, app, pilot)
        await pilot.press("2", "j", "j", "o")
        await until(pilot, lambda: app.steerable.foot.prompt.asking)
        assert app.steerable.foot.prompt.question.startswith("add from signal tests · New item")
        await pilot.press("enter")
        await until(pilot, lambda: "added: Look into: tests fail on main" in said(app))
        (item,) = [item for item in app.view.document.queue if item.value("from")]
        assert (item.text, item.value("from")) == ("Look into: tests fail on main", "signal tests")


async def test_a_mute_asks_what_until_when_and_why_and_tab_chooses(project: Project):
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await ready(project, app, pilot)
        await pilot.press("2", "j", "j", "m")
        await until(pilot, lambda: "What" in app.steerable.foot.prompt.question)
        assert "hides 1 row" in hint(app)
        await pilot.press("tab", "tab", "tab", "enter")
        await until(pilot, lambda: "Until" in app.steerable.foot.prompt.question)
        await pilot.press("tab", "enter")
        await until(pilot, lambda: "Why" in app.steerable.foot.prompt.question)
        await pilot.press(*"known", "enter")
        await until(pilot, lambda: "muted source:ci" in said(app))
        mute = app.view.document.mutes[-1]
        assert (mute.target, mute.until, mute.reason) == ("source:ci", "next head", "known")


async def test_a_mute_for_always_asks_for_a_reason_until_it_has_one(project: Project):
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await ready(project, app, pilot)
        await pilot.press("2", "j", "j", "m")
        await until(pilot, lambda: "What" in app.steerable.foot.prompt.question)
        await pilot.press("enter")
        await until(pilot, lambda: "Until" in app.steerable.foot.prompt.question)
        await pilot.press("shift+tab", "enter")
        await until(pilot, lambda: "Why" in app.steerable.foot.prompt.question)
        await pilot.press("enter")
        await settle(pilot)
        assert app.steerable.foot.prompt.asking
        await pilot.press(*"noise", "enter")
        await until(pilot, lambda: "muted tests" in said(app))
        assert (app.view.document.mutes[-1].until, app.view.document.mutes[-1].reason) == ("always", "noise")


async def test_a_mute_is_ended_from_the_shelf_by_what_it_names(project: Project):
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await ready(project, app, pilot)
        await pilot.press("2", "G", "M")
        await until(pilot, lambda: "unmuted test_socket_reconnect" in said(app))
        assert not app.view.document.mutes


async def test_an_act_on_a_signal_is_told_to_the_ranking_and_a_mute_is_not(project: Project):
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await ready(project, app, pilot)
        signals = [msgspec.structs.replace(one, family=f"1.x.{one.key}") for one in project.snapshot().signals]
        app.feed(msgspec.structs.replace(project.snapshot(), signals=signals))
        await settle(pilot)
        await pilot.press("2", "enter")
        await until(pilot, lambda: app.steerable.foot.prompt.asking)
        await pilot.press(*"flag", "enter")
        await until(pilot, lambda: project.places.spool.exists())
        (told,) = sense.spool.read(project.places.spool, sense.spool.Offset(), NOW).events
        assert (told.source, told.kind, told.attrs) == ("user", "user.accept", {"target": "1.x.delegate/q4"})
        await pilot.press("2", "j", "j", "N", *"no", "enter")
        await until(pilot, lambda: "not the real issue: tests" in said(app))
        assert len(sense.spool.read(project.places.spool, sense.spool.Offset(), NOW).events) == 1


def test_an_act_answers_the_signal_that_was_opened_shortly_before():
    asks = SignalView(key="delegate/q4", what="", state="", since=0, action="answer", item="q4", family="1.d.4")
    goes = SignalView(key="fence/hold", what="", state="", since=0, action="continue", family="1.f.h")
    heeding = Heeding()
    assert heeding.heeds(BY_NAME["iterate"], "q4", None, 0.0) == ""
    heeding.open(asks, 100.0)
    assert heeding.heeds(BY_NAME["iterate"], "q4", None, 219.0) == "1.d.4"
    assert heeding.heeds(BY_NAME["iterate"], "q4", None, 221.0) == ""
    assert heeding.heeds(BY_NAME["iterate"], "q5", None, 110.0) == ""
    assert heeding.heeds(BY_NAME["mute"], "q4", asks, 110.0) == ""
    assert heeding.heeds(BY_NAME["loop on"], "", goes, 110.0) == ""
    heeding.open(goes, 120.0)
    assert heeding.heeds(BY_NAME["loop on"], "", goes, 121.0) == "1.f.h"


def hint(app: CockpitApp) -> str:
    return str(app.screen.query_one("#prompt-hint", Static).content)


async def test_undo_takes_the_last_act_back(project: Project):
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await ready(project, app, pilot)
        before = project.places.spec.read_bytes()
        await pilot.press("p")
        await until(pilot, lambda: "pinned" in said(app))
        await pilot.press("z")
        await until(pilot, lambda: "took back" in said(app))
        assert project.places.spec.read_bytes() == before


async def test_reframe_edits_the_goal_in_a_small_editor(project: Project):
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await ready(project, app, pilot)
        await pilot.press("R")
        await until(pilot, lambda: bool(app.screen.query(TextArea)))
        app.screen.query_one(TextArea).text = "Another goal,\nin two lines."
        await pilot.press("ctrl+d")
        await until(pilot, lambda: "the goal is changed" in said(app))
        assert app.view.document.goal == "Another goal,\nin two lines."


async def test_a_knob_is_turned_from_the_screen_and_a_bad_value_is_refused(project: Project):
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await ready(project, app, pilot)
        for value, words in (("many", "cannot be `many`"), ("4", "wip is 4 now")):
            await pilot.press("T")
            await until(pilot, lambda: "knob" in app.steerable.foot.prompt.question)
            await pilot.press(*"wip", "enter")
            await until(pilot, lambda: "What?" in app.steerable.foot.prompt.question)
            await pilot.press(*value, "enter")
            await until(pilot, lambda words=words: words in said(app))
        assert app.view.document.controls.wip == 4


async def test_defer_asks_once_and_takes_back_without_asking(project: Project):
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await ready(project, app, pilot)
        await pilot.press("G", "d")
        await until(pilot, lambda: "deferred or taken back" in said(app))
        assert app.view.document.item("q7").mark is Mark.OPEN


async def test_steering_goes_on_without_an_engine(project: Project):
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await settle(pilot)
        app.lost()
        await pilot.press("h")
        await until(pilot, lambda: "the loop holds" in said(app))
        assert app.view.document.controls.loop == "hold"


async def test_the_timeline_takes_back_the_selected_act(project: Project):
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await ready(project, app, pilot)
        await pilot.press("p")
        await until(pilot, lambda: "pinned" in said(app))
        await pilot.press("l")
        await settle(pilot)
        await pilot.press("z")
        await until(pilot, lambda: "took back" in said(app))
        assert app.view.document.pins == ()


async def test_one_key_offers_what_an_answer_found_out_and_takes_it_over(project: Project):
    answer = facts.Answer(status="done", summary="did it", follow_ups=["Split the parser", "Name the modules"])
    facts.write(project.places.turn("q2", 1), answer)
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await ready(project, app, pilot)
        await pilot.press("P")
        await until(pilot, lambda: app.steerable.foot.prompt.question != "")
        assert app.steerable.foot.prompt.question == "promote q2 · Which?"
        await pilot.press("enter")
        await until(pilot, lambda: "promoted from q2" in said(app))
        assert b"from: q2 turn 1 #1" in project.places.spec.read_bytes()


async def test_the_review_shows_the_answer_and_a_key_corrects_it(project: Project):
    title = exchange.title("q2", 1, "done", "claude", "2026-11-21 10:12")
    spec = project.root / "SPEC.md"
    spec.write_bytes(exchange.tell(spec.read_bytes(), "q2", 1, title, ["Jitter was missing.", "- claims: it retries"]))
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await ready(project, app, pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert answer(app.view.document, "q2") == [title, "", "Jitter was missing.", "", "- claims: it retries", ""]
        assert answer(app.view.document, "q9") == []
        await pilot.press("C")
        await settle(pilot)
        await pilot.press(*"too_long", "enter")
        await until(pilot, lambda: "corrected q2" in said(app))
        await until(pilot, lambda: "> too_long" in answer(app.view.document, "q2"))
