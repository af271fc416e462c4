from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cockpit.spec import Document, Item, Kind, Mark, NoSuchItem, SpecError, edit, numbers, parse
from cockpit.spec.lines import flat
from tests.spec.specs import FOREIGN, VALUED, odd, sane


def one_line(text: str) -> bool:
    return bool(flat(text))


def shape(item: Item, without: str = "") -> tuple[object, ...]:
    """What an item says, without where it stands."""
    fields = tuple((entry.key, entry.value) for entry in item.fields if entry.key != without)
    return (item.mark, item.text, item.section, fields, tuple(child.text for child in item.children))


def others(document: Document, id: str) -> list[tuple[object, ...]]:
    """All items but one and its parents' lists of children."""
    return [shape(item)[:4] for item in document.walk() if item.id != id]


def standing(document: Document) -> tuple[object, ...]:
    """What is no item."""
    return (
        document.goal,
        document.controls,
        [(section.title, section.level) for section in document.sections],
        [(mute.target, mute.until, mute.reason, mute.at) for mute in document.mutes],
        [(pin.target, pin.reason) for pin in document.pins],
        [(row.signal, row.state, row.since, row.action) for row in document.signals],
    )


def any_item(data: bytes, at: int) -> Item:
    """One of the items; those in the goal are left out, for there they are words of the goal too."""
    items = [item for item in parse(data).walk() if item.section is not Kind.GOAL]
    assume(items)
    return items[at % len(items)]


def changed_lines(old: bytes, new: bytes) -> tuple[list[bytes], list[bytes]]:
    """The lines of both that are neither in the common beginning nor in the common end."""
    a, b = old.split(b"\n"), new.split(b"\n")
    while a and b and a[0] == b[0]:
        a, b = a[1:], b[1:]
    while a and b and a[-1] == b[-1]:
        a, b = a[:-1], b[:-1]
    return a, b


def touched(data: bytes, item: Item) -> tuple[bytes, str]:
    return edit.ensure_id(data, item.id)


@given(sane(), st.integers(0, 99))
@settings(max_examples=150, deadline=None)
def test_an_id_is_the_only_thing_that_ensure_id_writes(data: bytes, at: int):
    item = any_item(data, at)
    new, id = touched(data, item)
    if item.touched:
        assert new == data
        return
    assert new.replace(f" ^{id}".encode(), b"", 1) == data
    assert id not in {other.id for other in parse(data).walk()}
    found = parse(new).item(id)
    assert found is not None
    assert shape(found) == shape(item)
    assert standing(parse(new)) == standing(parse(data))


@given(sane(), st.integers(0, 99), st.sampled_from(Mark))
@settings(max_examples=150, deadline=None)
def test_marking_changes_the_mark_alone(data: bytes, at: int, mark: Mark):
    data, id = touched(data, any_item(data, at))
    before = parse(data)
    new = edit.set_mark(data, id, mark)
    after = parse(new)
    item = before.item(id)
    assert item is not None
    assert len(new) == len(data)
    assert sum(a != b for a, b in zip(data, new, strict=True)) <= 1
    found = after.item(id)
    assert found is not None
    assert shape(found)[1:] == shape(item)[1:]
    assert found.mark is mark
    assert others(after, id) == others(before, id)
    assert standing(after) == standing(before)


@given(sane(), st.integers(0, 99), FOREIGN.filter(one_line))
@settings(max_examples=150, deadline=None)
def test_rewording_changes_the_text_alone_whatever_the_words(data: bytes, at: int, text: str):
    data, id = touched(data, any_item(data, at))
    before = parse(data)
    new = edit.set_text(data, id, text)
    after = parse(new)
    old = before.item(id)
    assert old is not None
    found = after.item(id)
    assert found is not None
    assert found.text == flat(text)
    assert (found.mark, shape(found)[2:]) == (old.mark, shape(old)[2:])
    assert others(after, id) == others(before, id)
    assert standing(after) == standing(before)
    was, now = changed_lines(data, new)
    assert len(was) <= 1
    assert len(now) <= 1


