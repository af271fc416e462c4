from __future__ import annotations

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cockpit.spec import Kind, Mark, SpecError, edit, merge, parse
from tests.spec.specs import odd, sane

BASE = b"## Queue\n- [ ] a ^a\n- [ ] b ^b\n  - why: x\n- [ ] c ^c\n- [ ] d\n\n## Notes\nSome words.\nMore words.\n"


def swap(data: bytes, *pairs: tuple[bytes, bytes]) -> bytes:
    for old, new in pairs:
        assert data.count(old) == 1
        data = data.replace(old, new)
    return data


def clean(ours: bytes, theirs: bytes, base: bytes = BASE) -> bytes:
    """The merge, which has no conflict and is the same from both sides."""
    merged = merge(base, ours, theirs)
    assert merged.conflicts == ()
    return merged.data


def test_ticks_next_to_each_other_never_conflict():
    ours, theirs = edit.set_mark(BASE, "a", Mark.DONE), edit.set_mark(BASE, "b", Mark.DONE)
    assert clean(ours, theirs) == edit.set_mark(ours, "b", Mark.DONE)


def test_mark_text_and_fields_of_one_item_are_merged_apart():
    ours = edit.set_field(edit.set_mark(BASE, "b", Mark.RUNNING), "b", "branch", "delegate/b")
    theirs = edit.set_field(edit.set_text(BASE, "b", "b, said better"), "b", "why", "y")
    merged = clean(ours, theirs)
    assert b"- [/] b, said better ^b\n  - why: y\n  - branch: delegate/b\n- [ ] c ^c\n" in merged


def test_both_add_after_the_same_item():
    ours, theirs = edit.add_item(BASE, "mine", below="b")[0], swap(BASE, (b"- [ ] c", b"- [ ] yours\n- [ ] c"))
    assert [item.text for item in parse(clean(ours, theirs)).queue] == ["a", "b", "mine", "yours", "c", "d"]


def test_an_item_removed_here_and_ticked_there_is_kept_and_told():
    ours, theirs = swap(BASE, (b"- [ ] b ^b\n  - why: x\n", b"")), edit.set_mark(BASE, "b", Mark.DONE)
    for merged in (merge(BASE, ours, theirs), merge(BASE, theirs, ours)):
        assert merged.data == swap(theirs, (b"  - why: x\n", b"  - why: x\n  - conflict: removed on the other side\n"))
        assert merged.conflicts == ("^b was removed on one side and changed on the other; it is kept",)


def test_a_field_removed_here_and_changed_there_is_kept_and_told():
    ours, theirs = edit.drop_field(BASE, "b", "why"), edit.set_field(BASE, "b", "why", "y")
    for merged in (merge(BASE, ours, theirs), merge(BASE, theirs, ours)):
        assert b"  - why: y\n  - conflict: removed why\n- [ ] c" in merged.data


def test_an_item_removed_here_and_left_alone_there_is_gone():
    ours, theirs = swap(BASE, (b"- [ ] b ^b\n  - why: x\n", b"")), edit.set_mark(BASE, "c", Mark.DONE)
    assert clean(ours, theirs) == edit.set_mark(ours, "c", Mark.DONE)


def test_an_item_moved_here_and_ticked_there_is_moved_and_ticked():
    ours = swap(BASE, (b"- [ ] c ^c\n", b""), (b"## Notes\n", b"## Notes\n- [ ] c ^c\n"))
    theirs = edit.set_mark(BASE, "c", Mark.DONE)
    assert clean(ours, theirs) == edit.set_mark(ours, "c", Mark.DONE)
    assert clean(theirs, ours) == edit.set_mark(ours, "c", Mark.DONE)


def test_an_item_moved_on_both_sides_is_there_once():
    ours = swap(BASE, (b"- [ ] c ^c\n", b""), (b"## Queue\n", b"## Queue\n- [ ] c ^c\n"))
    theirs = swap(BASE, (b"- [ ] c ^c\n", b""), (b"## Notes\n", b"## Notes\n- [ ] c ^c\n"))
    merged = merge(BASE, ours, theirs)
    assert merged.data == swap(ours, (b"c ^c\n", "c ^c\n  - conflict: moved below “d”\n".encode()))
    assert merge(BASE, theirs, ours).data == swap(theirs, (b"c ^c\n", b"c ^c\n  - conflict: moved to queue\n"))
    assert merge(BASE, ours, ours).conflicts == ()


