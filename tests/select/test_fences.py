"""Each fence has its own name and its own test (R34 to R37)."""

from __future__ import annotations

from typing import Any

import pytest

from cockpit import select
from cockpit.select import Account, Spent, backpressure, budget_notes, budget_words, fence
from cockpit.spec import Controls, Item, parse


def controls(front: str) -> Controls:
    return parse(f"---\ncockpit:\n  {front}\n---\n".encode()).controls


def name(
    front: str = "loop: on", *, spent: Spent | None = None, today: Spent | None = None, **counts: Any
) -> str | None:
    given = {"ready": 1, "open": 0, "waiting": 0, "running": 0, "invariant": ""} | counts
    found = fence(controls(front), account=Account(spent or Spent(), today or Spent()), **given)
    return found.name if found else None


def test_nothing_holds_a_loop_that_is_on_with_something_ready():
    assert name() is None
    assert name("loop: step") is None


def test_hold():
    assert name("loop: hold") == "hold"


def test_drained_when_nothing_is_ready_and_nothing_will_be():
    assert name(ready=0) == "drained"
    assert name(ready=0, open=1) is None


def stopped(why: str) -> Item:
    return parse(f"## Queue\n- [!] one ^q1\n  - why: {why}\n".encode()).items[0]


def test_what_the_human_interrupted_is_a_stop_of_its_own():
    found = fence(
        controls("loop: on"),
        ready=0,
        open=0,
        waiting=0,
        running=0,
        account=Account(),
        invariant="",
        stopped=stopped("interrupted by you: lunch"),
    )
    assert found is not None
    words = "q1: interrupted by you: lunch; iterate lets it go on, strike drops it"
    assert (found.name, found.words) == ("interrupt", words)
    assert name(ready=1, stopped=stopped("interrupted by you")) is None
    assert name(ready=0, open=1, stopped=stopped("interrupted by you")) is None


def test_a_queue_with_blocked_items_alone_is_not_drained():
    assert name(ready=0, stopped=stopped("blocked: no access")) == "blocked"


def test_a_red_base_stops_a_loop_that_is_on_but_no_step():
    assert name(red="`make` is red") == "red"
    assert name("loop: step", red="`make` is red") is None
    assert name(ready=0, red="`make` is red") == "drained"


@pytest.mark.parametrize(
    ("queue", "words"),
    [
        (
            "- [ ] one ^q1\n  - after: d1\n\n## Decisions\n- [?] Which? ^d1\n",
            "q1 waits for d1, a decision that is open",
        ),
        ("- [ ] one ^q1\n  - after: q9\n", "q1 waits for q9, which is not in the spec"),
        ("- [-] one ^q1\n- [ ] two ^q2\n  - after: q1\n", "q2 waits for q1, which was struck"),
        ("- [ ] one ^q1\n  - after: q1\n", "q1 waits for itself in a circle of after:"),
        ("- [ ] one ^q1\n  - budget: lots\n", "q1 has a budget: that cannot be read"),
    ],
)
def test_what_is_left_but_waits_is_a_stop_with_its_reason(queue: str, words: str):
    found = planned(queue)
    assert found.fence is not None
    assert (found.fence.name, found.state) == ("waiting", select.State.STOP)
    assert found.why.startswith(words)
    assert found.waits[found.fence.item] in found.why


def test_what_waits_for_the_human_s_word_is_no_stop():
    found = planned("- [?] one ^q1\n  - asks: which?\n- [ ] two ^q2\n  - after: q1\n")
    assert found.fence is None
    assert found.why == "q1 waits for you"
    assert found.waits == {"q2": "waits for q1"}


def planned(queue: str) -> select.Plan:
    world = select.World(
        turns={}, alive=lambda _: False, lost=lambda _: "", stale=lambda _: "", delivered=lambda _: frozenset()
    )
    return select.plan(parse(f"---\ncockpit:\n  loop: on\n---\n## Queue\n{queue}".encode()), world)


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


def test_a_delegate_at_work_counts_as_a_review_that_is_coming():
    assert name(waiting=2, running=1) == "capacity"
    assert name(waiting=1, running=1) is None
    assert backpressure(3, 2, 1) == "backpressure: 2 results wait for you and 1 more will; you take 3 at once"


def test_a_queue_without_work_is_not_held_back_by_reviews():
    assert name(waiting=5, ready=0, open=1) is None


def test_budgets_of_a_day_are_fences_of_their_own():
    front = "loop: on\n  budget: {turns: 50, day: {turns: 5, usd: 2}}"
    assert name(front, today=Spent(turns=5)) == "day-turns"
    assert name(front, today=Spent(usd=2.0)) == "day-usd"
    assert name(front, spent=Spent(turns=5)) is None


def test_unknown_spending_is_shown_as_unknown_and_holds_nothing():
    assert name("loop: on\n  budget: {tokens: 100000}", spent=Spent(tokens=None)) is None
    set_to = controls("budget: {turns: 20, tokens: 2000000, day: {usd: 3}}")
    account = Account(Spent(turns=3, no_tokens=3), Spent(turns=3, usd=0.5, no_usd=1))
    assert budget_words(set_to, account) == "3/20 turns, ?/2000k tokens, today 0.50+/3.00 USD"
    assert budget_notes(set_to, account) == [
        "budget, tokens: 3 of 3 turns tell none",
        "budget of the day, usd: 1 of 3 turns tell none",
    ]


def test_what_is_known_is_held_though_some_turns_told_nothing():
    assert name("loop: on\n  budget: {tokens: 100}", spent=Spent(turns=2, tokens=100, no_tokens=1)) == "tokens"


def test_the_tempo_holds_the_next_dispatch_until_its_time_but_no_step():
    found = fence(
        controls("loop: on\n  pace: 10m"), ready=1, open=0, waiting=0, running=0, account=Account(), invariant="",
        paced=1000.0,
    )  # fmt: skip
    assert found is not None
    assert (found.name, found.until) == ("pace", 1000.0)
    assert found.words.startswith("pace: 10m between two dispatches: the next one at ")
    assert name("loop: step\n  pace: 10m", paced=1000.0) is None
    assert name("loop: on\n  pace: 10m", ready=0, paced=1000.0) == "drained"
