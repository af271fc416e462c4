"""Families: one key, one state, counted."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.sense import Event, Family, fold
from cockpit.sense import families as room


def event(state: str = "failing", at: float = 1.0, key: str = "tests", what: str = "tests") -> Event:
    return Event(source="ci", what=what, key=key, state=state, at=at)


def test_events_of_one_key_are_one_family():
    found = fold({}, [event(at=1.0), event(at=2.0), event(at=3.0), event(key="build")])
    assert (found["tests"].first, found["tests"].since, found["tests"].latest.at, found["tests"].count) == (1, 1, 3, 3)
    assert found["build"].count == 1


def test_a_change_of_state_begins_a_new_since():
    found = fold({}, [event(at=1.0), event("passing", at=5.0)])["tests"]
    assert (found.since, found.open) == (5.0, False)
    again = fold({"tests": found}, [event(at=9.0)])["tests"]
    assert (again.since, again.open, again.count, again.first) == (9.0, True, 1, 1.0)


def test_the_same_event_told_again_changes_nothing():
    once = fold({}, [event()])
    assert fold(once, [event(), event()]) == once


def test_a_source_read_level_by_level_may_go_back_in_time():
    silent, working = event("silent", at=9.0), event("closed", at=2.0)
    found = fold({}, [working, silent, working])["tests"]
    assert (found.open, found.since) == (False, 9.0)


def test_open_families_outlive_the_bound(monkeypatch):
    monkeypatch.setattr(room, "MOST", 3)
    events = [event(key="open", at=1.0)] + [event("closed", at=float(n), key=f"k{n}") for n in range(2, 9)]
    assert sorted(fold({}, events)) == ["k7", "k8", "open"]


EVENTS = st.builds(event, st.sampled_from(["failing", "passing"]), st.integers(1, 9).map(float), st.sampled_from("ab"))


@given(st.lists(EVENTS, max_size=12), st.integers(0, 12))
@settings(max_examples=100, deadline=None)
def test_folding_in_parts_is_folding_the_whole(events: list[Event], cut: int):
    whole: dict[str, Family] = fold({}, events)
    assert fold(fold({}, events[:cut]), events[cut:]) == whole
