"""The pause of an agent whose service takes no more: told by facts and the spec, for that agent alone."""

from __future__ import annotations

from cockpit import facts, select
from cockpit.select import holds
from cockpit.select.steps import World
from cockpit.spec import Mark, parse
from tests.select.test_steps import FINISHED, RUNNING, turn

NOW = 10_000.0


def limit(until: float = NOW + 600, pause: float = 900.0, what: str = "the quota is used up") -> facts.Sentinel:
    return facts.Sentinel(outcome="failed", at=NOW - 60, seconds=1.0, trouble=what, until=until, pause=pause)


def planned(queue: str, *turns: facts.Turn, now: float = NOW, earlier: tuple[facts.Turn, ...] = ()) -> select.Plan:
    document = parse(f"---\ncockpit:\n  loop: on\n  agent: rehearsal\n  wip: 2\n---\n## Queue\n{queue}".encode())
    known = {entry.item: entry for entry in turns}
    world = World(
        turns=known,
        alive=lambda _: False,
        lost=lambda _: "",
        stale=lambda _: "",
        delivered=lambda _: frozenset(),
        rounds=lambda turn: [*earlier, turn],
        holds=select.paused(document, known, lambda _: earlier, now),
        home="refs/heads/main",
    )
    return select.plan(document, world)


WAITS = "- [ ] one ^q1\n  - waits: the quota is used up until 12:00\n"
LIMITED = turn(running=RUNNING, sentinel=limit())


def test_who_met_the_limit_goes_back_into_the_queue_with_the_time():
    plan = planned("- [/] one ^q1\n- [ ] two ^q2\n", LIMITED)
    (step,) = plan.steps
    assert isinstance(step, select.Park), "and nothing else of that agent begins in the same pass"
    assert (step.mark, step.key) == (Mark.OPEN, "waits")
    assert step.words.startswith("the quota is used up until ")


def test_items_of_that_agent_wait_until_its_reset_and_the_fence_says_when():
    plan = planned(f"{WAITS}- [ ] two ^q2\n", LIMITED)
    assert plan.steps == ()
    assert plan.fence is not None
    assert (plan.fence.name, plan.fence.until) == ("quota", NOW + 600)


def test_items_of_other_agents_go_on():
    plan = planned(f"{WAITS}- [ ] two ^q2\n  - agent: codex\n  - gates: none\n", LIMITED)
    (step,) = plan.steps
    assert isinstance(step, select.Dispatch)
    assert (step.item.id, plan.fence) == ("q2", None)


def test_at_the_reset_it_goes_on_with_its_next_turn_and_no_old_note():
    plan = planned(WAITS + "  - iterate: better\n", LIMITED, now=NOW + 600)
    (step,) = plan.steps
    assert isinstance(step, select.Dispatch)
    assert (step.item.id, step.turn, step.note) == ("q1", 2, "")


def test_who_takes_the_line_away_lifts_the_pause():
    (step,) = planned("- [ ] one ^q1\n", LIMITED).steps
    assert isinstance(step, select.Dispatch)


def test_where_nobody_said_until_when_the_pause_doubles():
    unknown = turn(running=RUNNING, sentinel=limit(until=0.0))
    assert holds.until(unknown, ()) == NOW - 60 + 900
    assert holds.until(unknown, (unknown, unknown)) == NOW - 60 + 3600
    other = turn(running=RUNNING, sentinel=FINISHED)
    assert holds.until(unknown, (unknown, other)) == NOW - 60 + 900
    assert holds.until(unknown, (unknown,) * 20) == NOW - 60 + holds.LONGEST
    assert "nobody said until when" in holds.waits(unknown, ())


def test_a_refused_login_is_not_waited_for_and_no_other_item_runs_into_it():
    refused = turn(running=RUNNING, sentinel=limit(0.0, 0.0, "the login is refused"))
    (step,) = planned("- [/] one ^q1\n", refused).steps
    assert isinstance(step, select.Park)
    assert step.mark is Mark.BLOCKED
    assert "log in" in step.words
    plan = planned("- [!] one ^q1\n- [ ] two ^q2\n", refused)
    assert plan.steps == ()
    assert plan.fence is not None
    assert (plan.fence.name, plan.fence.until) == ("login", 0.0)
    assert "iterate q1" in plan.why
    assert planned("- [-] one ^q1\n- [ ] two ^q2\n", refused).fence is None, "who strikes it has seen it"
