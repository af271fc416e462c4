"""Moving items: their bytes and identity stay, wherever they go."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cockpit.spec import Document, Item, Kind, NoSuchItem, SpecError, edit, parse
from tests.spec.specs import odd, sane

SPEC = b"""\
# Spec

## Queue
- [ ] one ^q1
  - after: q2
  wrapped words

  more of it
- [x] two ^q2
- [ ] three
  - [ ] child ^q4
    - note: x

## Backlog
Some words.

## Decisions
"""


def order(data: bytes) -> list[tuple[str, str]]:
    return [(item.section or "", item.text) for item in parse(data).items]


def block(data: bytes, id: str) -> bytes:
    item = parse(data).item(id)
    assert item is not None
    return data[item.span.start : item.span.end]


def test_an_item_moves_before_and_after_another_with_all_below_it():
    moved = edit.move_item(SPEC, "q1", after="q2")
    assert order(moved)[:3] == [("queue", "two"), ("queue", "one"), ("queue", "three")]
    assert block(moved, "q1") == block(SPEC, "q1")
    assert edit.move_item(moved, "q1", before="q2") == SPEC


def test_an_item_moves_to_the_end_of_a_section_below_its_words():
    moved = edit.move_item(SPEC, "q1", section=Kind.BACKLOG)
    assert b"## Backlog\nSome words.\n\n- [ ] one ^q1\n  - after: q2\n  wrapped words\n\n  more of it\n" in moved
    again = edit.move_item(moved, "q2", section=Kind.BACKLOG)
    assert order(again)[-2:] == [("backlog", "one"), ("backlog", "two")]
    assert b"more of it\n- [x] two ^q2\n\n## Decisions\n" in again


def test_a_missing_section_is_made_in_its_customary_place():
    moved = edit.move_item(SPEC, "q2", section=Kind.PENDING)
    assert b"## Pending\n- [x] two ^q2\n\n## Decisions" in moved


def test_a_child_that_leaves_its_parent_gets_the_indent_of_its_new_place():
    moved = edit.move_item(SPEC, "q4", before="q1")
    assert b"## Queue\n- [ ] child ^q4\n  - note: x\n- [ ] one ^q1\n" in moved
    back = edit.move_item(SPEC, "q2", after="q4")
    assert b"  - [ ] child ^q4\n    - note: x\n  - [x] two ^q2\n" in back


def test_an_item_that_stands_there_already_does_not_move():
    assert edit.move_item(SPEC, "q2", after="q1") == SPEC
    assert edit.move_item(SPEC, "q1", before="q2") == SPEC
    assert edit.move_item(SPEC, "q1", before="q1") == SPEC
    alone = b"## Backlog\n- [ ] a ^b1\n"
    assert edit.move_item(alone, "b1", section=Kind.BACKLOG) == alone


def test_an_item_without_an_id_gets_one_and_no_other_byte():
    key = next(item.id for item in parse(SPEC).items if item.text == "three")
    moved = edit.move_item(SPEC, key, before="q1")
    assert b"## Queue\n- [ ] three ^q5\n  - [ ] child ^q4\n    - note: x\n- [ ] one ^q1" in moved


def test_what_cannot_be_moved_is_refused():
    with pytest.raises(NoSuchItem):
        edit.move_item(SPEC, "q99", after="q1")
    with pytest.raises(NoSuchItem):
        edit.move_item(SPEC, "q1", after="q99")
    three = next(item.id for item in parse(SPEC).items if item.text == "three")
    with pytest.raises(ValueError, match="part of"):
        edit.move_item(SPEC, three, after="q4")
    with pytest.raises(ValueError, match="nowhere"):
        edit.move_item(SPEC, "q1")


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_document_without_a_final_line_end_keeps_having_none(end: bytes):
    data = b"## Queue\n- [ ] a ^q1\n- [ ] b ^q2".replace(b"\n", end)
    moved = edit.move_item(data, "q1", after="q2")
    assert moved == b"## Queue\n- [ ] b ^q2\n- [ ] a ^q1".replace(b"\n", end)
    assert edit.move_item(moved, "q1", before="q2") == data


def said(item: Item) -> tuple[object, ...]:
    fields = tuple((entry.key, entry.value) for entry in item.fields)
    return (item.text, item.mark, fields, tuple(said(child) for child in item.children))


def lines(data: bytes) -> list[bytes]:
    return sorted(line.strip() for line in data.split(b"\n") if line.strip())


def touched(data: bytes, at: int) -> tuple[bytes, str, Document]:
    items = parse(data).walk()
    assume(items)
    data, id = edit.ensure_id(data, items[at % len(items)].id)
    return data, id, parse(data)


@given(sane(), st.integers(0, 99), st.integers(0, 99), st.booleans())
@settings(max_examples=200, deadline=None)
def test_a_move_keeps_every_line_and_every_other_item(data: bytes, at: int, to: int, below: bool):
    data, id, _ = touched(data, at)
    data, other, before = touched(data, to)
    try:
        moved = edit.move_item(data, id, after=other) if below else edit.move_item(data, id, before=other)
    except ValueError:
        return
    after = parse(moved)
    old, new = before.item(id), after.item(id)
    assert old is not None
    assert new is not None
    assert said(new) == said(old)
    assert lines(moved) == lines(data)
    assert {item.text for item in after.walk()} == {item.text for item in before.walk()}
    if old.depth == new.depth:
        assert block(moved, id).rstrip(b"\r\n") == block(data, id).rstrip(b"\r\n")
    place = after.item(other)
    assert place is not None
    assert new.section is place.section


@given(st.one_of(sane(), odd), st.integers(0, 99), st.sampled_from([Kind.QUEUE, Kind.BACKLOG, Kind.PENDING]))
@settings(max_examples=200, deadline=None)
def test_any_item_of_any_document_comes_to_the_section_or_stays(data: bytes, at: int, section: Kind):
    try:
        items = parse(data).walk()
    except SpecError:
        return
    assume(len({item.id for item in items}) == len(items))
    data, id, before = touched(data, at)
    try:
        moved = edit.move_item(data, id, section=section)
    except ValueError:
        return
    after = parse(moved)
    old, new = before.item(id), after.item(id)
    assert old is not None
    assert new is not None
    assert said(new) == said(old)
    assert new.section is section
    assert len(after.walk()) == len(before.walk())
