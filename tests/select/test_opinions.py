"""When another agent is asked for its opinion of a result (R190)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from cockpit import facts, select
from cockpit.select.opinions import opining
from cockpit.spec import parse
from tests.select.test_steps import FINISHED, REVIEW, turn

JUDGED = msgspec.structs.replace(REVIEW, stat="1 file, +1 -0")
ITEM = "- [?] one ^q1\n  - review: 9 pass; accept\n"


def steps(queue: str = ITEM, front: str = "loop: on", moving: frozenset[str] = frozenset(), **known: Any) -> list[str]:
    document = parse(f"---\ncockpit:\n  opinion: codex\n  {front}\n---\n## Queue\n{queue}".encode())
    turns = {item.id: turn(item.id, review=JUDGED, sentinel=FINISHED) for item in document.queue}
    turns = {id: placed(one) for id, one in turns.items()}
    world = select.World(
        turns=turns,
        alive=lambda _: True,
        lost=lambda _: "",
        stale=lambda _: known.get("stale", ""),
        delivered=lambda _: frozenset(),
        home="refs/heads/main",
        account=known.get("account", select.Account()),
        opinions=known.get("opinions", ()),
    )
    return [type(step).__name__ for step in opining(document, world, moving)]


def placed(one: facts.Turn) -> facts.Turn:
    return facts.Turn(Path(f"/f/{one.item}/1"), one.dispatch, None, one.sentinel, None, one.review, None, {})


def run(**known: Any) -> facts.Turn:
    own = turn("q1.opinion", **known)
    folder = facts.aside(placed(turn("q1")), JUDGED.head)
    started = msgspec.structs.replace(own.dispatch, step="session")
    return facts.Turn(folder, started, own.running, own.sentinel, None, None, None, {}, opinion=own.opinion)


def test_a_result_that_waits_for_the_human_is_looked_at():
    assert steps() == ["Opine"]
    assert steps(ITEM + "  - opinion: none\n") == []
    assert steps(ITEM + "  - verdict: accept\n") == []
    assert steps(moving=frozenset(("q1",))) == [], "the loop judges it by itself"
    assert steps(stale="the target moved") == []


def test_a_fence_keeps_it_from_being_asked():
    assert steps(front="loop: hold") == ["Opine"], "it belongs to what ran, as its review does"
    spent = select.Account(loop=select.Spent(turns=3))
    assert steps(front="budget: {turns: 3}\n  loop: on", account=spent) == []


def test_as_many_are_asked_at_once_as_may_work_at_once():
    two = ITEM + "- [?] two ^q2\n  - review: 9 pass; accept\n"
    assert steps(two) == ["Opine"]
    assert steps(two, front="loop: on\n  wip: 2") == ["Opine", "Opine"]


def test_it_is_heard_when_it_is_over_and_stopped_when_nobody_waits_for_it():
    assert steps(opinions=[run()]) == []
    assert steps(opinions=[run(sentinel=FINISHED)]) == ["Hear"]
    assert steps(ITEM.replace("[?]", "[x]"), opinions=[run()]) == ["Interrupt"]
    heard = facts.Opinion(head=JUDGED.head, agent="codex", at=1.0)
    assert steps(opinions=[run(opinion=heard)]) == [], "once for a head"