@given(sane(), st.integers(0, 99), st.sampled_from(VALUED), FOREIGN, st.booleans())
@settings(max_examples=200, deadline=None)
def test_a_field_is_written_and_nothing_else(data: bytes, at: int, key: str, value: str, append: bool):
    data, id = touched(data, any_item(data, at))
    before = parse(data)
    old = before.item(id)
    assert old is not None
    new = (edit.add_field if append else edit.set_field)(data, id, key, value)
    after = parse(new)
    found = after.item(id)
    assert found is not None
    assert found.value(key) == flat(value)
    expected = old.values(key) if append else old.values(key)[:-1]
    assert found.values(key) == [*expected, flat(value)]
    assert shape(found, key) == shape(old, key)
    assert others(after, id) == others(before, id)
    assert standing(after) == standing(before)
    was, now = changed_lines(data, new)
    no_end = not data.endswith(b"\n")
    assert len(was) <= 1 + no_end
    assert len(now) <= 1 + no_end
    if b"\r\n" in data:
        assert new.count(b"\r\n") == new.count(b"\n")


@given(sane(), st.integers(0, 99), st.sampled_from(VALUED))
@settings(max_examples=150, deadline=None)
def test_a_dropped_field_is_gone_and_nothing_else(data: bytes, at: int, key: str):
    data, id = touched(data, any_item(data, at))
    before = parse(data)
    old = before.item(id)
    assert old is not None
    after = parse(edit.drop_field(data, id, key))
    found = after.item(id)
    assert found is not None
    assert found.values(key) == []
    assert shape(found, key) == shape(old, key)
    assert others(after, id) == others(before, id)
    assert standing(after) == standing(before)


@given(sane(), st.sampled_from([Kind.QUEUE, Kind.BACKLOG, Kind.DECISIONS, Kind.CODE_MAP]), FOREIGN.filter(one_line))
@settings(max_examples=150, deadline=None)
def test_a_new_item_is_the_last_of_its_section(data: bytes, kind: Kind, text: str):
    before = parse(data)
    new, id = edit.add_item(data, text, section=kind)
    after = parse(new)
    mine = [item for item in after.items if item.section is kind]
    assert mine
    assert (mine[-1].id, mine[-1].text, mine[-1].mark) == (id, flat(text), Mark.OPEN)
    assert others(after, id) == [shape(item)[:4] for item in before.walk()]
    assert (after.goal, after.controls) == (before.goal, before.controls)
    assert all(line in new for line in data.removeprefix(b"\xef\xbb\xbf").split(b"\n"))


@given(sane(), st.integers(0, 99), FOREIGN.filter(one_line))
@settings(max_examples=100, deadline=None)
def test_a_new_item_stands_right_below_its_neighbour(data: bytes, at: int, text: str):
    data, below = touched(data, any_item(data, at))
    new, id = edit.add_item(data, text, below=below)
    order = [(item.id, item.depth) for item in parse(new).walk()]
    neighbour = parse(new).item(below)
    assert neighbour is not None
    family = {below}
    waiting = list(neighbour.children)
    while waiting:
        child = waiting.pop()
        family.add(child.id)
        waiting.extend(child.children)
    place = next(index for index, (entry, _) in enumerate(order) if entry == id)
    assert order[place][1] == neighbour.depth
    assert order[place - 1][0] in family
    assert standing(parse(new)) == standing(parse(data))


@given(sane(), FOREIGN)
@settings(max_examples=200, deadline=None)
def test_the_goal_is_replaced_and_its_words_never_become_structure(data: bytes, text: str):
    assume("[" not in text)  # a checkbox in the goal is an item
    before = parse(data)
    assume(not any(item.section is Kind.GOAL for item in before.walk()))
    new = edit.set_goal(data, text)
    after = parse(new)
    lines = text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n").encode(errors="replace").decode().strip()
    assert after.goal == "\n".join(line.rstrip() for line in lines.split("\n"))
    titles = [section.title for section in before.sections]
    assert [title for title in [section.title for section in after.sections] if title in titles] == titles
    assert [shape(item) for item in after.walk()] == [shape(item) for item in before.walk()]
    assert standing(after)[3:] == standing(before)[3:]


