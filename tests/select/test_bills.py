"""What turns come to in words, with who pays told apart and unknown shown as unknown (R157, R195)."""

from __future__ import annotations

from cockpit.select import Billed, Spent, bill, bills
from cockpit.spent import Billing, Part


def turn(number: int, billing: Billing, spent: Spent, *models: str) -> Billed:
    return Billed("q1", number, "Do it", "codex", models, 0.0, billing, spent)


PLAN = turn(1, "subscription", Spent(1, 12.0, 1_000_000, 0.5, flow=Part("m", 150_000, 800_000, 0, 50_000)), "m")
KEY = turn(2, "api", Spent(1, 2.5, 900, 1.25, flow=Part("m", 700, 0, 100, 100)), "m")
DARK = turn(3, "", Spent(1, 0.4, None, None, 1, 1))


def test_subscription_and_key_are_summed_apart():
    found = bill((PLAN, KEY, PLAN))
    assert found.whole.usd == 2.25
    assert {payer: part.usd for payer, part in found.parts.items()} == {"api": 1.25, "subscription": 1.0}
    assert bills.words(found) == (
        "3 turns, 26 min, 2.0M tokens (301k in, 1.6M cached, 100k out), 1.25 USD by a key, 1.00 USD on a subscription"
    )


def test_a_turn_says_who_worked_with_what():
    assert bills.turn_words(KEY) == (
        "turn 2, codex m: 2 min, 900 tokens (800 in, 0 cached, 100 out), 1.25 USD by a key"
    )


def test_what_is_unknown_is_a_question_mark_and_a_sum_without_it_has_a_plus():
    assert bills.turn_words(DARK) == "turn 3, codex: <1 min, ? tokens, ? USD (who pays is not told)"
    assert bills.words(bill((KEY, DARK))) == (
        "2 turns, 2 min, 900+ tokens (800 in, 0 cached, 100 out), 1.25 USD by a key, ? USD (who pays is not told)"
    )


def test_nothing_is_no_turn():
    assert bills.words(bill(())) == "0 turns, <1 min, ? tokens"
