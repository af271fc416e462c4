"""What the panes make of a view, without a screen."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.panes import delegates, lines, queue, signals
from cockpit.panes.spec import item_at, margin, target_at
from cockpit.panes.view import View, age, lines_of
from cockpit.screens.why import WhyScreen, of_goal
from cockpit.spec import parse
from cockpit.verbs import BY_NAME, valid
from cockpit.wire import MeasureView, SignalView, Snapshot
from tests.screens.conftest import NOW, SPEC, Project

VIEW = View(name="lantern", document=parse(SPEC.encode()), engine="up", now=NOW)


@pytest.mark.parametrize(
    ("seconds", "words"), [(-5, "now"), (59, "now"), (60, "1m"), (3599, "59m"), (7200, "2h"), (200_000, "2d")]
)
def test_an_age_is_one_coarse_word(seconds: float, words: str):
    assert age(seconds) == words


@given(st.lists(st.text(st.characters(exclude_characters="\n", exclude_categories=("Cs",)), max_size=30), min_size=1))
def test_cleaned_lines_stay_one_for_one(texts: list[str]):
    """The margin, the cursor and git's blame all count lines of the file."""
    data = "".join(text + "\n" for text in texts).encode()
    assert len(lines_of(data)) == len(texts)


def test_each_item_says_the_one_thing_to_know():
    view = VIEW.but(snapshot=Snapshot(head="q6"))
    said = {item.id: queue.in_short(item, view) for item in view.document.queue}
    assert said == {
        "q1": "merged 4f1c2aa",
        "q2": "9 pass, 5 n/a; accept",
        "q3": "running",
        "q4": "asks: keep `--offline` as a flag, or move it to the config file?",
        "q5": "failed: exit status 3",
        "q6": "next",
        "q7": "until after 1.0",
    }


def test_an_open_item_names_what_it_waits_for_until_that_is_done():
    item = VIEW.document.item("q6")
    assert item is not None
    waiting = replace(VIEW, snapshot=Snapshot(waits={"q6": "waits for q3, which was struck"}))
    assert queue.in_short(item, waiting) == "after q3, which was struck"
    assert queue.in_short(item, VIEW) == ""
    assert queue.in_short(item, VIEW.but(engine="down")) == "after q3", "without an engine, by the spec alone"


def test_an_open_item_with_a_conflict_says_so_first():
    text = b"## Queue\n- [ ] one ^q1\n  - after: q9\n  - conflict: after: q8\n"
    (row,) = queue.rows(VIEW.but(document=parse(text)))
    assert str(row.cells[3]) == "has a conflict: resolve it with ="


def test_one_stands_first_where_one_is_needed():
    assert queue.begin(VIEW) == "q2"


def test_lines_stand_for_items_signals_and_mutes():
    texts = SPEC.splitlines()

    def at(words: str) -> int:
        return next(number for number, text in enumerate(texts, 1) if words in text)

    document = VIEW.document
    assert target_at(document, at("branch: delegate/q5")).item == "q5"
    assert target_at(document, at("| tests |")).row == "tests"
    assert target_at(document, at("PER-9")).row == "test_socket_reconnect"
    assert target_at(document, at("# Lantern")).row == ""
    assert item_at(document, at("## Acceptance")) is None
    assert margin(document)[at("^q3")] == "▸"


def test_the_header_says_that_the_engine_is_down_and_keeps_the_loop_of_the_spec():
    _, right = lines.header(VIEW.but(engine="down"), 160)
    assert [segment.text for segment in right] == ["engine down; keys still steer", "loop on"]


def test_a_goal_that_does_not_fit_is_cut_not_dropped():
    left, _ = lines.header(VIEW, 120)
    assert left[-1].text.startswith("Readers see")
    assert left[-1].text.endswith("…")


def test_what_is_measured_stands_before_the_goal():
    measured = [MeasureView("a1", "p95 212 ms, target < 200 ms, 4 measurements")]
    left, _ = lines.header(VIEW.but(snapshot=Snapshot(measured=measured)), 120)
    assert left[-1].text.startswith("p95 212 ms, target < 200 ms")


def test_a_full_review_shelf_warns():
    _, right = lines.header(VIEW.but(snapshot=Snapshot(waiting=3, review=3, fence="review capacity full")), 160)
    assert {"review capacity full", "3/3 review"} <= {segment.text for segment in right}


def test_without_an_engine_the_signals_and_mutes_are_those_of_the_spec():
    rows = signals.rows(VIEW.but(engine="down"))
    assert [row.id for row in rows] == ["tests", "mute test_socket_reconnect"]


def test_a_pinned_signal_shows_it():
    signal = SignalView(key="k", what="tests", state="failing", since=NOW - 120, action="", pinned=True, level="alert")
    row = signals.rows(VIEW.but(snapshot=Snapshot(signals=[signal])))[0]
    assert [str(cell) for cell in row.cells][:4] == ["●", "↑ tests", "failing", "2m"]


@pytest.mark.parametrize(
    ("state", "tone"),
    [("running", "accent"), ("finished", "ok"), ("crashed", "alert"), ("asks", "warn"), ("silent 4m", "dim")],
)
def test_a_delegates_state_has_a_glyph_and_a_tone(state: str, tone: str):
    assert delegates.look(state)[1] == tone


def test_ticking_comes_first_where_one_ticks():
    document = parse(b"## Pending\n- [ ] ask ^i1\n## Queue\n- [ ] work ^q1\n")
    verbs = valid(document, "i1", VIEW.known.world(NOW))
    assert lines.keys(verbs, document, "i1", attach=False)[0] == ("space", "tick", True)
    assert lines.keys(valid(document, "q1", VIEW.known.world(NOW)), document, "q1", attach=False)[0][1] != "tick"


def test_the_key_bar_begins_with_what_one_does_next():
    document = parse(b"## Queue\n- [ ] work ^q1\n- [?] look ^q2\n")
    world = VIEW.known.world(NOW)
    of_item = [label for _, label, _ in lines.keys(valid(document, "q1", world), document, "q1", attach=True)]
    assert of_item[:4] == ["attach", "reword", "move", "defer"]
    assert of_item[-2:] == ["help", "quit"]
    assert lines.keys(valid(document, "q2", world), document, "q2", attach=False)[0] == ("enter", "review", True)
    of_signal = [label for _, label, _ in lines.keys(valid(document, "tests", world), document, "", attach=False)]
    assert of_signal[:2] == ["mute", "pin"]


def test_every_verb_of_the_key_bar_is_one():
    assert set(lines.LIKELY) <= set(BY_NAME)


async def test_the_goal_s_window_draws_what_waits_below_what_it_waits_for(project: Project):
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        app.feed(project.snapshot())
        app.action_goal()
        await pilot.pause()
        assert isinstance(app.screen, WhyScreen)
        told = dict(of_goal(app.view))
        assert "q1" not in told
        assert told["q6"].startswith("└─ Import OPML with nested folders")
        assert list(told).index("q6") == list(told).index("q3") + 1
