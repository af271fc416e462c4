"""Which OpenSpec change an item goes by."""

from __future__ import annotations

import pytest

from cockpit import spec
from cockpit.spec.openspec import Linked, linked


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("openspec: add-x", Linked("openspec/changes/add-x", "", asked=True)),
        ("openspec: `add-x#2`", Linked("openspec/changes/add-x", "2", asked=True)),
        ("openspec: sub/openspec/changes/add-x/", Linked("sub/openspec/changes/add-x", "", asked=True)),
        ("openspec: openspec/changes/add-x/tasks.md#1.2", Linked("openspec/changes/add-x", "1.2", asked=True)),
        ("origin: openspec/changes/add-x/tasks.md#1.2", Linked("openspec/changes/add-x", "1.2", asked=False)),
        ("origin: notes/tasks.md#1.2", None),
        ("openspec: ../../etc", None),
        ("openspec: /etc/passwd", None),
        ("openspec: -x", None),
    ],
)
def test_the_change(field: str, change: Linked | None):
    item = spec.parse(f"## Queue\n- [ ] Do it ^q1\n  - {field}\n".encode()).item("q1")
    assert item is not None
    assert linked(item) == change


def test_what_a_task_covers():
    group = Linked("c", "2", asked=True)
    assert [group.covers(name) for name in ("2", "2.1", "21", "1.2")] == [True, True, False, False]
    assert Linked("c", "", asked=True).covers("anything")
