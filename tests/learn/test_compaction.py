"""Compaction: the old goes, the rest stays, and not a line is lost."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.learn import Compacted, archive_name, archived, compact, worth
from cockpit.spec import Kind, Mark, edit, merge, parse

TEXT = """\
# Spec

## Goal
Work.

## Queue
- [x] first ^q1
  - merged: abc
- [-] second ^q2
  - why: no need
  - [x] its child ^q9
- [x] third ^q3
- [ ] fourth ^q4
  - after: q3

## Acceptance
- [x] it works ^a1

## Known failures
- [x] `test_a` (verify, 2026-11-20) ^f1
- [ ] `test_b` (verify, 2026-11-20) ^f2

## Decisions
- [x] one ^d1
- [-] two ^d2
  - superseded: d1

## My own
- [x] mine ^z1

## Exchange

### q1 turn 1: done (claude, 2026-11-20 10:00)

It is done.

### you (2026-11-20 10:05)

Go on.

### q4 turn 1: done (claude, 2026-11-20 11:00)

Half of it.

### A note of somebody

Stay here.
"""


def small(text: str = TEXT, **more: object) -> Compacted:
    return compact(parse(text.encode()), "SPEC.archive.md", **{"keep": 0, **more})  # pyright: ignore[reportArgumentType]


def ids(data: bytes) -> set[str]:
    return {item.id for item in parse(data).walk()}


def test_what_is_done_or_struck_goes_with_all_below_it():
    gone = small()
    assert ids(TEXT.encode()) - ids(gone.data) == {"q1", "q2", "q9", "f1"}
    assert [name for name, _ in gone.moved] == ["queue", "queue", "known failures", "exchange", "exchange"]
    assert gone.moved[1][1] == b"- [-] second ^q2\n  - why: no need\n  - [x] its child ^q9\n"


def test_decisions_criteria_open_failures_and_unknown_headings_stay():
    assert {"d1", "d2", "a1", "f2", "z1"} <= ids(small().data)


def test_what_others_wait_for_stays_as_long_as_they_wait():
    assert "q3" in ids(small().data)
    assert "q3" not in ids(small(TEXT.replace("- [ ] fourth", "- [x] fourth")).data)


def test_entries_go_when_their_item_is_closed_and_yours_when_an_answer_followed():
    data = small().data
    assert b"### q1 turn 1" not in data
    assert b"Go on." not in data
    assert b"### q4 turn 1" in data
    assert b"### A note of somebody" in data
    assert b"Go on." in small(TEXT.replace("### q4 turn 1: done", "### Something")).data


def test_an_entry_that_holds_an_open_item_stays():
    assert b"q1 turn 1" in small(TEXT.replace("It is done.", "It is done.\n\n- [ ] look at it")).data


def test_what_the_caller_names_stays():
    data = small(stay={"q9", "q1 turn 1"}).data
    assert "q2" in ids(data)
    assert b"### q1 turn 1" in data


def test_the_newest_of_each_section_stay():
    rows = "".join(f"- [x] item {n} ^q{n}\n" for n in range(1, 31))
    gone = compact(parse(f"## Queue\n{rows}".encode()), "a.md", 10)
    assert len(gone.moved) == 20
    assert ids(gone.data) == {f"q{n}" for n in range(21, 31)}
    assert compact(parse(b"## Queue\n- [x] a ^q1\n"), "a.md").moved == ()


def test_ids_that_went_are_never_given_again():
    data = small().data
    for kind in (Kind.QUEUE, Kind.FAILURES):
        assert edit.add_item(data, "new", section=kind)[1] not in ids(TEXT.encode())
    again = small(edit.add_item(data, "new")[0].decode().replace("- [ ] new", "- [x] new")).data
    assert again.count(b"SPEC.archive.md)") == 1
    assert edit.add_item(again, "newer")[1] == "q11"


def test_only_a_long_document_with_old_parts_is_worth_it():
    closed = "".join(f"- [x] a {number} ^q{number}\n" for number in range(1, 2100))
    assert worth(parse(f"## Queue\n{closed}".encode()))
    assert not worth(parse(f"## Queue\n{closed.replace('[x]', '[ ]')}".encode()))
    assert not worth(parse(TEXT.encode()))


def test_what_went_is_known_by_its_id():
    document = parse(small().data)
    assert archived(document, ["q1", "q4", "q9", "q10", "f1", "d9", "custom"]) == {"q1", "q9", "f1"}
    assert archived(parse(TEXT.encode()), ["q8"]) == frozenset()


def test_the_spec_gets_one_line_that_leads_to_the_archive():
    assert small().data.endswith(b"\n## Done\n- Older: [SPEC.archive.md](SPEC.archive.md) (ids up to ^f1, ^q9)\n")


def test_a_line_that_a_human_reworded_keeps_their_words():
    text = TEXT + "\n## Done\nWhat was: [SPEC.archive.md](SPEC.archive.md), read it\n"
    assert b"What was: [SPEC.archive.md](SPEC.archive.md), read it (ids up to ^f1, ^q9)\n" in small(text).data


def test_the_archive_gets_what_went_under_its_section():
    text = small().text("2026-11-21 10:12").decode()
    assert text.startswith("## 2026-11-21 10:12\n\n### Queue\n- [x] first ^q1\n  - merged: abc\n- [-] second ^q2\n")
    assert "\n### Exchange\n### q1 turn 1: done (claude, 2026-11-20 10:00)\n\nIt is done.\n" in text


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_last_line_without_an_end_goes_whole(end: str):
    gone = small(f"## Queue{end}- [ ] a ^q1{end}- [x] b ^q2")
    assert gone.moved == (("queue", b"- [x] b ^q2"),)
    assert gone.text("x").endswith(b"- [x] b ^q2\n\n")


def test_the_archive_is_named_after_the_spec():
    assert archive_name("SPEC.md") == "SPEC.archive.md"
    assert archive_name("docs/plan") == "docs/plan.archive.md"


LINES = st.sampled_from(
    [
        "## Queue", "## Done", "## Decisions", "## Known failures", "## Exchange", "## Mine", "### q1 turn 1: done",
        "### you (now)", "### q2 turn 3: running", "- [x] a ^q1", "- [x] b ^q2", "- [-] c", "- [ ] d ^q4",
        "  - [x] e ^q5",
        "  - after: q1, q2", "  - steer: no", "    more", "words", "", "```", "> quote", "<!--", "-->", "* [X] f ^b1",
        "1. [x] g", "---", "\t- [x] h ^i3", "- Older: [a.md](a.md) (ids up to ^q7)", "| a | b |", "===",
    ]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(LINES, max_size=40), st.sampled_from(["\n", "\r\n"]), st.booleans(), st.integers(0, 2))
def test_no_line_is_lost_and_none_comes_twice(rows: list[str], end: str, last: bool, keep: int):
    before = (end.join(rows) + (end if last else "")).encode()
    document = parse(before)
    gone = compact(document, "b.md", keep)

    def lines(data: bytes) -> Counter[bytes]:
        return Counter(line for line in data.replace(b"\r", b"").split(b"\n") if line.strip())

    moved = sum((lines(part) for _, part in gone.moved), Counter[bytes]())
    new = lines(gone.data) + moved - lines(before)
    assert lines(before) <= lines(gone.data) + moved
    assert all(b"Older: [b.md](b.md)" in line or line.endswith(b"# Done") for line in new)
    open_ = {item.id for item in document.walk() if item.mark.value not in "x-"}
    assert open_ <= {item.id for item in parse(gone.data).walk()}
    appended = gone.text("t")
    assert moved <= lines(appended)


ROWS = "".join(
    f"- [{mark}] item {number} ^q{number}\n  - why: reason {number}\n" for number, mark in enumerate("x-x x?-xx-x ", 1)
)
WHOLE = f"# Spec\n\n## Queue\n{ROWS}\n## Exchange\n\n### q1 turn 1: done\n\nDone.\n\n### q2 turn 1: done\n\nToo.\n"
EDITS = st.lists(
    st.tuples(st.sampled_from(["reword", "mark", "field", "add", "line"]), st.integers(1, 12)), min_size=1, max_size=4
)


@settings(max_examples=150, deadline=None)
@given(EDITS)
def test_what_somebody_writes_meanwhile_is_in_the_document_or_in_the_archive(acts: list[tuple[str, int]]):
    base = WHOLE.encode()
    gone = compact(parse(base), "a.md", 0)
    theirs = base
    for act, number in acts:
        match act:
            case "reword":
                theirs = edit.set_text(theirs, f"q{number}", f"reworded {number}")
            case "mark":
                theirs = edit.set_mark(theirs, f"q{number}", Mark.BLOCKED)
            case "field":
                theirs = edit.add_field(theirs, f"q{number}", "note", f"meanwhile {number}")
            case "add":
                theirs = edit.add_item(theirs, f"new {number}", below=f"q{number}")[0]
            case _:
                theirs = theirs.replace(b"Done.\n", f"Done.\n\n> not so {number}\n".encode())
    merged = merge(base, gone.data, theirs).data
    everywhere = set(merged.split(b"\n")) | {line for _, part in gone.moved for line in part.split(b"\n")}
    assert set(theirs.split(b"\n")) <= everywhere
