"""When a human is interrupted."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.notify import PACE, URGENT, Books, Hours, Wish, due, message, notify

ASKS = Wish("delegate/q1", "q1 asks: which one?", urgent=True)
RED = Wish("tests", "tests fail")
LATE = Wish("lint", "lint fails")
NOW = 1_790_000_000.0


def say(books: Books, *wishes: Wish, here: bool = False, quiet: bool = False, now: float = NOW):
    return notify(books, wishes, here=here, quiet=quiet, now=now)


def test_a_wish_interrupts_who_is_away_once():
    books, sent = say(Books(), RED)
    assert sent == (RED,)
    assert say(books, RED, now=NOW + 2 * PACE)[1] == ()


def test_who_looks_sees_the_row_and_is_not_told_again_later():
    books, sent = say(Books(), RED, here=True)
    assert sent == ()
    assert say(books, RED, now=NOW + 1)[1] == ()


def test_the_next_one_waits_for_its_time_and_tells_all_that_waited():
    books, _ = say(Books(), RED)
    books, sent = say(books, RED, LATE, now=NOW + 30)
    assert sent == ()
    assert due(books, (RED, LATE)) == NOW + PACE
    assert say(books, RED, LATE, now=NOW + PACE)[1] == (LATE,)


def test_what_holds_up_the_head_waits_a_minute_at_the_most():
    books, _ = say(Books(), RED)
    assert say(books, RED, ASKS, now=NOW + URGENT - 1)[1] == ()
    assert say(books, RED, ASKS, now=NOW + URGENT)[1] == (ASKS,)


def test_quiet_hours_hold_it_back_until_they_end():
    books, sent = say(Books(), ASKS, quiet=True)
    assert sent == ()
    assert say(books, ASKS, now=NOW + 1)[1] == (ASKS,)


def test_what_ended_and_comes_back_is_told_again():
    books, _ = say(Books(), RED)
    books, _ = say(books, now=NOW + 10)
    assert say(books, RED, now=NOW + PACE)[1] == (RED,)


def test_nothing_waiting_is_never_due():
    assert due(Books(), ()) is None


def test_many_are_one_message():
    assert message([ASKS, RED, LATE]) == "q1 asks: which one? (+2 more)"
    assert message([]) == ""


@pytest.mark.parametrize(
    ("words", "clock", "quiet"),
    [("22:00-07:00", 23, True), ("22:00-07:00", 6, True), ("22:00-07:00", 12, False), ("12:00-13:00", 12, True)],
)
def test_quiet_hours_may_go_over_midnight(words: str, clock: int, quiet: bool):
    assert Hours.read(words).hold(datetime(2026, 11, 21, clock, 30).timestamp()) is quiet


@given(st.lists(st.tuples(st.floats(0, 120), st.sampled_from([ASKS, RED, LATE]), st.booleans()), max_size=60))
def test_never_more_than_ten_in_ten_minutes(steps: list[tuple[float, Wish, bool]]):
    books, now, sent = Books(), NOW, list[float]()
    for pause, wish, there in steps:
        now += pause
        books, said = say(books, *([wish] if there else []), now=now)
        sent += [now] * bool(said)
    assert all(sum(at <= other < at + 600 for other in sent) <= 10 for at in sent)