def test_an_item_that_got_its_id_here_is_the_one_reworded_there():
    key = parse(BASE).queue[3].id
    ours = edit.set_field(edit.set_mark(BASE, key, Mark.RUNNING), "q1", "branch", "delegate/q1")
    assert b"- [/] d and e ^q1\n  - branch: delegate/q1\n" in clean(
        ours, swap(BASE, (b"- [ ] d\n", b"- [ ] d and e\n"))
    )


def test_an_editor_that_changes_every_line_end_conflicts_with_nothing():
    theirs = BASE.replace(b"\n", b"\r\n")
    ours = edit.set_mark(BASE, "a", Mark.DONE)
    assert clean(ours, theirs) == ours.replace(b"\n", b"\r\n")
    assert clean(theirs, ours) == ours.replace(b"\n", b"\r\n")


def test_two_texts_for_one_item_both_stand():
    merged = merge(BASE, edit.set_text(BASE, "b", "mine"), edit.set_text(BASE, "b", "yours"))
    assert b"- [ ] mine ^b\n  - why: x\n  - conflict: yours\n- [ ] c" in merged.data
    assert merged.conflicts == ("^b: both sides changed it: yours",)


def test_two_marks_for_one_item_both_stand():
    merged = merge(BASE, edit.set_mark(BASE, "a", Mark.DONE), edit.set_mark(BASE, "a", Mark.STRUCK))
    assert b"- [x] a ^a\n  - conflict: marked -\n- [ ] b" in merged.data


def test_two_values_for_one_field_both_stand():
    merged = merge(BASE, edit.set_field(BASE, "b", "why", "mine"), edit.set_field(BASE, "b", "why", "yours"))
    assert b"  - why: mine\n  - conflict: why: yours\n" in merged.data
    assert merged.conflicts == ("^b: both sides changed why; theirs is the line `conflict:`",)


def test_messages_of_both_sides_are_all_kept():
    ours = edit.add_field(BASE, "a", "steer", "use the new socket")
    theirs = edit.add_field(edit.add_field(BASE, "a", "steer", "mind the tests"), "a", "steer", "and the docs")
    steers = parse(clean(ours, theirs)).item("a")
    assert steers is not None
    assert steers.values("steer") == ["use the new socket", "mind the tests", "and the docs"]


def test_two_edits_of_one_line_of_prose_both_stand():
    merged = merge(BASE, swap(BASE, (b"Some", b"My")), swap(BASE, (b"Some", b"Your")))
    assert "My words.\nYour words.\nconflict: both sides changed “Some words.”\nMore words.\n".encode() in merged.data
    assert merged.conflicts == ("“Some words.” was changed on both sides; both stand",)


def test_two_versions_of_a_paragraph_are_read_one_after_the_other():
    base = b"Some\nwords\nhere.\n"
    merged = merge(base, b"My\nown\nhere.\n", b"Your\nvery\nhere.\n")
    assert merged.data == "My\nown\nYour\nvery\nconflict: both sides changed “Some”\nhere.\n".encode()


def test_edits_of_neighbouring_lines_of_prose_stay_in_order():
    ours, theirs = swap(BASE, (b"More", b"MORE")), swap(BASE, (b"Some", b"SOME"))
    assert clean(ours, theirs).endswith(b"SOME words.\nMORE words.\n")


def test_one_id_given_twice_is_told_apart():
    ours, theirs = edit.add_item(BASE, "mine")[0], edit.add_item(BASE, "yours")[0]
    merged = merge(BASE, ours, theirs)
    found = parse(merged.data)
    assert [(item.id, item.text) for item in found.queue if item.id.startswith("q")] == [
        ("q1", "mine"),
        ("q2", "yours"),
    ]
    assert merged.conflicts == ("^q1 was given twice; the second is ^q2 now",)


def test_the_same_new_item_on_both_sides_is_there_once():
    ours, theirs = edit.add_item(BASE, "new")[0], swap(BASE, (b"- [ ] d\n", b"- [ ] d\n- [ ] new\n"))
    assert clean(ours, theirs) == ours


def test_a_section_that_both_sides_add_is_there_once():
    ours = edit.add_mute(BASE, "s", "always", "noise", "2026-11-21 10:12")[0]
    theirs = edit.add_mute(BASE, "t", "next head", "", "2026-11-21 10:13")[0]
    found = parse(merge(BASE, ours, theirs).data)
    assert [(mute.id, mute.target) for mute in found.mutes] == [("m1", "s"), ("m2", "t")]
    assert [section.title for section in found.sections] == ["Queue", "Notes", "Muted"]


