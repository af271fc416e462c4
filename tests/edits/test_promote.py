"""Promoting: what an answer found out becomes part of the spec, once, and says where it is from."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cockpit import facts
from cockpit.edits import add, choice, offered
from cockpit.spec import parse
from tests.select.test_steps import FINISHED, RUNNING, turn
from tests.test_verbs import refused, say, world

TEXT = "## Queue\n- [?] one ^q1\n  - branch: delegate/q1\n"
ANSWER = facts.Answer(
    status="done",
    summary="did it",
    follow_ups=["Split the parser"],
    assumptions=["2 writers at most"],
    claims=["src/a.py holds the lock"],
)
KNOWN = world(turn("q1", 2, running=RUNNING, sentinel=FINISHED, answer=ANSWER))


def test_a_follow_up_becomes_an_item_of_the_backlog():
    text = say("promote", "q1", TEXT, KNOWN, which="1")
    assert text == TEXT + "\n## Backlog\n- [ ] Split the parser ^b1\n  - from: q1 turn 2 #1\n"


def test_what_a_delegate_adds_says_which_turn_it_came_of_and_what_you_add_says_nothing():
    words = {"text": "Split the parser"}
    added = add(parse(TEXT.encode()), "", words, replace(KNOWN, by="delegate/q1"))
    assert added.decode() == TEXT + "- [ ] Split the parser ^q2\n  - from: q1 turn 2\n"
    assert b"from:" not in add(parse(TEXT.encode()), "", words, KNOWN)


def test_an_assumption_becomes_a_decision_that_waits_for_you():
    text = say("promote", "q1", TEXT, KNOWN, which="2")
    assert "## Decisions\n- [?] 2 writers at most ^d1\n  - from: q1 turn 2 #2\n" in text


def test_a_claim_about_the_code_becomes_a_line_of_the_code_map():
    text = say("promote", "q1", TEXT, KNOWN, which="3")
    assert "## Code map\n- src/a.py holds the lock (q1 turn 2 #3, unverified)\n" in text


def test_what_was_promoted_is_not_offered_again():
    once = say("promote", "q1", TEXT, KNOWN, which="all")
    assert [entry.promoted for entry in offered(parse(once.encode()), "q1", KNOWN)] == [True, True, True]
    assert "in the spec already" in refused("promote", "q1", once, KNOWN, which="1")


def test_the_human_may_name_another_section_and_pick_several():
    text = say("promote", "q1", TEXT, KNOWN, which="1, 2", to="queue")
    assert [item.text for item in parse(text.encode()).queue] == ["one", "Split the parser", "2 writers at most"]
    assert "nothing is promoted to goal" in refused("promote", "q1", TEXT, KNOWN, which="1", to="goal")


def test_a_line_of_the_list_names_what_it_says():
    lines = [choice(entry) for entry in offered(parse(TEXT.encode()), "q1", KNOWN)]
    assert lines[1] == "2 assumption, to decisions: 2 writers at most"
    assert lines[2] == "3 claim (unverified), to code map: src/a.py holds the lock"
    assert "[?] 2 writers at most" in say("promote", "q1", TEXT, KNOWN, which=lines[1])


@pytest.mark.parametrize(("which", "why"), [("9", "9 is not offered"), ("", "which of them"), ("x", "which of them")])
def test_a_number_that_is_not_there_is_refused(which: str, why: str):
    assert why in refused("promote", "q1", TEXT, KNOWN, which=which)


def test_it_is_refused_without_an_answer():
    assert "no answer" in refused("promote", "q1", TEXT, world(), which="1")
    dull = turn("q1", answer=facts.Answer(status="done", summary="did it"))
    assert "nothing beside" in refused("promote", "q1", TEXT, world(dull), which="1")
