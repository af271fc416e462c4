"""Stops that nobody needed go on by themselves, up to a cap; stops that a human must hear never do (R169, R192)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cockpit import facts, select
from cockpit.select.steps import World
from cockpit.select.stops import told, unwarranted
from cockpit.spec import parse
from tests.select.test_steps import DONE, FINISHED, REVIEW, RUNNING, turn

ENDED: dict[str, Any] = {"running": RUNNING, "sentinel": FINISHED}


def answered(summary: str, status: facts.Status = "done") -> facts.Turn:
    return turn(**ENDED, answer=facts.Answer(status=status, summary=summary))


def next_step(now: facts.Turn, *earlier: facts.Turn, front: str = "loop: on", mark: str = "/") -> select.Step:
    document = parse(f"---\ncockpit:\n  {front}\n---\n## Queue\n- [{mark}] one ^q1\n".encode())
    world = World(
        turns={"q1": now},
        alive=lambda _: False,
        lost=lambda _: "",
        stale=lambda _: "",
        delivered=lambda _: frozenset(),
        rounds=lambda turn: [*earlier, turn],
        home="refs/heads/main",
    )
    (step,) = select.plan(document, world).steps
    return step


@pytest.mark.parametrize(
    ("ended", "why"),
    [
        (turn(**ENDED), "no answer"),
        (turn(**ENDED, broken={"answer.json": "malformed"}), "malformed answer"),
        (answered("Half of it works. Shall I continue with the tests?"), "stopped midway"),
        (answered("I've stopped here. I'll do the rest in the next session."), "stopped midway"),
        (answered("Would you like me to proceed?"), "stopped midway"),
        (answered("All done, tests pass. It can proceed with any input."), ""),
        (answered("Shall I continue?", "asks"), ""),
        (answered("no access", "blocked"), ""),
        (answered("this would drop the table", "escalate"), ""),
        (turn(running=RUNNING, sentinel=facts.Sentinel(outcome="interrupted", at=2.0, seconds=1.0)), ""),
    ],
)
def test_a_stop_is_told_apart_by_the_facts(ended: facts.Turn, why: str):
    assert unwarranted(ended) == why


def test_it_goes_on_by_itself_with_one_line_each_up_to_the_cap():
    stopped = turn(**ENDED)
    first, second, third = (next_step(turn(number=1 + n, **ENDED), *[stopped] * n) for n in range(3))
    assert isinstance(first, select.Again)
    assert first.words == "turn 1, no answer (1 of 2)"
    assert isinstance(second, select.Again)
    assert second.words == "turn 2, no answer (2 of 2)"
    assert isinstance(third, select.Review), "then the human is asked"
    assert isinstance(next_step(stopped, front="{loop: on, reentries: 0}"), select.Review)


def test_a_round_that_was_reviewed_begins_a_new_row():
    reviewed = turn(**ENDED, review=REVIEW)
    step = next_step(turn(number=4, **ENDED), turn(**ENDED), turn(**ENDED), reviewed)
    assert isinstance(step, select.Again)
    assert step.words == "turn 4, no answer (1 of 2)"


@pytest.mark.parametrize("front", ["{loop: on, mode: auto}", "{loop: on, gates: [verdict]}"])
@pytest.mark.parametrize(
    ("summary", "why"), [("Half is there. Shall I continue?", "stopped midway"), ("", "no answer")]
)
def test_what_is_unfinished_after_the_cap_waits_for_the_human_whatever_its_checks_say(
    front: str, summary: str, why: str
):
    ended = replace(answered(summary) if summary else turn(**ENDED), review=REVIEW)
    step = next_step(ended, front=front, mark="?")
    assert isinstance(step, select.Halt)
    assert step.words == f"perhaps unfinished: {why}; accept takes it as it is, iterate goes on"


@pytest.mark.parametrize("front", ["loop: hold", "{loop: on, budget: {turns: 0}}"])
def test_a_closed_fence_lets_nothing_go_on_by_itself(front: str):
    assert isinstance(next_step(turn(**ENDED), front=front), select.Review)


def test_what_the_next_brief_says():
    assert "without an answer" in told(turn(**ENDED))
    wrong = told(turn(**ENDED, broken={"answer.json": "malformed: Invalid enum value 'finished!' - at `$.status`"}))
    assert (
        "an answer that cannot be read (malformed: Invalid enum value 'finished!' - at `$.status`): write it" in wrong
    )
    assert told(turn(**ENDED, answer=DONE)) == ""
    assert told(turn(**ENDED, review=REVIEW)) == ""
    limited = facts.Sentinel(outcome="failed", at=2.0, seconds=1.0, trouble="the quota is used up", pause=900.0)
    assert "Go on where you were" in told(turn(running=RUNNING, sentinel=limited))