HEAD = b"---\ncockpit:\n  loop: hold\n  wip: 1\n---\n"


def test_two_controls_are_merged_by_line():
    base = HEAD + BASE
    ours, theirs = edit.set_control(base, "loop", "on"), edit.set_control(base, "wip", "2")
    assert clean(ours, theirs, base) == edit.set_control(ours, "wip", "2")


def test_two_values_of_one_control_leave_a_spec_that_can_be_read():
    base = HEAD + BASE
    ours, theirs = edit.set_control(base, "loop", "on"), edit.set_control(base, "loop", "step")
    merged = merge(base, ours, theirs)
    assert merged.data.startswith(b"---\ncockpit:\n  loop: on\n  wip: 1\n# conflict: loop: step\n---\n")
    assert parse(merged.data).controls.loop == "on"
    assert len(merged.conflicts) == 1


def test_what_cannot_be_read_is_not_merged():
    with pytest.raises(SpecError):
        merge(BASE, BASE + b"\xff", BASE + b"x")


def test_no_item_is_merged_below_a_field():
    base = b"- [ ] a ^a\n  - [ ] m ^m\n    - [ ] b ^b\n      more\n- [ ] c ^c\n"
    ours, theirs = swap(base, (b"  - [ ] m ^m\n", b"")), edit.set_field(base, "a", "why", "x")
    told = b"- [ ] a ^a\n  - why: x\n  - [ ] b ^b\n    more\n- [ ] c ^c\n"
    assert clean(ours, theirs, base) == clean(theirs, ours, base) == told


def test_an_item_that_one_side_had_below_a_field_stays_there():
    base = b"- [ ] a ^a\n    - [ ] b ^b\n"
    ours, theirs = swap(base, (b"a ^a\n", b"a ^a\n  - why: x\n")), edit.set_mark(base, "b", Mark.DONE)
    assert clean(ours, theirs, base) == swap(ours, (b"[ ] b", b"[x] b"))


# -- laws -------------------------------------------------------------------------------------------------------------


@given(odd, odd)
@settings(max_examples=150, deadline=None)
def test_what_one_side_did_alone_stands_as_it_is(base: bytes, new: bytes):
    assert merge(base, new, base).data == new
    assert merge(base, base, new).data == new
    assert merge(base, new, new).data == new


@st.composite
def runs(draw: st.DrawFn, data: bytes, side: str) -> bytes:
    """Some edits in a row by one side; every word it adds is its own."""
    for number in range(draw(st.integers(1, 5))):
        word = f"{side}{number}"
        items = parse(data).walk()
        what = draw(st.integers(0, 8))
        item = draw(st.sampled_from(items)) if items else None
        if item is None or what == 0:
            data = edit.add_item(data, word, section=draw(st.sampled_from([Kind.QUEUE, Kind.BACKLOG])))[0]
        elif what == 1:
            data = edit.set_mark(data, item.id, draw(st.sampled_from(Mark)))
        elif what == 2:
            data = edit.set_text(data, item.id, f"{item.text} {word}" if draw(st.booleans()) else word)
        elif what == 3:
            data = edit.set_field(data, item.id, draw(st.sampled_from(["why", "note", "steer"])), word)
        elif what == 4:
            data = edit.add_item(data, word, below=item.id)[0]
        elif what == 5:
            data = data[: item.span.start] + data[item.span.end :]
        elif what == 6:
            taken = data[item.span.start : item.span.end]
            rest = data[: item.span.start] + data[item.span.end :]
            others = parse(rest).items
            if others and taken.endswith(b"\n"):
                place = draw(st.sampled_from(others)).span.start
                data = rest[:place] + taken + rest[place:]
        elif what == 7:
            data = edit.add_mute(data, word, "always", word, "2026-11-21 10:12")[0]
        else:
            lines = data.split(b"\n")
            lines.insert(draw(st.integers(0, len(lines))), f"Words of {word}.".encode())
            changed = b"\n".join(lines)
            try:
                parse(changed)
            except SpecError:
                continue
            data = changed
    return data


def words(data: bytes) -> set[bytes]:
    return set(re.findall(rb"\b[LR]\d\b", data))


