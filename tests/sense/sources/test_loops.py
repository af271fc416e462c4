"""Stale loops, told by an item's turns (R121 to R124)."""

from __future__ import annotations

from pathlib import Path

from cockpit.facts import Answer, Check, Dispatch, Review, Sentinel, Turn
from cockpit.sense.sources.loops import loop_events


def turn(number: int, failing: tuple[str, ...] = ("verification",), said: str = "done", added: int = 10) -> Turn:
    dispatch = Dispatch(
        item="q1", turn=number, text="t", agent="a", branch="b", base="c", target="t", worktree="w", session="s",
        timeout=1, at=float(number),
    )  # fmt: skip
    checks = [Check(number=at, name=name, result="fail", evidence="") for at, name in enumerate(failing, 1)]
    return Turn(
        folder=Path(f"/{number}"),
        dispatch=dispatch,
        running=None,
        sentinel=Sentinel(outcome="finished", at=1.0, seconds=1.0),
        answer=Answer(status="done", summary=said),
        review=Review(
            base="a", head="b", recommendation="iterate", checks=checks, at=1.0, stat=f"3 files, +{added} -2"
        ),
        merge=None,
        broken={},
    )


def loops(*turns: Turn, goal_moved: bool = False) -> dict[str, str]:
    events = loop_events("q1", turns, goal_moved=goal_moved, at=9.0)
    return {str(event.attrs["loop"]): event.what for event in events if not event.closes}


def test_three_answers_with_the_same_check_red_are_a_loop():
    assert loops(turn(1), turn(2), turn(3)) == {"answered": "q1: answered 3 times, still red: verification"}


def test_two_answers_are_a_retry():
    assert loops(turn(1), turn(2)) == {}


def test_another_check_each_time_gets_on():
    assert loops(turn(1, ("lockfile",)), turn(2, ("scope",)), turn(3, ("verification",))) == {}


def test_a_green_round_ends_the_loop():
    assert loops(turn(1), turn(2), turn(3), turn(4, ())) == {}


def test_the_same_words_surer_each_time_are_named():
    said = loops(
        turn(1, said="The parser handles nested blocks"),
        turn(2, said="The parser now works with nested blocks"),
        turn(3, said="The parser definitely handles nested blocks, verified"),
    )
    assert said["sure"].startswith("q1: says “The parser definitely handles")


def test_the_same_words_without_more_certainty_are_not():
    assert "sure" not in loops(*(turn(number, said="The parser handles nested blocks") for number in (1, 2, 3)))


def test_other_words_each_time_are_not():
    assert "sure" not in loops(
        turn(1, said="Renamed the reader"),
        turn(2, said="Now certainly moved the socket elsewhere"),
        turn(3, said="Definitely verified: completely different approach"),
    )


def test_a_diff_that_only_grows_is_layers():
    assert loops(turn(1, added=40), turn(2, added=120), turn(3, added=400))["layers"] == (
        "q1: grew 40 → 120 → 400 lines, nothing got green"
    )


def test_growth_that_makes_a_check_green_is_work():
    both = ("verification", "scope")
    assert "layers" not in loops(turn(1, both, added=40), turn(2, both, added=120), turn(3, ("scope",), added=400))


def test_work_on_an_old_goal_is_told_until_it_ends():
    assert loops(turn(1), goal_moved=True) == {"goal": "q1 works on the goal as it was before"}
    assert loops(turn(1)) == {}