@given(
    sane(),
    FOREIGN.filter(one_line),
    st.sampled_from(["it changes", "next head", "always", "2026-11-21 10:42"]),
    FOREIGN,
)
@settings(max_examples=150, deadline=None)
def test_a_mute_says_what_it_was_told_and_goes_without_a_trace(data: bytes, target: str, until: str, reason: str):
    before = parse(data)
    new, id = edit.add_mute(data, target, until, reason, "2026-11-21 10:12")
    after = parse(new)
    mute = next(mute for mute in after.mutes if mute.id == id)
    assert (mute.target, mute.until, mute.reason, mute.at) == (flat(target), until, flat(reason), "2026-11-21 10:12")
    assert [shape(item) for item in after.walk()] == [shape(item) for item in before.walk()]
    gone = parse(edit.drop_mute(new, id))
    assert [entry.target for entry in gone.mutes] == [entry.target for entry in before.mutes]
    if before.mutes:
        assert gone.data.rstrip() == data.rstrip()


@given(sane(), FOREIGN.filter(one_line), FOREIGN)
@settings(max_examples=100, deadline=None)
def test_a_pin_says_what_it_was_told(data: bytes, target: str, reason: str):
    new, id = edit.add_pin(data, target, reason)
    pin = next(pin for pin in parse(new).pins if pin.id == id)
    assert (pin.target, pin.reason) == (flat(target), flat(reason))
    assert all(entry.target != flat(target) for entry in parse(edit.drop_pin(new, target)).pins)


STAMP = st.sampled_from(["11-21 10:12", "01-02 03:04"])


@given(sane(), st.lists(st.tuples(FOREIGN, FOREIGN, STAMP, FOREIGN), max_size=4))
@settings(max_examples=100, deadline=None)
def test_signals_are_the_rows_given(data: bytes, rows: list[tuple[str, str, str, str]]):
    before = parse(data)
    new = edit.set_signals(data, rows)
    after = parse(new)
    have = [(row.signal, row.state, row.since, row.action) for row in after.signals]
    assert have == [tuple(flat(cell) for cell in row) for row in rows]
    assert [shape(item) for item in after.walk()] == [shape(item) for item in before.walk()]
    assert (after.goal, after.mutes and after.mutes[0].target) == (before.goal, before.mutes and before.mutes[0].target)
    assert edit.set_signals(new, rows) == new


@given(sane(), st.sampled_from(["agent", "model", "verify"]), FOREIGN)
@settings(max_examples=200, deadline=None)
def test_a_control_reads_back_as_it_was_given(data: bytes, key: str, value: str):
    before = parse(data)
    try:
        new = edit.set_control(data, key, value)
    except SpecError:
        return  # a control character that YAML has no place for
    after = parse(new)
    words = (flat(value),) if flat(value) else ()
    assert getattr(after.controls, key) == (words if key == "verify" else flat(value))
    assert [shape(item) for item in after.walk()] == [shape(item) for item in before.walk()]
    assert all(line in new for line in data.split(b"\n") if key.encode() not in line and b"\xef" not in line)


@given(odd, st.integers(0, 99))
@settings(max_examples=200, deadline=None)
def test_on_documents_that_make_no_sense_an_edit_still_edits(data: bytes, at: int):
    try:
        document = parse(data)
    except SpecError:
        return
    items = document.walk()
    if not items:
        return
    new, id = edit.ensure_id(data, document.name(items[at % len(items)]))
    new = edit.set_field(edit.set_mark(new, id, Mark.BLOCKED), id, "why", "lost")
    item = parse(new).item(id)
    assert item is not None
    assert (item.mark, item.value("why")) == (Mark.BLOCKED, "lost")
    assert len(parse(new).walk()) == len(items)


