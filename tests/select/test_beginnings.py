"""What begins now: a brief for the human, or a turn; which of them a gate, a yes and `loop: step` allow."""

from __future__ import annotations

from cockpit import facts, select
from tests.select.test_steps import kinds, steps

BOTH = "[scope, verdict]"


def test_with_the_scope_gate_a_brief_comes_before_the_turn():
    (step,) = steps("- [ ] one ^q1\n- [ ] two ^q2\n", gates=BOTH)
    assert isinstance(step, select.Scope)
    assert (step.item.id, step.turn) == ("q1", 1)


def test_a_yes_without_a_digest_is_to_any_brief_and_one_with_another_digest_to_none():
    assert kinds(steps("- [ ] one ^q1\n  - scope: accepted\n", gates=BOTH)) == ["Dispatch"]
    assert kinds(steps("- [ ] one ^q1\n  - scope: accepted 0123456789ab\n", gates=BOTH)) == ["Scope"]


def test_an_item_s_own_gates_go_first_and_a_slip_of_the_pen_closes_them():
    assert kinds(steps("- [ ] one ^q1\n  - gates: none\n", gates=BOTH)) == ["Dispatch"]
    assert kinds(steps("- [ ] one ^q1\n  - gates: scop\n", gates="none")) == ["Scope"]


def test_a_brief_that_waits_keeps_none_back_that_needs_no_gate():
    waits = "- [?] one ^q1\n  - scope: brief of 9 words for x\n"
    found = [step for step in steps(waits + "- [ ] two ^q2\n  - gates: none\n", gates=BOTH) if step.item.id == "q2"]  # pyright: ignore[reportAttributeAccessIssue]
    assert kinds(found) == ["Dispatch"]


def test_one_step_begins_nothing_beside_the_brief_that_waits():
    waits = "- [?] one ^q1\n  - scope: brief of 9 words for x\n"
    found = steps(waits + "- [ ] two ^q2\n  - gates: none\n", front="loop: step\n  wip: 2", gates=BOTH)
    assert kinds(found) == ["Scope"], "the one that waits is made again, for nothing is prepared; q2 is not begun"


def test_a_digest_tells_one_brief_from_another():
    assert facts.digest("a") != facts.digest("b")
    assert len(facts.digest("a")) == 12
