"""What an error of the model's service means, and until when."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.troubles import LONGEST, judge, resets

NOW = datetime(2026, 11, 21, 12, 0).timestamp()


@pytest.mark.parametrize(
    ("words", "status", "state", "what"),
    [
        ("overloaded", 529, "limited", "the model is overloaded"),
        ("API Error: Request rejected (429) · You have hit your usage limit.", 0, "limited", "the quota is used up"),
        ("exceeded retry limit, last status: 429 Too Many Requests", 0, "limited", "the rate limit is reached"),
        ("rate_limit", 0, "limited", "the rate limit is reached"),
        ("server_error", 0, "limited", "the model does not answer"),
        ("authentication_failed", 401, "blocked", "the login is refused"),
        ("[API Error: 401 invalid x-api-key]", 0, "blocked", "the login is refused"),
        ("Your credit balance is too low", 400, "limited", "the quota is used up"),
    ],
)
def test_the_words_of_a_service_are_judged(words: str, status: int, state: str, what: str):
    trouble = judge(words, status, NOW)
    assert trouble is not None
    assert (trouble.state, trouble.what) == (state, what)


@pytest.mark.parametrize(
    "words", ["file not found: 404.html", "JSON parsing failed: Text: {not json.", "", "terminated"]
)
def test_other_errors_hold_nobody_up(words: str):
    assert judge(words, 0, NOW) is None


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("Try again in 2 hours 5 minutes.", 7500),
        ("try again in 1h30m", 5400),
        ("Please retry after 30", 30),
        ('"retry-after": 45', 45),
        ("limit reached, resets at 3:30 PM", 3.5 * 3600),
        ("You've hit your limit · resets 11am", 23 * 3600),
        ("usage limit reached|%d" % (NOW + 600), 600),  # noqa: UP031
        ("try again in a moment", None),
        ("resets at 99:99", None),
        ("resets in 4000 days", None),
    ],
)
def test_when_a_limit_ends_is_read_from_its_words(words: str, seconds: float | None):
    assert resets(words, NOW) == (NOW + seconds if seconds is not None else 0.0)


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("0123456789 :|-TZinafterresets at hmd.pm"), max_size=60))
def test_no_words_make_a_limit_without_end(words: str):
    assert resets(words, NOW) == 0.0 or NOW < resets(words, NOW) <= NOW + LONGEST