EDITS: list[Callable[[bytes], bytes]] = [
    lambda data: edit.set_mark(data, "q1", Mark.DONE),
    lambda data: edit.set_field(data, "q1", "why", "x"),
    lambda data: edit.add_item(data, "new", below="q1")[0],
    lambda data: edit.drop_mute(data, "q1"),
]


@pytest.mark.parametrize("change", EDITS)
def test_an_item_that_is_not_there_is_named(change: Callable[[bytes], bytes]):
    with pytest.raises(NoSuchItem, match="q1"):
        change(b"## Queue\n- [ ] a\n")


def test_the_first_edit_writes_an_id_by_section_and_counts_on():
    data = b"## Queue\n- [ ] a ^q7\n- [ ] b\n  - after: q9\n## Backlog\n- [ ] c\n## Notes\n- [ ] d\n- see ^q12\n"
    keys = [item.id for item in parse(data).items]
    assert edit.ensure_id(data, keys[1])[1] == "q13"
    with numbers.given({"q": 20, "x": 99}):
        assert edit.ensure_id(data, keys[1])[1] == "q21"
    assert edit.ensure_id(data, keys[2])[1] == "b1"
    assert edit.ensure_id(data, keys[3])[1] == "i1"
    assert b"- [x] b ^q13\n" in edit.set_mark(data, keys[1], Mark.DONE)


def test_a_field_goes_below_wrapped_lines_and_follows_the_indent_in_use():
    data = b"- [ ] a ^q1\n  wrapped\n  - [ ] child\n"
    assert edit.set_field(data, "q1", "why", "x") == b"- [ ] a ^q1\n  wrapped\n  - why: x\n  - [ ] child\n"
    data = b"- [ ] a ^q1\r\n\t* why: x\r\n- [ ] b ^q2\r\n"
    assert edit.add_field(data, "q2", "note", "y") == data + b"\t* note: y\r\n"
    assert edit.set_field(b"10. [ ] a ^q1", "q1", "why", "x") == b"10. [ ] a ^q1\n    - why: x"


def test_a_list_of_values_is_replaced_by_one_line():
    data = b"- [ ] a ^q1\n  - paths:\n    - src/**\n    - docs/**\n  - note: n\n"
    assert edit.set_field(data, "q1", "paths", "lib/**") == b"- [ ] a ^q1\n  - paths: lib/**\n  - note: n\n"


def test_foreign_words_cannot_bring_an_id_a_line_or_a_comment():
    data = b"## Queue\n- [ ] a ^q1\n"
    new = edit.set_text(data, "q1", "evil ^q9\n- [ ] more ^q2\n<!--")
    assert [(item.id, item.text) for item in parse(new).walk()] == [("q1", "evil ^q9 - [ ] more ^q2 <!--")]
    assert parse(edit.set_field(new, "q1", "note", "x ^q5")).problems == ()


def test_no_words_are_no_item():
    for change in (lambda: edit.set_text(b"- [ ] a ^q1\n", "q1", " \n"), lambda: edit.add_item(b"", "\t")):
        with pytest.raises(ValueError, match="words"):
            change()
    with pytest.raises(ValueError, match="no field"):
        edit.set_field(b"- [ ] a ^q1\n", "q1", "nonsense", "x")


def test_split_leaves_id_fields_and_children_with_the_first():
    data = b"## Queue\n1. [?] a and b ^q1\n   - why: x\n2. [ ] c ^q2\n"
    expected = b"## Queue\n1. [?] a ^q1\n   - why: x\n2. [ ] b ^q3\n3. [ ] d ^q4\n2. [ ] c ^q2\n"
    assert edit.split(data, "q1", ["a", "b", "d"]) == expected


def test_a_delivered_steer_is_stamped_in_place():
    data = b"- [/] a ^q1\n  - steer: one\n  - steer: two\n"
    assert edit.replace_field(data, "q1", "steer", "one", "one (delivered)").endswith(
        b"one (delivered)\n  - steer: two\n"
    )
    assert edit.replace_field(data, "q1", "steer", "three", "x") == data


