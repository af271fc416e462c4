"""What a merge looks at: told by counting, so that it holds on any machine."""

from __future__ import annotations

import pytest

from cockpit.spec import Mark, edit, merge, parse, units

SPEC = b"## Queue\n" + b"".join(b"- [ ] item number %d ^q%d\n  - paths: src/**\n" % (at, at) for at in range(5_000))


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the items that a merge takes apart, once for each side."""
    seen: list[str] = []
    known = units.known

    def noted(item: units.Item, inner: bytes) -> units.Known:
        seen.append(item.id)
        return known(item, inner)

    monkeypatch.setattr(units, "known", noted)
    return seen


def test_what_nobody_touched_is_not_taken_apart(looked_at: list[str]):
    ours = edit.set_text(SPEC, "q40", "said better")
    theirs = edit.set_mark(SPEC, "q4900", Mark.DONE)
    merged = merge(SPEC, ours, theirs)
    assert merged.data == edit.set_mark(ours, "q4900", Mark.DONE)
    assert len(looked_at) < 3 * 10


def test_an_item_that_went_past_untouched_blocks_is_known_again():
    theirs = edit.set_mark(SPEC, "q40", Mark.DONE)
    ours = edit.move_item(SPEC, "q40", after="q4900")
    for one, other in ((ours, theirs), (theirs, ours)):
        merged = merge(SPEC, one, other)
        assert merged.data == edit.set_mark(ours, "q40", Mark.DONE)
        assert not merged.conflicts


def test_untouched_blocks_stand_once_whatever_moved_around_them():
    """Both sides carry half of the queue to the other end, one of them upwards."""
    lines = SPEC.splitlines(keepends=True)
    middle = len(lines) // 2 + 1
    ours = b"".join([lines[0], *lines[middle:], *lines[1:middle]])
    theirs = edit.set_mark(edit.move_item(SPEC, "q4000", before="q10"), "q9", Mark.DONE)
    merged = parse(merge(SPEC, ours, theirs).data)
    ids = [item.id for item in merged.queue]
    assert sorted(ids) == sorted(item.id for item in parse(SPEC).queue)
    found = merged.item("q9")
    assert found is not None
    assert found.mark is Mark.DONE
