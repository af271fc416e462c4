"""An agent that hesitates or contradicts itself is put before the human (R166)."""

from __future__ import annotations

import msgspec

from cockpit.facts import Answer, Turn
from cockpit.sense.sources.rethink import rethink_event
from tests.sense.sources.test_loops import turn


def said(*answers: Answer | str | None) -> str:
    """What the event of these answers says; words are what is wrong with one that cannot be read."""
    turns: list[Turn] = []
    for number, answer in enumerate(answers, 1):
        made = turn(number)
        broken = {"answer.json": answer} if isinstance(answer, str) else {}
        good = answer if isinstance(answer, Answer) else None
        turns.append(Turn(made.folder, made.dispatch, None, made.sentinel, good, None, None, broken))
    event = rethink_event("q1", turns, 9.0)
    return "" if event.closes else event.what


DONE = Answer(status="done", summary="The parser reads it now; 3 tests pass.")
ASKS = Answer(status="asks", summary="", question="Which database shall it use, sqlite or postgres?")


def test_doubts_in_an_answer_are_a_hesitation_and_one_is_honesty():
    doubts = Answer(status="done", summary="It should work, I think. Not sure about Windows, maybe it fails.")
    assert said(doubts) == "rethink q1: its answer doubts: should work, i think, not sure, maybe"
    assert said(Answer(status="done", summary="Done. It might be slow.")) == ""
    assert said(DONE) == ""


def test_done_and_then_not_is_a_contradiction():
    blocked = Answer(status="blocked", summary="no such table")
    assert said(DONE, blocked) == "rethink q1: it was done, now it is blocked: no such table"
    assert said(blocked, DONE) == "", "it got on"


def test_the_same_question_again_is_one():
    again = msgspec.structs.replace(ASKS, question="Shall it use sqlite or postgres, which database?")
    assert said(ASKS, again).startswith("rethink q1: it asks the same again")
    assert said(ASKS, msgspec.structs.replace(ASKS, question="May I drop the table?")) == ""


def test_no_answer_again_and_again_is_told():
    assert said(None, None, None) == "rethink q1: 3 turns in a row left no answer"
    assert said(None, None, DONE) == ""


def test_answers_that_cannot_be_read_are_told_apart_from_none_with_the_last_reason():
    wrong = "malformed: Invalid enum value 'finished!'"
    assert said(wrong, wrong, wrong) == f"rethink q1: 3 turns in a row left an answer that cannot be read: {wrong}"
    assert said(None, wrong, None).startswith("rethink q1: 1 of 3 turns in a row left an answer that cannot be read")


def test_nothing_said_yet_is_nothing():
    assert said() == ""
