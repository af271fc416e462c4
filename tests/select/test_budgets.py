"""Budgets of an item: what its delegates may use in all its turns (R157, R168)."""

from __future__ import annotations

import pytest

from cockpit.select import Account, Spent, budgets
from cockpit.spec import Item, Limits, parse


def item(budget: str) -> Item:
    found = parse(f"## Queue\n- [ ] one ^q1\n  - budget: {budget}\n".encode()).item("q1")
    assert found is not None
    return found


def over(budget: str, **spent: float) -> str:
    return budgets.over(item(budget), Account(items={"q1": Spent(**spent)}))  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("budget", "spent", "words"),
    [
        ("3 turns", {"turns": 3}, "3 of 3 turns"),
        ("3 turns, 20 minutes", {"turns": 2, "minutes": 20.0}, "20 of 20 minutes"),
        ("200k tokens", {"tokens": 200_000}, "200,000 of 200,000 tokens"),
        ("$1.50", {"usd": 1.5}, "1.50 of 1.50 USD"),
        ("2 usd", {"usd": 2.5}, "2.50 of 2.00 USD"),
    ],
)
def test_a_budget_that_is_reached_says_which(budget: str, spent: dict[str, float], words: str):
    assert over(budget, **spent) == f"has reached its budget: {words}; raise its budget: to go on"


def test_below_its_budget_and_of_unknown_use_an_item_goes_on():
    assert over("3 turns, 20 min, 1M tokens, 2 usd", turns=2, minutes=19.0) == ""


@pytest.mark.parametrize("budget", ["much", "3", "3 turns, 4 turns", "3k minutes", "-1 turns", "3 turns and 2 usd"])
def test_a_budget_that_means_nothing_holds_the_item_and_says_so(budget: str):
    assert "cannot be read" in over(budget)


def test_minutes_are_told_for_humans():
    assert over("0.05 minutes", minutes=0.05017).startswith("has reached its budget: 0.05 of 0.05 minutes;")
    assert over("90 minutes", minutes=90.49).startswith("has reached its budget: 90 of 90 minutes;")


def test_the_turn_that_runs_is_not_held_by_the_number_of_turns():
    account = Account(items={"q1": Spent(turns=1, minutes=5.0)})
    assert budgets.over_now(item("1 turn, 6 minutes"), account) == ""
    assert "5 of 5 minutes" in budgets.over_now(item("1 turn, 5 minutes"), account)


def test_work_on_a_subscription_is_told_apart_and_counts():
    spent = Spent(turns=2, usd=1.5, on_plan=0.5)
    assert budgets.words(Limits(usd=5.0), spent) == "1.50/5.00 USD (0.50 on a subscription)"
    assert budgets.reached(Limits(usd=1.5), spent) == ("usd", "1.50 of 1.50 USD")


def test_what_is_left_bounds_the_next_turn():
    assert budgets.left(item("20 minutes"), Account(items={"q1": Spent(minutes=15.0)})) == 5.0
    assert budgets.left(item("20 minutes"), Account(items={"q1": Spent(minutes=25.0)})) == 0.0
    assert budgets.left(item("3 turns"), Account()) is None