def ids(data: bytes) -> list[str]:
    return [item.id for item in parse(data).walk() if item.touched]


@given(st.data(), sane())
@settings(max_examples=200, deadline=None)
def test_no_word_is_lost_and_no_id_is_doubled(data: st.DataObject, base: bytes):
    ours, theirs = data.draw(runs(base, "L")), data.draw(runs(base, "R"))
    merged = merge(base, ours, theirs)
    assert words(merged.data) >= words(ours) | words(theirs)
    prose = {line.strip() for line in base.split(b"\n") if line.startswith((b"Some words", b"# ", b"## "))}
    assert prose <= {line.strip() for line in merged.data.split(b"\n")}
    found = ids(merged.data)
    mine, other = ids(ours), ids(theirs)
    assert all(found.count(id) <= max(mine.count(id), other.count(id), 1) for id in found)
    assert {id for id in mine if id in other} <= set(found)


@given(st.data(), sane())
@settings(max_examples=100, deadline=None)
def test_marks_on_different_items_both_arrive(data: st.DataObject, base: bytes):
    items = [item for item in parse(base).walk() if item.section is not Kind.GOAL]
    assume(len(items) > 1)
    one, two = data.draw(st.permutations(items))[:2]
    base, first = edit.ensure_id(base, one.id)
    again = next((item.id for item in parse(base).walk() if item.line == two.line), "")
    base, second = edit.ensure_id(base, again)
    merged = merge(base, edit.set_mark(base, first, Mark.STRUCK), edit.set_mark(base, second, Mark.RUNNING))
    assert merged.conflicts == ()
    assert merged.data == edit.set_mark(edit.set_mark(base, first, Mark.STRUCK), second, Mark.RUNNING)


@given(odd, odd, odd)
@settings(max_examples=200, deadline=None)
def test_no_document_is_too_odd_to_merge(base: bytes, ours: bytes, theirs: bytes):
    try:
        for side in (base, ours, theirs):
            parse(side)
    except SpecError:
        return
    merged = merge(base, ours, theirs)
    lines = {line.strip() for line in merged.data.split(b"\n")}
    both = {line.strip() for line in ours.split(b"\n")} & {line.strip() for line in theirs.split(b"\n")}
    was = {line.strip() for line in base.split(b"\n")}
    assert {line for line in both - was if not line.startswith((b"- ", b"*", b"1."))} <= lines


@pytest.mark.parametrize("indent", [b"  ", b"    ", b"\t"])
def test_an_item_whose_parent_one_side_dropped_and_the_other_moved_is_an_item_still(indent: bytes):
    base = b"# Decisions\n- [ ] top\n" + indent + b"- [ ] fix ^q1\n" + indent + b"  - why: x\n\n# Queue\n"
    ours = base.replace(b"top", b"very other words here")
    theirs = b"# Decisions\n\n# Queue\n- [ ] top\n" + indent + b"- [ ] fix ^q1\n" + indent + b"  - why: x\n"
    for merged in (merge(base, ours, theirs), merge(base, theirs, ours)):
        item = parse(merged.data).item("q1")
        assert item is not None
        assert item.value("why") == "x"


def test_a_last_line_without_an_end_is_the_same_line_when_something_comes_below_it():
    base = b"## Queue\r\n- [ ] a ^q1\r\n  - why: x"
    ours, theirs = base + b"\r\n  - note: new", base.replace(b"why: x", b"why: y")
    assert merge(base, ours, theirs) == merge(base, theirs, ours)
    assert merge(base, ours, theirs).data == base.replace(b"why: x", b"why: y") + b"\r\n  - note: new"


def test_a_byte_order_mark_is_no_part_of_the_line_below_it():
    bom, base = b"\xef\xbb\xbf", b"### Pinned\n\n- [ ] a ^i0\n- [ ] b ^i1\n- [ ] c ^i2\n"
    ours = b"### Queue\n- [ ] b ^i1\n\n" + base.replace(b"- [ ] b ^i1\n", b"")
    theirs = b"### Queue\n- [ ] a ^i0\n\n" + base.replace(b"- [ ] a ^i0\n", b"")
    for one, other in ((ours, theirs), (theirs, ours)):
        merged = merge(bom + base, bom + one, bom + other)
        assert merged.data == bom + merge(base, one, other).data
        assert {item.id for item in parse(merged.data).queue} == {"i0", "i1"}