def test_new_sections_find_their_place():
    data = b"# Mine\n\n## Queue\n- [ ] a\n\n## Decisions\n- because\n"
    new = edit.set_goal(data, "Be quick.")
    assert new.startswith(b"# Mine\n\n## Goal\nBe quick.\n\n## Queue\n")
    new = edit.add_mute(data, "t", "always", "noise", "2026-11-21 10:12")[0]
    assert new.endswith(b"- because\n\n## Muted\n- `t` always: noise (2026-11-21 10:12) ^m1\n")
    assert edit.add_item(b"", "a")[0] == b"## Queue\n- [ ] a ^q1\n"
    assert edit.add_item(b"## Queue\n\n## Done\n", "a")[0] == b"## Queue\n- [ ] a ^q1\n\n## Done\n"
    assert edit.add_item(b"## Queue\n## Done\n", "a")[0] == b"## Queue\n- [ ] a ^q1\n\n## Done\n"
    assert edit.add_item(b"## Queue\n<!-- here -->\n", "a")[0] == b"## Queue\n<!-- here -->\n\n- [ ] a ^q1\n"


def test_a_section_is_not_made_inside_a_fence_that_never_ends():
    data = b"words\n\n```\nopen\n"
    assert parse(edit.add_item(data, "a")[0]).queue[0].text == "a"


def test_the_goal_keeps_the_comments_around_it():
    data = b"## Goal\n<!-- one sentence -->\n\nOld\nwords.\n<!-- end -->\n\n## Queue\n"
    assert edit.set_goal(data, "New.") == b"## Goal\n<!-- one sentence -->\n\nNew.\n<!-- end -->\n\n## Queue\n"
    assert parse(edit.set_goal(data, "a\n# b\n\\# c\n---")).goal == "a\n# b\n\\# c\n---"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"", b"---\ncockpit:\n  loop: step\n---\n"),
        (b"\xef\xbb\xbf# A\r\n", b"\xef\xbb\xbf---\r\ncockpit:\r\n  loop: step\r\n---\r\n# A\r\n"),
        (b"---\ncockpit:\n  loop: on   # why\n---\n", b"---\ncockpit:\n  loop: step   # why\n---\n"),
        (b"---\ncockpit: {wip: 2}\n---\n", b"---\ncockpit: {wip: 2, loop: step}\n---\n"),
        (b"---\ncockpit:\n---\n", b"---\ncockpit:\n  loop: step\n---\n"),
        (b"---\ncockpit:\n    wip: 2 # x\nb: 1\n---\n", b"---\ncockpit:\n    wip: 2 # x\n    loop: step\nb: 1\n---\n"),
        (b"---\ntitle: a\n---\n", b"---\ntitle: a\ncockpit:\n  loop: step\n---\n"),
        (b"---\ncockpit:\n  loop:\n---\n", b"---\ncockpit:\n  loop: step\n---\n"),
        (b'---\ncockpit:\n  "loop": "on"\n---\n', b'---\ncockpit:\n  "loop": step\n---\n'),
    ],
)
def test_a_control_is_written_where_it_belongs(before: bytes, after: bytes):
    assert edit.set_control(before, "loop", "step") == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"---\ncockpit:\n  loop: on\n  land: abc   # yes\n---\n# A\n", b"---\ncockpit:\n  loop: on\n---\n# A\n"),
        (b"---\ncockpit:\n  land: abc\n---\n", b"---\ncockpit:\n---\n"),
        (b"---\r\ncockpit:\r\n  land: abc\r\n  wip: 2\r\n---\r\n", b"---\r\ncockpit:\r\n  wip: 2\r\n---\r\n"),
        (b"---\ncockpit: {land: abc, wip: 2}\n---\n", b"---\ncockpit: {wip: 2}\n---\n"),
        (b"---\ncockpit: {wip: 2, land: abc}\n---\n", b"---\ncockpit: {wip: 2}\n---\n"),
        (b"---\ncockpit: {land: abc}\n---\n", b"---\ncockpit: {}\n---\n"),
        (b'---\ncockpit: {"land": abc, wip: 2}\n---\n', b'---\ncockpit: {"land": "", wip: 2}\n---\n'),
        (b"---\ncockpit:\n  wip: 2\n---\n", b"---\ncockpit:\n  wip: 2\n---\n"),
    ],
)
def test_a_control_is_taken_away_with_its_line(before: bytes, after: bytes):
    assert edit.drop_control(before, "land") == after


