"""What the document says of the queue, as events."""

from __future__ import annotations

import pytest

from cockpit.sense import Event, aim_event, attention_events, fence_events, queue_events, stuck_events
from cockpit.spec import parse

SPEC = b"""## Queue
- [ ] the head ^q1
  - after: q2
  - paths: src/auth/**
- [ ] second ^q2
  - after: p1
- [ ] third ^q3
- [x] over ^q4
## Pending
- [ ] pick a default for the token's life ^p1
  - paths: src/auth/tokens.py
- [x] settled ^p2
## Muted
- `tests` until next head: known (2026-11-21 10:12) ^m1
## Pinned
- `build`: watch it ^n1
"""


def told(data: bytes = SPEC, paused: str = "") -> dict[str, Event]:
    return {event.key: event for event in queue_events(parse(data), paused=paused, at=5.0)}


def test_the_lane_names_its_head_and_all_it_waits_for():
    lane = told()["queue"]
    assert (lane.kind, lane.state, lane.item, lane.paths) == ("queue.state", "blocked", "q1", ("src/auth/**",))
    assert lane.attrs["blocked_by"] == ["q2", "p1"]


def test_a_loop_that_holds_is_a_paused_lane():
    lane = told(paused="the loop holds")["queue"]
    assert (lane.state, lane.what) == ("paused", "head q1: the loop holds")


def test_a_head_that_waits_for_nothing_is_ready_or_running():
    assert told(b"## Queue\n- [ ] a ^q1\n")["queue"].state == "ready"
    assert told(b"## Queue\n- [/] a ^q1\n")["queue"].state == "running"
    assert told(b"## Queue\n- [x] a ^q1\n")["queue"].state == "empty"


def test_what_the_next_items_wait_for_is_told_with_their_place():
    events = told()
    assert {
        key: (events[key].state, events[key].attrs["position"]) for key in ("queue/q1", "queue/q2", "queue/q3")
    } == {
        "queue/q1": ("blocked", 0),
        "queue/q2": ("blocked", 1),
        "queue/q3": ("ready", 2),
    }
    assert "queue/q4" not in events


def test_pending_items_open_and_close():
    events = told()
    assert (events["pending/p1"].state, events["pending/p1"].paths) == ("open", ("src/auth/tokens.py",))
    assert events["pending/p2"].closes


def test_a_circle_of_waiting_ends():
    lane = told(b"## Queue\n- [ ] a ^q1\n  - after: q2\n- [ ] b ^q2\n  - after: q1\n")["queue"]
    assert lane.attrs["blocked_by"] == ["q2"]


def test_one_fence_holds_and_the_others_let_go():
    (closed, held) = fence_events("usd", "budget reached", ["fence/hold"], 5.0)
    assert (closed.key, closed.closes) == ("fence/hold", True)
    assert (held.key, held.state, held.level) == ("fence/usd", "held", "warning")
    assert [event.closes for event in fence_events("", "", ["fence/usd"], 6.0)] == [True]


def test_an_item_that_only_an_edit_lets_run_is_a_warning_until_it_is_made():
    gone, told = stuck_events({"q3": "waits for q9, which is not in the spec"}, ["stuck/q2"], 5.0)
    assert (gone.key, gone.closes) == ("stuck/q2", True)
    assert (told.key, told.item, told.level, told.action) == ("stuck/q3", "q3", "warning", "edit")
    assert told.what == "q3 waits for q9, which is not in the spec"


@pytest.mark.parametrize(
    ("fence", "helps"),
    [
        ("hold", "continue"),
        ("turns", "edit"),
        ("day-usd", "edit"),
        ("capacity", "review"),
        ("signal", "why"),
        ("interrupt", "iterate"),
        ("blocked", "iterate"),
        ("drained", "add"),
        ("waiting", "edit"),
        ("quota", "why"),
    ],
)
def test_the_signal_of_a_fence_suggests_what_lets_the_loop_go_on(fence: str, helps: str):
    (event,) = fence_events(fence, "so", [], 5.0, item="q1")
    assert (event.action, event.item) == (helps, "q1")


def test_mutes_and_pins_of_the_document_are_told_and_closed_when_taken_back():
    mute, pin, gone = attention_events(parse(SPEC), ["mute/m1", "mute/m9"], 5.0)
    assert (mute.key, mute.attrs["target"], mute.attrs["until"], mute.what) == (
        "mute/m1",
        "tests",
        "next head",
        "known",
    )
    assert (pin.key, pin.attrs["target"]) == ("pin/n1", "build")
    assert (gone.key, gone.closes) == ("mute/m9", True)


def test_a_loop_that_goes_on_without_a_goal_says_so():
    spec = "---\ncockpit:\n  loop: {}\n---\n## Goal\n{}\n\n## Queue\n- [ ] one ^q1\n"
    for loop, goal, state in (
        ("on", "", "open"),
        ("on", "Say in a sentence what this work is for.", "open"),
        ("on", "Readers see articles.", "closed"),
        ("hold", "", "closed"),
    ):
        event = aim_event(parse(spec.format(loop, goal).encode()), 1.0)
        assert (event.state, event.action) == (state, "reframe")
