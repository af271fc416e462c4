"""The completion graph of the queue."""

from __future__ import annotations

from cockpit.spec import parse
from cockpit.spec.graph import graph


def drawn(queue: str) -> list[str]:
    return [f"{id} {text}" for id, text in graph(parse(f"## Queue\n{queue}".encode()), {"q1": "next"})]


def test_what_waits_stands_below_what_it_waits_for():
    assert drawn(
        "- [ ] deploy ^q4\n  - after: q2, q3\n"
        "- [ ] begin ^q1\n"
        "- [ ] go on ^q2\n  - after: q1\n"
        "- [ ] beside ^q3\n"
        "- [x] over ^q5\n"
        "- [ ] after what is over ^q6\n  - after: q5\n"
    ) == [
        "q1 begin · next",
        "q2 └─ go on",
        "q3 beside",
        "q4 └─ deploy · after q2 too",
        "q6 after what is over",
    ]


def test_each_open_item_stands_there_once_in_a_circle_too():
    assert drawn("- [ ] a ^q1\n  - after: q2\n- [ ] b ^q2\n  - after: q1\n- [ ] c ^q3\n  - after: q2\n") == [
        "q1 a · next; after q2",
        "q2 b · after q1",
        "q3 └─ c",
    ]


def test_a_long_chain_is_no_deep_recursion():
    rows = "".join(f"- [ ] step ^q{at}\n  - after: q{at - 1}\n" for at in range(2, 3000))
    assert len(drawn("- [ ] step ^q1\n" + rows)) == 2999
