"""The nine states, the edges between them, and what a step may do from each (R44 to R63)."""

from __future__ import annotations

from pathlib import Path

import pytest

from cockpit import facts, select
from cockpit.select import State, states
from cockpit.select.table import EDGES, legal
from cockpit.spec import Mark, parse
from tests.select.test_steps import DONE, FAILING, FINISHED, REVIEW, RUNNING, turn

ENDED = {"running": RUNNING, "sentinel": FINISHED, "answer": DONE}
YES = f"  - verdict: accept {'h' * 12}\n"
S = State


def world(*turns: facts.Turn, alive: bool = False, joined: bool = False, goal: str = "") -> select.World:
    return select.World(
        turns={entry.item: entry for entry in turns},
        alive=lambda _: alive,
        lost=lambda _: "",
        stale=lambda _: "",
        delivered=lambda _: frozenset(),
        joined=lambda _: joined,
        goal=goal,
    )


def state(item: str, *turns: facts.Turn, alive: bool = False, joined: bool = False, goal: str = "") -> State:
    """Of the first item."""
    document = parse(f"## Queue\n- {item}".encode())
    known = world(*turns, alive=alive, joined=joined, goal=goal)
    queue = {entry.item.id: entry.waits for entry in select.standings(document)}
    return next(iter(states.of_all(document, known, queue).values()))


def test_the_edges_of_the_table_are_those_that_were_asked_for():
    asked = {
        "R53": (S.IDLE, S.GOAL_FRAME),
        "R54": (S.GOAL_FRAME, S.QUEUE_READY),
        "R55": (S.QUEUE_READY, S.AGENT_RUNNING),
        "R57": (S.VERIFY, S.PERSIST),
        "R58": (S.PERSIST, S.QUEUE_READY),
        "R59": (S.PERSIST, S.STOP),
        "R60": (S.REFRAME, S.GOAL_FRAME),
    }
    table = {(edge.before, edge.after): edge.rule for edge in EDGES}
    assert len(table) == len(EDGES), "no edge stands twice"
    assert all(table[edge] == rule for rule, edge in asked.items())
    assert table[S.AGENT_RUNNING, S.VERIFY] == "R56"
    assert all(legal(before, S.INTERRUPT) for before in S), "R61"


def test_nothing_reaches_persist_but_through_verify():
    assert {edge.before for edge in EDGES if edge.after is S.PERSIST} == {S.VERIFY}
    assert not legal(S.AGENT_RUNNING, S.PERSIST)


@pytest.mark.parametrize(
    ("item", "turns", "meant"),
    [
        ("[ ] one\n", [], S.IDLE),
        ("[ ] one ^q1\n", [], S.QUEUE_READY),
        ("[ ] one ^q1\n  - after: q7\n", [], S.GOAL_FRAME),
        ("[?] one ^q1\n  - scope: brief of 9 words for claude\n", [], S.GOAL_FRAME),
        ("[?] one ^q1\n  - asks: stale: `a.py` is not there\n", [], S.GOAL_FRAME),
        ("[?] one ^q1\n  - asks: size: large\n", [], S.GOAL_FRAME),
        ("[/] one ^q1\n", [turn(running=RUNNING)], S.AGENT_RUNNING),
        ("[/] one ^q1\n", [turn(running=RUNNING, goal="old")], S.REFRAME),
        ("[/] mine ^q1\n", [], S.INTERRUPT),
        ("[/] in phases ^q1\n  - phased: on\n  - [ ] first ^q2\n", [], S.AGENT_RUNNING),
        ("[?] one ^q1\n", [turn(**ENDED)], S.VERIFY),
        ("[?] one ^q1\n", [turn(**ENDED, review=REVIEW)], S.VERIFY),
        ("[?] one ^q1\n  - asks: tabs?\n", [turn(**ENDED)], S.STOP),
        ("[?] one ^q1\n" + YES, [turn(**ENDED, review=REVIEW)], S.PERSIST),
        ("[?] one ^q1\n  - verdict: accept 0123456789ab\n", [turn(**ENDED, review=REVIEW)], S.VERIFY),
        ("[x] one ^q1\n", [turn(**ENDED, review=REVIEW)], S.PERSIST),
        ("[x] one ^q1\n", [turn(**ENDED, review=FAILING)], S.VERIFY),
        ("[x] one ^q1\n  - merged: abc\n", [turn(**ENDED, review=REVIEW)], S.STOP),
        ("[!] one ^q1\n  - why: interrupted by you\n", [turn(**ENDED)], S.INTERRUPT),
        ("[!] one ^q1\n  - why: blocked: no access\n", [turn(**ENDED)], S.STOP),
        ("[>] one ^q1\n", [], S.STOP),
    ],
)
def test_the_state_of_an_item_is_told_from_its_mark_its_fields_and_the_facts(
    item: str, turns: list[facts.Turn], meant: State
):
    assert state(item, *turns) is meant


def test_an_item_whose_delegate_lives_on_is_being_interrupted():
    for mark in "!->":
        assert state(f"[{mark}] one ^q1\n", turn(running=RUNNING), alive=True) is S.INTERRUPT
    assert state("[ ] one ^q1\n", turn(running=RUNNING), alive=True) is S.INTERRUPT


def test_what_reached_its_target_by_any_hand_is_to_be_ticked():
    assert state("[?] one ^q1\n", turn(**ENDED, review=FAILING), joined=True) is S.PERSIST


def test_a_step_that_the_table_lacks_is_refused():
    item = parse(b"## Queue\n- [?] one ^q1\n").items[0]
    ended = turn(**ENDED, review=FAILING)
    assert states.refusal(select.Merge(ended, item), S.VERIFY, ended) == "Verify does not lead to Stop"
    assert states.refusal(select.Dispatch(item, 2, ""), S.VERIFY, ended) == "Verify does not lead to Agent Running"
    assert states.refusal(select.Dispatch(item, 1, ""), S.QUEUE_READY, ended) == "turn 1 was dispatched already"
    assert states.refusal(select.Dispatch(item, 2, ""), S.QUEUE_READY, ended) == ""
    assert states.refusal(select.Verdict(item, ended, "accept"), S.VERIFY, ended).startswith("a result that did not")
    assert states.refusal(select.Verdict(item, ended, "iterate"), S.VERIFY, ended) == ""
    assert states.refusal(select.Merge(ended, item), S.PERSIST, ended) == ""
    assert states.refusal(select.Merge(ended, item), S.STOP, ended) == "nobody said yes to exactly what was reviewed"
    assert states.refusal(select.Park(ended, item, Mark.BLOCKED, "why", ""), S.GOAL_FRAME, ended)


def test_the_loop_is_reframed_while_delegates_work_for_another_goal():
    document = parse(b"---\ncockpit:\n  loop: on\n---\n## Queue\n- [/] one ^q1\n")
    running = turn(running=RUNNING, goal="old")
    assert select.plan(document, world(running, alive=True, goal="new")).state is S.REFRAME
    assert select.plan(document, world(running, alive=True, goal="old")).state is S.AGENT_RUNNING


def test_the_page_of_the_loop_has_the_table_as_the_code_has_it():
    page = (Path(__file__).parents[2] / "docs" / "loop.md").read_text()
    for edge in EDGES:
        row = f"| {edge.before} | {edge.after} | {edge.when} | {edge.rule} |"
        assert row in page or (edge.after is S.INTERRUPT and f"| any | Interrupt | {edge.when} | R61 |" in page), row
    assert page.count(" | R") >= 20
