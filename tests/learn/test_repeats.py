"""What repeats three times is offered once, in words that stay."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.learn import offers
from cockpit.learn.repeats import same

SAID = [("run make lint first", "q1"), ("Please run `make lint` first!", "q2"), ("run make lint", "q3")]
RAN = {
    "q1 turn 1": ["cd /w && ls", "make deps", "make  deps", "make migrate", "pytest -q"],
    "q2 turn 1": ["bash -lc 'make deps && make migrate'", "cat x"],
    "q3 turn 1": ["make deps; make migrate", "make other"],
}


def test_the_same_words_said_three_times_are_offered():
    (offer,) = offers(SAID, {})
    assert offer.words == "you said this 3 times: “run make lint first”"
    assert (offer.name, offer.steps, offer.commands) == ("run make lint first", ("run make lint first",), False)
    assert offer.seen[1] == "q2: “Please run `make lint` first!”"
    assert offers(SAID[:2], {}) == []


def test_a_fourth_time_changes_neither_key_nor_words():
    (before,), (after,) = offers(SAID, {}), offers([*SAID, ("run make lint, please", "q4")], {})
    assert (before.key, before.words) == (after.key, after.words)
    assert len(after.seen) == 4


def test_what_has_its_runbook_is_not_offered_again():
    (offer,) = offers(SAID, {})
    assert offers(SAID, {}, taken={offer.key}) == []


@pytest.mark.parametrize("words", ["", "go on", "yes", "and now you", "again!"])
def test_words_that_say_nothing_are_no_procedure(words: str):
    assert words == "go on" or same(words) == ""


def test_a_delivered_stamp_does_not_count():
    assert same("use sqlite (delivered 2026-11-21 10:12)") == same("Use sqlite.")


def test_the_same_commands_in_three_turns_are_offered_whatever_stands_around_them():
    (offer,) = offers([], RAN)
    assert offer.steps == ("make deps", "make migrate")
    assert offer.words == "3 turns ran the same 2 commands: make deps; make migrate"
    assert offer.seen == ("q1 turn 1", "q2 turn 1", "q3 turn 1")


def test_the_longest_sequence_is_offered_and_not_its_parts():
    ran = {f"q{n} turn 1": ["a 1", "b 2", "c 3", f"d {n}"] for n in range(3)}
    assert [offer.steps for offer in offers([], ran)] == [("a 1", "b 2", "c 3")]


def test_what_every_brief_tells_to_run_and_looking_around_are_no_procedure():
    ran = {f"q{n} turn 1": ["pytest -q", "git status", "rg x", "ls", "make one"] for n in range(3)}
    assert offers([], ran, known=["pytest -q"]) == []


def test_one_turn_that_repeats_itself_counts_once():
    assert offers([], {"q1 turn 1": ["make a", "make b"] * 10}) == []


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.text(max_size=40), st.just("q1")), max_size=12), st.lists(st.text(max_size=30), max_size=8)
)
def test_any_words_and_commands_give_single_clean_lines(said: list[tuple[str, str]], commands: list[str]):
    ran = {f"q{n} turn 1": commands for n in range(3)}
    for offer in offers([*said, *said, *said], ran):
        assert "\n" not in offer.words
        assert "\x1b" not in offer.words
        assert len(offer.seen) >= 3
