"""What comes soon is announced before it happens (R36, R115); too many layers are mud (R119)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cockpit.persist.landing import Landing
from cockpit.select import Account, Spent
from cockpit.select.ahead import ahead, mud
from cockpit.spec import Controls, Item, parse


def controls(front: str) -> Controls:
    return parse(f"---\ncockpit:\n  {front}\n---\n".encode()).controls


def items(*names: str) -> Sequence[Item]:
    return parse(b"## Queue\n" + "".join(f"- [ ] work ^{name}\n" for name in names).encode()).items


def soon(front: str = "loop: on", account: Account | None = None, **given: Any) -> dict[str, str]:
    told = {"queue": items("q1", "q2", "q3"), "ready": items("q1", "q2", "q3"), "running": (), "busy": 0}
    told |= {"landing": None, "under_way": ()} | given
    return ahead(controls(front), account or Account(), **told)


def test_nothing_is_announced_in_the_middle_of_work():
    assert soon() == {}


def test_four_fifths_of_any_budget_are_announced_until_it_is_reached():
    front = "loop: on\n  budget: {turns: 20, usd: 5, day: {minutes: 60}}"
    assert soon(front, Account(Spent(turns=15, usd=1.0))) == {}
    found = soon(front, Account(Spent(turns=18, usd=4.0), Spent(minutes=50)))
    assert found["turns"] == "budget: 18 of 20 turns, then the loop stops"
    assert found["usd"] == "budget: 4.00 of 5.00 USD, then the loop stops"
    assert found["day-minutes"] == "budget of the day: 50 of 60 minutes, then the loop stops"
    assert soon(front, Account(Spent(turns=20))) == {}
    assert soon(front.replace("on", "hold", 1), Account(Spent(turns=18))) == {}


def test_the_last_of_the_queue():
    one = items("q3")
    assert soon(queue=one, ready=one)["drained"] == "q3 is the last of the queue: nothing waits behind it"
    assert soon(queue=(), ready=(), running=one)["drained"].startswith("q3 is the last of the queue")
    assert soon(queue=one, ready=one, running=items("q1"))["drained"].startswith("q3 is the last that can begin")
    assert "drained" not in soon(queue=items("q3", "q4"), ready=one)


def test_review_room_for_one_more():
    words = "2 of 3 reviews are taken: after one more nothing is begun"
    assert soon(busy=2)["capacity"] == words
    assert "capacity" not in soon(busy=1)
    assert "capacity" not in soon(busy=3)
    assert "capacity" not in soon("loop: on\n  review: 1"), "always room for one: no news"


def test_the_feature_branch_is_whole_with_the_next_merge():
    whole = Landing("feat/x", "", "", "refs/heads/main", "", ("q1",), True, True, Path("/"), None, "", None)
    found = soon(queue=(), ready=(), running=items("q3"), landing=whole, under_way=["q3"])
    assert found == {"whole": "feat/x is whole with the merge of q3: then it can land"}


def test_too_many_layers_are_named_the_most_of_a_sort_first():
    text = "---\ncockpit:\n  layers: 3\n---\n## Decisions\n- [ ] a? ^d1\n- [ ] b? ^d2\n- [x] c ^d3\n"
    document = parse(text.encode())
    assert mud(document, running=1, waiting=0, prepared=0) == ""
    words = mud(document, running=1, waiting=1, prepared=0)
    assert words == "mud: 4 layers are alive, over 3: 2 open decisions, 1 running, 1 waiting for you"
