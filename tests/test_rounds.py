"""Whether the rounds of an item get anywhere (R162, R173)."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.facts import Answer, Check, Dispatch, Review, Sentinel, Spot, Turn
from cockpit.rounds import count, stuck, undone


def turn(number: int, found: int, *, put_back: tuple[int, int] = (0, 0), said: str = "done") -> Turn:
    dispatch = Dispatch(
        item="q1", turn=number, text="t", agent="a", branch="b", base="c", target="t", worktree="w", session="s",
        timeout=1, at=float(number),
    )  # fmt: skip
    spots = [Spot(path=f"f{at}") for at in range(found)]
    checks = [Check(number=2, name="verification", result="fail" if found else "pass", evidence="", spots=spots)]
    review = Review(
        base="a",
        head="b",
        recommendation="iterate" if found else "accept",
        checks=checks,
        at=1.0,
        undone=put_back[0],
        touched=put_back[1],
    )
    return Turn(
        folder=Path(f"/{number}"),
        dispatch=dispatch,
        running=None,
        sentinel=Sentinel(outcome="finished", at=1.0, seconds=1.0),
        answer=Answer(status="done", summary=said),
        review=review,
        merge=None,
        broken={},
    )


def rounds(*found: int, cap: int = 9) -> str:
    return stuck([turn(number, one) for number, one in enumerate(found, 1)], cap)


def test_fewer_findings_each_round_converge():
    assert rounds(5, 4, 2) == ""


def test_twice_in_a_row_no_fewer_findings_stop_the_line():
    assert rounds(4, 4, 5) == "4 -> 4 -> 5 findings"
    assert rounds(6, 3, 3, 3) == "6 -> 3 -> 3 -> 3 findings"


def test_once_is_no_trend():
    assert rounds(4, 5) == ""
    assert rounds(4, 5, 3) == ""


def test_the_cap_stops_the_line_though_it_converges():
    assert rounds(5, 3, 1, cap=3) == "3 of 3 rounds, 1 finding left"


def test_a_round_that_found_nothing_goes_on():
    assert rounds(4, 4, 0, cap=3) == ""


def test_a_round_without_a_review_is_none():
    bare = turn(2, 4)
    lost = Turn(bare.folder, bare.dispatch, None, bare.sentinel, None, None, None, {})
    assert stuck([turn(1, 4), lost, turn(3, 4)], 3) == ""


def test_a_check_without_places_counts_once():
    review = turn(1, 1).review
    assert review is not None
    bare = Check(number=1, name="scope", result="broken", evidence="")
    assert count(Review(base="a", head="b", recommendation="iterate", checks=[*review.checks, bare], at=1.0)) == 2


def test_a_round_that_takes_the_one_before_back_whole_stops_the_line():
    assert stuck([turn(1, 3), turn(2, 2, put_back=(9, 9))], 9) == "round 2 put back all that round 1 changed"


def test_two_rounds_that_change_the_same_lines_back_and_forth_stop_it():
    turns = [turn(1, 5), turn(2, 4, put_back=(6, 10)), turn(3, 3, put_back=(7, 10))]
    assert stuck(turns, 9) == "the same lines go back and forth: 7 of 10 lines put back"
    assert stuck(turns[:2], 9) == "", "once is a correction"


def test_the_ways_of_going_round_stop_the_line_too():
    words = ("The parser handles nested blocks", "The parser now works with nested blocks", "verified: the parser "
             "definitely handles nested blocks")  # fmt: skip
    turns = [turn(number, 9 - number, said=said) for number, said in enumerate(words, 1)]
    assert "times" in stuck(turns, 9)


def diff(*rows: str, path: str = "a.py") -> bytes:
    return "\n".join([f"diff --git a/{path} b/{path}", f"--- a/{path}", f"+++ b/{path}", "@@ -1 +1 @@", *rows]).encode()


def test_lines_put_back_are_counted_by_file_and_words():
    first = diff("-return a - b", "+return a + b", "+log(a)")
    assert undone(first, diff("-return a + b", "+return a - b")) == (2, 2)
    assert undone(first, diff("-log(a)", "+print(a)")) == (1, 2)
    assert undone(first, diff("-return a + b", "+return a - b", path="b.py")) == (0, 2)


def test_blank_lines_and_lone_brackets_say_nothing():
    assert undone(diff("+}", "+"), diff("-}", "-")) == (0, 0)


ROWS = st.lists(st.sampled_from(["+one two", "-one two", "+three", "-three", "+++ x", " same"]), max_size=8)


@settings(max_examples=200, deadline=None)
@given(ROWS, ROWS)
def test_never_more_is_put_back_than_was_changed(first: list[str], then: list[str]):
    back, touched = undone(diff(*first), diff(*then))
    assert 0 <= back <= touched
    mirror = [row.replace("+", "\0").replace("-", "+").replace("\0", "-") for row in first if row[1:2].isalpha()]
    whole, all_of_it = undone(diff(*(row for row in first if row[1:2].isalpha())), diff(*mirror))
    assert whole == all_of_it