def test_budgets_lists_and_wrong_values():
    data = b"---\ncockpit:\n  loop: on\n---\n"
    new = edit.set_control(data, "budget.turns", "5")
    assert new == b"---\ncockpit:\n  loop: on\n  budget: {turns: 5}\n---\n"
    assert edit.set_control(new, "budget.usd", "2.5").endswith(b"{turns: 5, usd: 2.5}\n---\n")
    assert parse(edit.set_control(data, "protect", ["tests/**", "a: b"])).controls.protect == ("tests/**", "a: b")
    with pytest.raises(SpecError, match="cannot be"):
        edit.set_control(data, "loop", "maybe")
    with pytest.raises(ValueError, match="no control"):
        edit.set_control(data, "lop", "on")


def test_rows_of_other_programs_keep_their_bytes_in_the_signals():
    table = "## Live Signals\n| Signal | State | Since | Action |\n|---|---|---:|---|\n"
    theirs = "|disk| 97%|2m|  look |\n| temperature | hot | | |\n"
    ours = "| tests | red | 11-21 10:12 | inspect |\n"
    data = f"{table}{theirs}{ours}\n## Queue\n".encode()
    new = edit.set_signals(data, [("ci", "slow", "11-21 10:14", "wait"), ("tests", "red", "11-21 10:12", "inspect")])
    ci = "| ci | slow | 11-21 10:14 | wait |\n"
    assert new == f"{table}{ci}{ours}{theirs}\n## Queue\n".encode()
    assert edit.set_signals(new, []) == f"{table}{theirs}\n## Queue\n".encode()
    document = parse(new)
    assert document.table is not None
    assert [row.signal for row in document.table.own] == ["ci", "tests"]


def test_the_table_keeps_its_head_and_the_rows_that_say_the_same():
    data = b"## Live Signals\n|State|Signal|Extra|\n|--|--|--|\n|red|tests| mine|\n| ok |old||\n\n## Queue\n"
    new = edit.set_signals(data, [("tests", "red", "", ""), ("ci", "slow", "1m", "wait")])
    assert new == (
        b"## Live Signals\n|State|Signal|Extra|\n|--|--|--|\n|red|tests| mine|\n| slow | ci |  |\n\n## Queue\n"
    )


@pytest.mark.parametrize("indent", [b"  ", b"    ", b"\t"])
def test_an_edit_of_a_field_leaves_the_item_below_it(indent: bytes):
    data = b"- [ ] a ^q1\n" + indent + b"- why: x\n" + 2 * indent + b"- [ ] b ^q2\n" + 3 * indent + b"- note: y\n"
    for edited in (
        edit.set_field(data, "q1", "why", "other"),
        edit.set_field(data, "q1", "paths", "src/**"),
        edit.drop_field(data, "q1", "why"),
    ):
        item = parse(edited).item("q2")
        assert item is not None
        assert (item.value("note"), item.text) == ("y", "b")
    assert edit.set_field(data, "q1", "why", "z") == data.replace(b": x", b": z")
    assert edit.set_field(data, "q1", "paths", "p") == data + indent + b"- paths: p\n"
    dropped = b"- [ ] a ^q1\n" + indent + b"- [ ] b ^q2\n" + 2 * indent + b"- note: y\n"
    assert edit.drop_field(data, "q1", "why") == dropped


def test_ids_stay_apart_behind_the_largest_number_that_is_counted():
    data, first = edit.add_item(b"## Queue\n- [ ] a ^q999999999\n", "b")
    data, second = edit.add_item(data, "c")
    assert (first, second) == ("q1000000000", "q1000000001")
