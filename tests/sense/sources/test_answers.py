"""What a delegate's answer says, as notes."""

from __future__ import annotations

import pytest

from cockpit.facts import Answer
from cockpit.sense.sources.answers import MOST, answer_events, assumed


@pytest.mark.parametrize(
    "words",
    [
        "page.size = 20",
        "assuming page.size = 20",
        "The default page size is 20.",
        "I assume that the page size is 20",
        "page_size: 20",
        "we expect the page size defaults to 20",
    ],
)
def test_the_same_assumption_in_other_words_has_one_topic(words: str):
    assert assumed(words) == ("page.size", "20")


def test_words_that_do_not_part_have_no_topic():
    assert assumed("everything works") == ("", "everything works")


def test_assumptions_claims_and_follow_ups_are_notes_of_the_delegate():
    answer = Answer(
        status="done", summary="s", assumptions=["retries are 3"], claims=["all tests pass"], follow_ups=["rename it"]
    )
    notes = answer_events("q1", 2, answer, 5.0)
    assert [(note.kind, note.delegate, note.attrs["type"], note.at) for note in notes] == [
        ("delegate.note", "q1", "assumption", 5.0),
        ("delegate.note", "q1", "claim", 5.0),
        ("delegate.note", "q1", "follow-up", 5.0),
    ]
    assert (notes[0].key, notes[0].attrs["claim"]) == ("retries", "3")


def test_two_delegates_that_assume_otherwise_share_the_topic():
    one, other = (
        answer_events(item, 1, Answer(status="done", summary="", assumptions=[words]), 1.0)[0]
        for item, words in (("q1", "timeouts are in seconds"), ("q2", "timeouts are in milliseconds"))
    )
    assert one.key == other.key
    assert one.attrs["claim"] != other.attrs["claim"]


def test_a_flood_of_claims_and_escapes_are_bounded_and_clean():
    answer = Answer(status="done", summary="", claims=[f"\x1b[31mclaim {number}" for number in range(500)])
    notes = answer_events("q1", 1, answer, 1.0)
    assert len(notes) == MOST
    assert "\x1b" not in notes[0].what
