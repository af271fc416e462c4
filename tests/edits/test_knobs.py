"""One verb for the knobs of the front matter (R131)."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.choices import KNOBS
from cockpit.edits import World, set_knob
from cockpit.errors import Refused
from cockpit.spec import SpecError, parse
from cockpit.spec.edit import set_control

SPEC = b"""---
cockpit:
  wip: 2   # at once
  budget: {turns: 20}
---
## Queue
- [ ] Write ^q1
"""
WORLD = World(turns={}, alive=lambda _: False, stale=lambda _: "", now=datetime(2026, 11, 21, 10, 12))


def turned(key: str, value: str, data: bytes = SPEC) -> bytes:
    return set_knob(parse(data), "", {"key": key, "value": value}, WORLD)


def test_a_knob_is_turned_and_comments_stay():
    assert b"  wip: 3   # at once\n" in turned("wip", "3")
    assert parse(turned("mode", "auto")).controls.mode == "auto"
    assert parse(turned("gates", "scope, verdict")).controls.gates == ("scope", "verdict")
    assert parse(turned("gates", "none")).controls.gates == ()
    assert parse(turned("pace", "90s")).controls.pace == 1.5


def test_budgets_of_loop_and_day():
    assert b"budget: {turns: 30}" in turned("budget.turns", "30")
    data = turned("budget.day.usd", "5", turned("budget.usd", "2"))
    budget = parse(data).controls.budget
    assert (budget.turns, budget.usd, budget.day.usd) == (20, 2.0, 5.0)


def test_default_takes_a_knob_out():
    assert parse(turned("wip", "default")).controls.wip == 1
    assert parse(turned("budget.turns", "default")).controls.budget.turns is None
    data = turned("budget.day.usd", "default", turned("budget.day.usd", "5"))
    assert parse(data).controls.budget.day.usd is None
    assert parse(data).controls.budget.turns == 20


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("wip", "many", "`wip` cannot be `many` (write a whole number of at least 1)"),
        ("pace", "soon", "`pace` cannot be `soon` (write `pace: 10m`, 90s or 1h)"),
        ("mode", "wild", "`mode` cannot be `wild` (write one of copilot, auto)"),
        ("wpi", "3", "wpi is no control that can be set (did you mean wip?)"),
        ("loop", "on", "loop is no control that can be set (cockpit loop on, step or hold)"),
        ("wip", "2", "wip is 2 already"),
        ("wip", "", "the value is missing"),
    ],
)
def test_what_means_nothing_is_refused_in_the_words_of_the_front_matter(key: str, value: str, words: str):
    with pytest.raises(Refused) as caught:
        turned(key, value)
    assert words in str(caught.value)


def test_a_delegate_turns_no_knob():
    world = World(turns={}, alive=lambda _: False, stale=lambda _: "", now=WORLD.now, by="delegate/q1")
    with pytest.raises(Refused, match="the human's to set"):
        set_knob(parse(SPEC), "", {"key": "budget.turns", "value": "99"}, world)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(KNOBS), st.text(max_size=20))
def test_whatever_is_said_the_spec_stays_readable_or_it_is_refused(key: str, value: str):
    try:
        data = turned(key, value)
    except Refused:
        return
    assert parse(data).item("q1") is not None
    assert data.endswith(b"## Queue\n- [ ] Write ^q1\n")


def test_a_day_s_limit_can_be_written_into_an_empty_front_matter():
    data = set_control(b"text\n", "budget.day.turns", "5")
    assert parse(data).controls.budget.day.turns == 5
    with pytest.raises((SpecError, ValueError)):
        set_control(b"", "budget.day", "5")
