"""Each fence has its own name and its own test (R34 to R37)."""

from __future__ import annotations

from typing import Any

from cockpit.select import Spent, budget_words, fence
from cockpit.spec import parse


def name(front: str = "loop: on", *, spent: Spent | None = None, **counts: Any) -> str | None:
    controls = parse(f"---\ncockpit:\n  {front}\n---\n".encode()).controls
    given = {"ready": 1, "open": 0, "waiting": 0, "invariant": ""} | counts
    found = fence(controls, spent=spent or Spent(), **given)
    return found.name if found else None


def test_nothing_holds_a_loop_that_is_on_with_something_ready():
    assert name() is None
    assert name("loop: step") is None


def test_hold():
    assert name("loop: hold") == "hold"


def test_drained_when_nothing_is_ready_and_nothing_will_be():
    assert name(ready=0) == "drained"
    assert name(ready=0, open=1) is None


def test_review_capacity_is_the_throttle():
    assert name(waiting=3) == "capacity"
    assert name(waiting=2) is None
    assert name("loop: on\n  review: 1", waiting=1) == "capacity"


def test_a_broken_invariant_goes_before_everything():
    assert name("loop: hold", invariant="detached HEAD") == "invariant"


def test_budgets_of_turns_minutes_tokens_and_money():
    assert name("loop: on\n  budget: {turns: 2}", spent=Spent(turns=2)) == "turns"
    assert name("loop: on\n  budget: {minutes: 5}", spent=Spent(minutes=5.1)) == "minutes"
    assert name("loop: on\n  budget: {tokens: 100}", spent=Spent(tokens=100)) == "tokens"
    assert name("loop: on\n  budget: {usd: 1.5}", spent=Spent(usd=1.5)) == "usd"


def test_unknown_spending_is_shown_as_unknown_and_holds_nothing():
    assert name("loop: on\n  budget: {tokens: 100000}", spent=Spent(tokens=None)) is None
    controls = parse(b"---\ncockpit:\n  budget: {turns: 20, tokens: 2000000}\n---\n").controls
    assert budget_words(controls, Spent(turns=3)) == "3/20 turns, ?/2000k tokens"
