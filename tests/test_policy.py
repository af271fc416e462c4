"""Six questions of an item, each with the control that changes the answer (R72 to R77)."""

from __future__ import annotations

from cockpit.policy import Now, six
from cockpit.spec import parse

SPEC = """---
cockpit:
  agent: codex
  verify: make test
  {front}
---
## Queue
- [{mark}] Write a ^q1
{fields}"""
LABELS = ["next turn", "done when", "goes on", "pauses", "commits", "promotes"]


def rows(mark: str = " ", fields: str = "", front: str = "mode: copilot", now: Now | None = None) -> dict[str, str]:
    document = parse(SPEC.format(mark=mark, front=front, fields=fields).encode())
    found = six(document, document.items[0], now or Now(target="feat/x"))
    assert [label for label, _ in found] == LABELS
    return dict(found)


def test_an_open_item_is_the_loop_s_and_says_what_it_waits_for():
    assert rows()["next turn"] == "the loop's: it dispatches codex (agent:, wip:)"
    words = rows(now=Now(waits="waits for d1"))["next turn"]
    assert words.startswith("the loop's, not yet: waits for d1 (after:")


def test_whose_turn_it_is_follows_the_mark_and_the_gates():
    assert rows("/")["next turn"].startswith("the delegate's (x interrupt")
    assert rows("!")["next turn"].startswith("yours: mend what why: says")
    assert rows("?", "  - scope: brief of 9 words\n")["next turn"].startswith("yours: its brief waits (a accept")
    assert rows("?", "  - asks: which?\n")["next turn"].startswith("yours: it asks (i iterate answers")
    assert rows("?", "  - review: 9 pass; accept\n")["next turn"].startswith("yours: it waits for your verdict (a acc")
    assert rows("?", "  - review: 9 pass; accept\n", "mode: auto")["next turn"].startswith("the loop's: it judges")
    assert rows("?", "  - verdict: accept abc1234\n")["next turn"].startswith("the loop's: you said accept abc1234")
    assert rows("x", "  - merged: abc\n")["next turn"].startswith("nobody's")


def test_what_counts_as_done():
    assert rows()["done when"] == "merged into feat/x: `make test` passes (verify:, accept:, exit:)"
    assert rows(fields="  - accept: a1\n")["done when"].startswith("merged into feat/x: `make test` passes, a1 met")
    assert rows("x", "  - merged: abc\n")["done when"] == "it is: merged abc"
    ops = rows(fields="  - kind: ops\n  - state: `up`\n")
    assert ops["done when"] == "`up` passes, and you accept it (state:); nothing is merged"
    assert "nothing of its branch" in ops["commits"]


def test_what_lets_the_loop_go_on_and_what_pauses_it():
    assert "and your yes; at most 3 rounds" in rows()["goes on"]
    assert "and the stated rule's yes; at most 5 rounds" in rows(front="mode: auto\n  rounds: 5")["goes on"]
    assert rows()["pauses"].startswith("nothing now (budget:, review: 3")
    assert rows(now=Now(fence="red: `make` is red"))["pauses"] == "now red: `make` is red"


def test_what_is_committed_names_the_branch_and_where_it_goes():
    assert "delegate/q1 as a merge into feat/x (exit:, hooks: off)" in rows("/", "  - branch: delegate/q1\n")["commits"]
