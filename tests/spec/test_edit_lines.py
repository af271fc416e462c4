"""Each edit changes the lines it names, and no other, whatever ends and bytes the document has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cockpit.spec import Kind, Mark, edit, parse
from tests.spec.specs import sane
from tests.spec.test_edit import any_item

AT = "2026-11-21 10:12"
Edit = Callable[[bytes, str], bytes]


def lines_of(data: bytes) -> Counter[bytes]:
    """The lines with how often each comes; a last one without a line end counts as one with it."""
    lines = data.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    return Counter(line.removesuffix(b"\r") for line in lines if line.strip())


def changed(old: bytes, new: bytes) -> tuple[int, int]:
    """How many lines are gone, how many came."""
    was, now = lines_of(old), lines_of(new)
    return (was - now).total(), (now - was).total()


EDITS: list[tuple[str, Edit, int, int]] = [
    ("note", lambda data, id: edit.add_field(data, id, "note", "a word"), 0, 1),
    ("steer", lambda data, id: edit.add_field(edit.add_field(data, id, "steer", "a"), id, "steer", "b"), 0, 2),
    ("mark", lambda data, id: edit.set_mark(data, id, Mark.DEFERRED), 1, 1),
    ("text", lambda data, id: edit.set_text(data, id, "other words"), 1, 1),
    ("split", lambda data, id: edit.split(data, id, ["one of them", "the second", "the third"]), 1, 3),
    ("item", lambda data, _id: edit.add_item(data, "a new one", section=Kind.PENDING)[0], 0, 2),
    ("line", lambda data, _id: edit.add_line(data, "docs/x.md:3 words", section=Kind.CODE_MAP), 0, 2),
    ("mute", lambda data, _id: edit.add_mute(data, "new one", "always", "why", AT)[0], 0, 2),
    ("pin", lambda data, _id: edit.add_pin(data, "new one", "why")[0], 0, 2),
    ("signals", lambda data, _id: edit.set_signals(data, [("a", "b", "c", "d")]), 0, 4),
    ("control", lambda data, _id: edit.set_control(data, "agent", "codex"), 0, 4),
    ("budget", lambda data, _id: edit.set_control(data, "budget.turns", "7"), 1, 4),
]


@pytest.mark.parametrize(("edited", "gone", "came"), [row[1:] for row in EDITS], ids=[row[0] for row in EDITS])
@given(data=sane(), at=st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_an_edit_changes_the_lines_it_names(edited: Edit, gone: int, came: int, data: bytes, at: int):
    data, id = edit.ensure_id(data, any_item(data, at).id)
    new = edited(data, id)
    most_gone, most_came = changed(data, new)
    assert most_gone <= gone
    assert most_came <= came
    if b"\r\n" in data:
        assert new.count(b"\r\n") == new.count(b"\n")
    assert new.startswith(b"\xef\xbb\xbf") == data.startswith(b"\xef\xbb\xbf")


@given(sane(), st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_what_is_added_and_taken_away_again_leaves_no_trace(data: bytes, at: int):
    data, id = edit.ensure_id(data, any_item(data, at).id)
    item = parse(data).item(id)
    assume(item is not None and not item.values("note"))
    there = edit.add_field(data, id, "note", "a word")
    assert edit.drop_field(there, id, "note") == data
    assert edit.replace_field(there, id, "note", "a word", "a word") == there
    pinned, pin = edit.add_pin(edit.add_pin(data, "kept")[0], "gone")
    assert edit.drop_pin(pinned, pin) == edit.add_pin(data, "kept")[0]


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf## Queue\r\n- [ ] a ^q1 \t\r\n\t- note: x  \n- [ ] b ^q2",
        b"## Queue\n- [ ] a ^q1\r\n- [ ] b ^q2\n\r\n \t \n",
        b"1. [ ] a ^q1\n2. [ ] b ^q2\n\n<!-- - [ ] c -->\n> - [ ] d ^q2",
    ],
)
def test_odd_bytes_stay_as_they_are(data: bytes):
    document = parse(data)
    assert document.data == data
    begin = document.blocks[0].place.offset
    assert data[:begin] + b"".join(placed.reading.block.data for placed in document.blocks) == data
    new = edit.set_mark(data, "q1", Mark.RUNNING)
    assert new == data.replace(b"[ ] a", b"[/] a")
