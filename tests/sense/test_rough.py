"""What is odd about an event stops nothing: its time, its number, its order, its fields."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.sense import Event, Ranker
from cockpit.sense.framing import Frames
from cockpit.sense.journal import Journal, replay

NOW = 1_700_000_000.0


def heard(*said: dict[str, object], now: float = NOW) -> list[Event]:
    data = b"".join(json.dumps({"source": "ops", "what": "the gate is shut"} | each).encode() + b"\n" for each in said)
    return Frames().feed(data, now).events


def keys(events: list[Event], now: float = NOW + 30) -> list[str]:
    ranker = Ranker()
    for event in events:
        ranker.feed(event)
    return [signal.key for signal in ranker.rank(now)]


@pytest.mark.parametrize("at", [NOW + 1e6, 1e300, -5, 0, None])
def test_a_time_that_cannot_be_is_the_time_it_was_read(at: float | None):
    [event] = heard({} if at is None else {"at": at})
    assert event.at == NOW


@pytest.mark.parametrize(
    "line",
    [
        b'{"source":"s","what":"w","at":1e999}',
        b'{"source":"s","what":"w","at":NaN}',
        b'{"source":"s","what":"w","at":"today"}',
        b'{"source":"s"}',
        b'{"what":"w"}',
        b'{"source":"s","what":"  "}',
        b'{"source":"s","what":"w","level":"loud"}',
        b'{"source":"s","what":"w","paths":"a"}',
        b'["source","s"]',
    ],
)
def test_what_is_no_event_is_answered_or_made_one_and_the_next_line_counts(line: bytes):
    read = Frames().feed(line + b'\n{"source":"s","what":"next"}\n', NOW)
    assert read.events[-1].what == "next"
    assert len(read.events) + len(read.answers) == 2


def test_unknown_kinds_are_plain_findings_and_unknown_fields_are_passed_over():
    events = heard({"kind": "moon.phase", "key": "moon", "state": "open", "level": "error", "colour": {"deep": [1]}})
    assert keys(events) == ["moon"]


def test_the_same_number_of_the_same_sender_counts_once():
    opened = {"key": "gate", "state": "open", "level": "error", "id": 7}
    closed = {"key": "gate", "state": "closed", "id": 8}
    assert keys(heard(opened, closed, opened)) == []
    assert keys(heard(opened, closed, opened | {"id": 9})) == ["gate"]
    assert keys(heard(opened, closed, opened | {"source": "other"})) == ["gate"]


def test_after_the_clock_jumped_back_events_are_ranked_and_closed_as_before():
    before = heard({"key": "gate", "state": "open", "level": "error"}, now=NOW)
    after = heard({"key": "wall", "state": "open", "level": "error"}, {"key": "gate", "state": "ok"}, now=NOW - 86_400)
    assert keys(before + after, now=NOW - 86_390) == ["wall"]


def test_a_journal_from_before_and_after_a_jump_is_replayed_in_the_order_it_was_taken_in(tmp_path: Path):
    book = Journal(tmp_path)
    book.record(heard({"key": "gate", "state": "open", "level": "error"}, now=NOW), NOW)
    book.record(heard({"key": "gate", "state": "ok"}, now=NOW - 3600), NOW - 3600)
    events = replay(tmp_path, NOW - 3600).events
    assert [event.state for event in events] == ["open", "ok"]
    assert all(event.at <= NOW - 3600 for event in events), "the future is now"


@settings(max_examples=100, deadline=None)
@given(st.permutations(range(12)), st.lists(st.integers(0, 11), max_size=6))
def test_late_and_doubled_events_of_other_keys_change_nothing(order: list[int], again: list[int]):
    said: list[dict[str, object]] = [
        {"key": f"k{n}", "state": "open", "level": "critical", "id": n + 1, "at": NOW - 12 + n} for n in range(12)
    ]
    assert sorted(keys(heard(*(said[n] for n in [*order, *again])))) == sorted(keys(heard(*said)))
