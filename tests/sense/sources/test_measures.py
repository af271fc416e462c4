"""Measured criteria as signals (R156)."""

from __future__ import annotations

import msgspec

from cockpit.gauges import Gauge
from cockpit.sense import Ranker, measure_events
from tests.test_gauges import gauge, taken

NOW = 1_700_000_000.0


def told(*gauges: Gauge) -> list[tuple[str, str]]:
    return [(event.state, event.action) for event in measure_events(gauges, (), NOW)]


def test_reached_worse_and_broken_want_the_human_and_the_way_there_does_not():
    assert told(gauge(240)) == []
    assert told(gauge()) == []
    assert told(gauge(240, 180)) == [("reached", "tick")]
    assert told(gauge(240, 180, mark="x")) == []
    assert told(gauge(200, 240)) == [("worse", "inspect")]
    assert told(gauge(200, taken(None, red="pytest exit 1"))) == [("broken", "inspect")]
    assert told(gauge(target="fast")) == [("broken", "reword")]


def test_what_wants_nobody_any_more_is_closed():
    (event,) = measure_events((gauge(240),), ("measure/a1",), NOW)
    assert (event.key, event.closes) == ("measure/a1", True)


def test_a_goal_that_is_reached_is_worth_an_interruption():
    ranker = Ranker()
    (event,) = measure_events((gauge(240, 180),), (), NOW)
    ranker.feed(msgspec.structs.replace(event, at=NOW))
    assert not ranker.rank(NOW)[0].notify
    row = ranker.rank(NOW + 30)[0]
    assert (row.key, row.notify) == ("measure/a1", True)
