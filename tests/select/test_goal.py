"""The goal pass: each open item in its class."""

from __future__ import annotations

import pytest

from cockpit import select
from cockpit.select.goal import Class, ways
from cockpit.spec import parse

REST = "- [x] over ^q8\n- [-] struck ^q9\n## Decisions\n- [?] which store? ^d1\n"


@pytest.mark.parametrize(
    ("item", "kind"),
    [
        ("- [ ] a ^q1\n", Class.NOW),
        ("- [ ] a ^q1\n  - after: q8\n", Class.NOW),
        ("- [ ] a ^q1\n  - kind: ops\n", Class.LIVE),
        ("- [ ] a ^q1\n  - after: d1\n", Class.DECISION),
        ("- [ ] a ^q1\n  - after: q2\n- [ ] b ^q2\n", Class.BEHIND),
        ("- [ ] a ^q1\n  - after: q9\n", Class.NEVER),
        ("- [ ] a ^q1\n  - after: q77\n", Class.NEVER),
        ("- [ ] a ^q1\n  - after: q1\n", Class.NEVER),
        ("- [/] a ^q1\n", Class.RUNNING),
        ("- [?] a ^q1\n  - asks: which?\n", Class.YOURS),
        ("- [ ] TBD ^q1\n", Class.YOURS),
        ("- [!] a ^q1\n  - why: failed\n", Class.YOURS),
        ("- [>] a ^q1\n", Class.OFF),
    ],
)
def test_each_item_is_in_one_class(item: str, kind: Class):
    document = parse(f"## Queue\n{item}{REST}".encode())
    row = ways(document, select.standings(document), {})[0]
    assert (row.id, row.kind) == ("q1", kind)


def test_what_a_commit_names_is_probably_done_and_what_is_over_is_not_told():
    document = parse(f"## Queue\n- [ ] a ^q1\n{REST}".encode())
    rows = ways(document, select.standings(document), {"q1": "4f1c2aa names it"})
    assert [(row.id, row.kind, row.words) for row in rows] == [("q1", Class.REAP, "4f1c2aa names it")]
