"""The loop rests where the human said it should, and where it has drifted from the goal (R124 to R130)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from cockpit import facts
from cockpit.select import Fence, World, fence
from cockpit.select.budgets import Account
from cockpit.select.rests import next_at, resting
from cockpit.spec import Controls, Mark, SpecError, parse
from tests.select.test_steps import turn

NOON = datetime(2026, 11, 20, 12, 0).timestamp()
HOUR = 3600.0
GOAL = "Recover stuck agent sessions."
PAINT = ("Colour the help page", "Paint rainbow logos", "Choose nicer fonts", "Round every corner")


def merged(*ids: str, goal: str = "", at: float = NOON) -> dict[str, facts.Turn]:
    return {
        id: turn(id, goal=goal, merge=facts.Merge(target="t", old="o", head="h", commit="c", at=at + nth))
        for nth, id in enumerate(ids)
    }


def spec(front: str, *texts: str, grew: bool = True, mark: Mark = Mark.DONE, more: str = "") -> bytes:
    rows = "".join(
        f"- [{mark}] {text} ^f{nth}\n" + ("  - from: q1 turn 1 #1\n" * grew) for nth, text in enumerate(texts, 1)
    )
    head = f"---\ncockpit:\n  {front}\n---\n## Goal\n{GOAL}\n"
    return f"{head}## Queue\n- [x] Recycle the supervisor ^q1\n{rows}- [ ] next one ^q9\n{more}".encode()


def rest(data: bytes, turns: dict[str, facts.Turn] | None = None, **known: Any) -> Fence | None:
    given: dict[str, Any] = {"since": NOON - HOUR, "now": NOON + HOUR} | known
    quiet: dict[str, Any] = {"alive": lambda _: False, "delivered": lambda _: frozenset()}
    said: dict[str, Any] = dict.fromkeys(("lost", "stale"), lambda _: "")
    return resting(parse(data), World(turns=turns or {}, **quiet, **said, **given))


def test_four_merged_items_in_a_row_that_serve_no_part_of_the_goal_are_drift():
    found = rest(spec("loop: on", *PAINT), merged("f1", "f2", "f3", "f4"))
    assert found is not None
    assert found.name == "drift"
    assert found.words == (
        "drift from the goal: the last 4 merged items serve no part of it: f1 (of q1 turn 1), f2 (of q1 turn 1),"
        " f3 (of q1 turn 1), f4 (of q1 turn 1); reframe, or h, c lets it go on, n takes one step"
    )
    assert rest(spec("loop: on\n  drift: 5", *PAINT), merged("f1", "f2", "f3", "f4")) is None


@pytest.mark.parametrize("texts", [(*PAINT[:3], "Recover torn colours"), ("Log each session", *PAINT[1:])])
def test_one_that_serves_among_them_is_no_drift(texts: tuple[str, ...]):
    assert rest(spec("loop: on", *texts), merged("f1", "f2", "f3", "f4")) is None


def test_what_you_wrote_yourself_never_drifts():
    assert rest(spec("loop: on", *PAINT, grew=False), merged("f1", "f2", "f3", "f4")) is None


def test_drift_counts_from_your_last_word_setting_the_loop_on_or_another_goal():
    data, turns = spec("loop: on", *PAINT), merged("f1", "f2", "f3", "f4")
    assert rest(data, turns, since=NOON + 2.5) is None
    assert rest(data, merged("f1", "f2", "f3", "f4", goal="old"), goal="new") is None
    assert rest(data, merged("f1", "f2", "f3", "f4", goal="new"), goal="new") is not None


def test_a_step_passes_a_rest_and_a_loop_that_holds_has_none():
    for loop in ("step", "hold"):
        assert rest(spec(f"loop: {loop}\n  rests: every merge", *PAINT), merged("f1", "f2", "f3", "f4")) is None


def test_a_merge_that_is_intended_only_does_not_count():
    assert rest(spec("loop: on", *PAINT, mark=Mark.NEEDS_YOU), merged("f1", "f2", "f3", "f4")) is None


def test_a_rest_every_so_many_merges():
    data = spec("loop: on\n  rests: every 2 merges", *PAINT)
    assert rest(data, merged("f1")) is None
    found = rest(data, merged("f1", "f2"))
    assert found is not None
    assert found.name == "rest"
    assert found.words.startswith("2 merges since the loop was set on (rests: every 2 merges); h, c lets it go on")
    assert rest(data, merged("f1", "f2"), since=NOON + 0.5) is None


def test_a_rest_at_a_time_of_the_day_until_the_loop_is_set_on_after_it():
    data = spec("loop: on\n  rests: at 12:30")
    assert rest(data, since=NOON - HOUR, now=NOON + HOUR / 3) is None
    found = rest(data, since=NOON - HOUR, now=NOON + HOUR)
    assert found is not None
    assert found.words.startswith("it is past 12:30 (rests: at 12:30); ")
    assert rest(data, since=NOON + HOUR, now=NOON + 2 * HOUR) is None
    assert rest(data, since=NOON + HOUR, now=NOON + 25 * HOUR) is not None, "and the next day again"
    assert rest(data, since=0.0, now=NOON + HOUR) is None, "never set on: from now"
    assert rest(data, merged("f1"), since=0.0, now=NOON + HOUR) is not None, "or from the first dispatch"


def test_the_next_time_of_the_day_wakes_the_engine():
    controls = parse(spec("rests: [at 12:30, every 3 merges, at 9:00]")).controls
    assert next_at(controls, NOON) == NOON + HOUR / 2
    tomorrow = datetime.fromtimestamp(NOON).replace(hour=9) + timedelta(days=1)
    assert next_at(controls, NOON + HOUR) == tomorrow.timestamp()
    assert next_at(Controls(), NOON) == 0.0


@pytest.mark.parametrize("words", ["sometimes", "every 0 merges", "at 25:00", "at noon", "every 5 items"])
def test_a_rest_that_means_nothing_is_told_with_its_line(words: str):
    with pytest.raises(SpecError, match="write `rests: every 5 merges, at 18:00`") as caught:
        parse(spec(f"rests: {words}"))
    assert caught.value.line == 3


def test_it_holds_new_heads_away_and_nothing_else():
    found, controls = Fence("rest", "rest"), parse(spec("loop: on")).controls
    given: dict[str, Any] = {"waiting": 0, "running": 0, "account": Account(), "invariant": "", "resting": found}
    assert fence(controls, ready=1, open=0, **given) is found
    drained = fence(controls, ready=0, open=0, **given)
    assert drained is not None
    assert drained.name == "drained"
