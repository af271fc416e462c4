"""What changed between two versions: told as it was meant, in words that a human reads."""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cockpit.spec import Change, Kind, Mark, SpecError, changed_lines, changes, edit, parse, template
from cockpit.spec.changes_items import entries
from cockpit.spec.diff import matches, rising
from cockpit.spec.stretch import stretches
from tests.spec.specs import TEXTS, odd, sane

BASE = b"""\
---
cockpit:
  loop: hold
title: mine
---
Words above.

## Goal
Be quick.

## Live Signals
| Signal | State | Since | Action |
|---|---|---:|---|
| tests | failing | 2m | inspect |

## Queue
- [ ] Fix the parser and the lexer ^q1
  - verify: pytest -q
  - steer: use the new socket
- [ ] Write the manual
  in two languages
  - mind the tables
- [/] Ship a package ^q3

## Backlog
- [ ] Colour every graph
- [ ] Ask Maria about fonts

## Notes
The first thought.

The second one, quite another matter.

## Exchange
### q1 turn 1: done (claude, 2026-11-21 10:12)
The lock was stale.

It is fixed now.

### Re: anchors
Slugs as on GitHub.

## Muted
- `t1` until it changes: noise (2026-11-21 10:12) ^m1
"""


def swap(*pairs: tuple[str, str], data: bytes = BASE) -> bytes:
    for old, new in pairs:
        assert data.count(old.encode()) == 1
        data = data.replace(old.encode(), new.encode())
    return data


def only(new: bytes, old: bytes = BASE) -> Change:
    """The one change between two versions."""
    found = changes(old, new)
    assert len(found) == 1, found
    return found[0]


def told(new: bytes, old: bytes = BASE) -> tuple[str, str, int, str]:
    """Kind, item, line and words of the one change."""
    change = only(new, old)
    return change.kind, change.item, change.line, change.words


# -- items ------------------------------------------------------------------------------------------------------------


def test_a_new_item():
    new, id = edit.add_item(BASE, "Paint it")
    assert told(new) == ("added", id, 24, "q4 “Paint it” is new in Queue")
    assert only(edit.set_field(new, id, "why", "x")).after == "Paint it\n- why: x"


def test_a_new_item_in_a_new_section_is_one_change():
    new, id = edit.add_item(BASE, "Old thing", section=Kind.DONE)
    assert told(new) == ("added", id, 47, "i1 “Old thing” is new in Done")


def test_a_new_item_below_another():
    new = swap(("- [/] Ship", "  - [x] Ask first\n- [/] Ship"))
    assert told(new)[3] == "“Ask first” is new below “Write the manual”, done"


def test_a_removed_item_is_told_with_the_words_that_are_gone():
    new = swap(("- [ ] Write the manual\n  in two languages\n  - mind the tables\n", ""))
    change = only(new)
    assert (change.kind, change.line, change.section) == ("removed", 0, "Queue")
    assert change.words == "“Write the manual” was removed from Queue"
    assert change.before == "Write the manual\nin two languages\n- mind the tables"
    assert change.after == ""


def test_a_reworded_item_keeps_its_identity():
    change = only(edit.set_text(BASE, "q1", "Mend the parser"))
    assert (change.kind, change.item, change.line) == ("reworded", "q1", 17)
    assert change.words == "q1: “Fix the parser and the lexer” became “Mend the parser”"
    assert (change.before, change.after, change.section) == ("Fix the parser and the lexer", "Mend the parser", "Queue")


def test_so_does_one_without_an_id():
    assert told(swap(("Write the manual", "Write the whole manual")))[::3] == (
        "reworded",
        "“Write the manual” became “Write the whole manual”",
    )


def test_an_item_without_an_id_that_is_reworded_marked_and_moved_is_one_item():
    new = swap(("- [ ] Colour every graph\n", ""), ("- [ ] Fix", "- [x] Colour each graph\n- [ ] Fix"))
    assert [(change.kind, change.words) for change in changes(BASE, new)] == [
        ("reworded", "“Colour every graph” became “Colour each graph”"),
        ("moved", "“Colour each graph” moved from Backlog to Queue"),
        ("marked", "“Colour each graph” is done"),
    ]


def test_long_texts_are_cut_where_they_differ():
    long = "Make the supervisor recycle stuck sessions at the next idle point without losing "
    was, now = edit.set_text(BASE, "q1", long + "edits"), edit.set_text(BASE, "q1", long + "any edits of users")
    words = told(now, was)[3]
    assert words == "q1: “…without losing edits” became “…without losing any edits of users”"


@pytest.mark.parametrize(
    ("mark", "words"),
    [(Mark.DONE, "is done"), (Mark.OPEN, "is open again"), (Mark.NEEDS_YOU, "is waiting for you")],
)
def test_a_mark(mark: Mark, words: str):
    assert told(edit.set_mark(BASE, "q3", mark)) == ("marked", "q3", 23, f"q3 “Ship a package” {words}")


def test_an_item_that_went_to_another_section():
    new = swap(("- [ ] Colour every graph\n", ""), ("- [/] Ship", "- [ ] Colour every graph\n- [/] Ship"))
    assert told(new)[::3] == ("moved", "“Colour every graph” moved from Backlog to Queue")


def test_an_item_that_went_below_another_and_out_again():
    new = swap(("- [/] Ship", "  - [/] Ship"))
    assert told(new) == ("moved", "q3", 23, "q3 “Ship a package” moved below “Write the manual”")
    assert told(BASE, new) == ("moved", "q3", 23, "q3 “Ship a package” moved out from below “Write the manual”")


def test_an_item_that_went_past_others_is_the_only_one_that_moved():
    new = swap(("- [/] Ship a package ^q3\n", ""), ("- [ ] Fix", "- [/] Ship a package ^q3\n- [ ] Fix"))
    assert told(new) == ("moved", "q3", 17, "q3 “Ship a package” moved in Queue: it comes first")
    first = BASE.decode().partition("- [ ] Fix")[2].partition("- [ ] Write")[0]
    new = swap((f"- [ ] Fix{first}", ""), ("- [/] Ship a package ^q3\n", f"- [/] Ship a package ^q3\n- [ ] Fix{first}"))
    assert told(new)[::3] == (
        "moved",
        "q1 “Fix the parser and the lexer” moved in Queue: it comes after q3 “Ship a package”",
    )


def test_fields_are_told_one_by_one():
    name = "q1 “Fix the parser and the lexer”"
    assert told(edit.set_field(BASE, "q1", "why", "it fails")) == ("field", "q1", 20, f"{name}: new why “it fails”")
    assert told(edit.set_field(BASE, "q1", "verify", "make check"))[2:] == (
        18,
        f"{name}: verify “pytest -q” became “make check”",
    )
    assert told(edit.drop_field(BASE, "q1", "verify"))[2:] == (17, f"{name}: verify “pytest -q” is gone")
    two = edit.add_field(edit.add_field(BASE, "q1", "steer", "mind the tests"), "q1", "steer", "and the docs")
    assert [(change.line, change.words) for change in changes(BASE, two)] == [
        (20, f"{name}: new steer “mind the tests”"),
        (21, f"{name}: new steer “and the docs”"),
    ]


def test_words_below_an_item():
    change = only(swap(("- mind the tables", "- mind all tables")))
    assert (change.kind, change.line, change.before, change.after) == (
        "text",
        22,
        "- mind the tables",
        "- mind all tables",
    )
    assert change.words == "below “Write the manual”: “mind the tables” became “mind all tables”"
    assert told(swap(("  in two languages\n", "")))[::3] == (
        "text",
        "below “Write the manual”: deleted “in two languages”",
    )


def test_our_own_split_is_recognised():
    change = only(edit.split(BASE, "q1", ["Mend the socket", "Paint it", "Ship it"]))
    assert (change.kind, change.item, change.line) == ("split", "q1", 17)
    words = "q1 “Fix the parser and the lexer” was split into “Mend the socket” and “Paint it” and “Ship it”"
    assert change.words == words
    assert change.before == "Fix the parser and the lexer"
    assert change.after == "Mend the socket\nPaint it\nShip it"


@pytest.mark.parametrize(
    "instead",
    [
        "- [ ] Fix the parser ^q1\n- [ ] Fix the lexer\n",
        "- [ ] Repair the lexer\n- [ ] Repair the parser\n",
        "- [ ] Fix both ^q1\n  - [ ] the parser\n  - [ ] the lexer\n",
    ],
)
def test_so_is_a_split_by_hand(instead: str):
    old = swap(("  - verify: pytest -q\n  - steer: use the new socket\n", ""))
    change = only(swap(("- [ ] Fix the parser and the lexer ^q1\n", instead), data=old), old)
    assert (change.kind, change.item) == ("split", "q1")


def test_a_reworded_item_and_a_new_one_that_has_nothing_of_it_are_no_split():
    new = swap(("Write the manual\n", "Write the whole manual\n"), ("- [/] Ship", "- [ ] Paint it\n- [/] Ship"))
    assert [change.kind for change in changes(BASE, new)] == ["reworded", "added"]


def test_ids_blanks_and_line_ends_are_no_change():
    key = parse(BASE).queue[1].id
    assert changes(BASE, edit.ensure_id(BASE, key)[0]) == []
    assert changes(edit.ensure_id(BASE, key)[0], BASE) == []
    assert changes(BASE, BASE.replace(b"\n", b"\r\n")) == []
    assert changes(BASE, BASE.replace(b"\n\n", b"\n \n\n").replace(b"[ ] ", b"[ ]   ") + b"\n\n") == []
    assert changes(BASE, swap(("The second one, quite", "The second one,\nquite"))) == []
    assert changes(BASE, swap(("## Notes\n", "## Notes\n<!-- a thought\n\nof mine -->\n"))) == []


def test_a_version_that_cannot_be_read_tells_nothing():
    assert changes(BASE, b"\xff") == []
    assert changes(b"---\ncockpit: {\n---\n", BASE) == []


# -- goal, controls, signals, mutes -----------------------------------------------------------------------------------


def test_the_goal():
    assert told(edit.set_goal(BASE, "Be right.")) == ("goal", "", 8, "the goal “Be quick.” became “Be right.”")
    assert told(edit.set_goal(BASE, ""))[2:] == (0, "the goal “Be quick.” is gone")
    assert told(BASE, edit.set_goal(BASE, ""))[2:] == (8, "the goal is “Be quick.” now")


def test_controls_one_by_one():
    assert told(edit.set_control(BASE, "loop", "on")) == ("control", "", 3, "loop: “hold” became “on”")
    assert told(edit.set_control(BASE, "budget.turns", "5"))[3] == "budget.turns is “5” now"
    assert told(BASE, edit.set_control(BASE, "budget.turns", "5"))[3] == "budget.turns “5” is gone"
    assert told(edit.set_control(BASE, "reports", ["a.xml", "b/*"]))[3] == "reports is “a.xml, b/*” now"
    assert told(swap(("title: mine", "title: yours")))[::3] == ("text", "the front matter was edited")


def test_rows_of_the_signals_by_name_and_state():
    row = b"| tests | failing | 2m | inspect |\n"
    assert changes(BASE, BASE.replace(row, b"| tests | failing | 9m | inspect |\n")) == []
    new = BASE.replace(row, b"| tests | passing | 1m | inspect |\n| ci | red | | look |\n")
    assert [(change.kind, change.line, change.words) for change in changes(BASE, new)] == [
        ("text", 14, "signal tests: “failing” became “passing”"),
        ("text", 15, "signal ci is new: red"),
    ]
    assert told(BASE.replace(row, b""))[2:] == (0, "signal tests is gone, it was failing")


def test_mutes_and_pins():
    assert told(edit.add_mute(BASE, "t2", "always", "known", "")[0]) == ("text", "m2", 45, "t2 is muted: always: known")
    assert told(edit.drop_mute(BASE, "t1")) == ("text", "m1", 0, "t1 is no longer muted")
    assert told(edit.add_pin(BASE, "q3")[0])[3] == "q3 is pinned"


# -- words ------------------------------------------------------------------------------------------------------------


def test_a_deleted_paragraph_is_told_as_a_deletion():
    change = only(swap(("The first thought.\n\n", "")))
    assert (change.kind, change.line, change.section) == ("text", 0, "Notes")
    assert (change.before, change.after) == ("The first thought.", "")
    assert change.words == "Notes: deleted “The first thought.”"


def test_a_new_a_changed_and_a_moved_paragraph():
    assert told(swap(("The first", "One more.\n\nThe first"))) == ("text", "", 30, "Notes: new “One more.”")
    assert told(swap(("The first", "My first"))) == (
        "text",
        "",
        30,
        "Notes: “The first thought.” became “My first thought.”",
    )
    old = swap(("another matter.\n", "another matter.\n\nThe last word.\n"))
    moved = swap(("The first thought.\n\n", ""), ("last word.\n", "last word.\n\nThe first thought.\n"), data=old)
    assert told(moved, old)[::3] == ("text", "“The first thought.” moved within Notes")
    moved = swap(("The first thought.\n\n", ""), ("Words above.", "Words above.\n\nThe first thought."))
    assert told(moved)[3] == "“The first thought.” moved from Notes to the top"


def test_bullets_are_told_one_by_one():
    old = swap(("The first thought.", "- a: one\n- b: two\n- c: three"))
    new = swap(("- b: two\n", "- b: four\n"), data=old)
    assert told(new, old)[2:] == (31, "Notes: “b: two” became “b: four”")


def test_sections():
    words = "The first thought.\n\nThe second one, quite another matter.\n"
    assert told(swap(("## Backlog", "## Later")))[2:] == (25, "the section “Backlog” is called “Later” now")
    gone = only(swap((f"## Notes\n{words}\n", "")))
    assert gone.words == "the section “Notes” is gone: “The first thought. The second one, quite another matter.”"
    assert gone.before == words.strip()
    new = swap(("## Notes", "## Ideas\nWe could.\n\n## Notes"))
    assert told(new)[2:] == (29, "the section “Ideas” is new: “We could.”")
    assert told(swap(("## Notes", "### Notes")))[3] == "the heading “Notes” is on level 3 now, not 2"
    moved = swap((f"## Notes\n{words}\n", ""), ("## Backlog", f"## Notes\n{words}\n## Backlog"))
    assert told(moved)[3] in ("the section “Notes” moved after “Queue”", "the section “Backlog” moved after “Notes”")


def test_words_written_next_to_an_answer_are_a_correction_of_it():
    change = only(swap(("stale.\n", "stale.\n\nthis is not the real issue\n")))
    assert (change.kind, change.item, change.line) == ("correction", "q1", 38)
    assert change.section == "q1 turn 1: done (claude, 2026-11-21 10:12)"
    assert (change.before, change.after) == ("", "this is not the real issue")
    assert change.words == f"next to “{change.section}”: “this is not the real issue”"
    change = only(swap(("Slugs as", "No slugs as")))
    assert (change.kind, change.item, change.section) == ("correction", "", "Re: anchors")
    assert (change.before, change.after) == ("Slugs as on GitHub.", "No slugs as on GitHub.")


def test_what_is_taken_from_an_answer_is_a_deletion():
    change = only(swap(("It is fixed now.\n", "")))
    assert (change.kind, change.item, change.before) == ("text", "q1", "It is fixed now.")
    assert change.section == "q1 turn 1: done (claude, 2026-11-21 10:12)"


def test_a_new_answer_and_words_under_none_are_text():
    new = swap(("### Re:", "### q3 turn 1: asks\nWhich one?\n\n- [ ] this one\n\n### Re:"))
    change = only(new)
    assert (change.kind, change.item, change.after) == ("text", "q3", "Which one?\n\n- [ ] this one")
    assert change.words == "new in the exchange: q3 turn 1: asks: “Which one? [ ] this one”"
    change = only(swap(("## Exchange\n", "## Exchange\nWhy so?\n")))
    assert (change.kind, change.words) == ("text", "Exchange: new “Why so?”")


def test_an_answer_that_is_still_being_given_is_not_corrected():
    old = b"## Queue\n- [/] Fix it ^q1\n\n## Exchange\n### q1 turn 1: running\n- looking\n"
    assert only(old + b"- found it\n", old).kind == "text"
    new = old.replace(b"running", b"done (claude, 2026-11-21 10:12)") + b"\nIt was the lock.\n"
    assert [(change.kind, change.item, change.words) for change in changes(old, new)] == [
        ("text", "q1", "the answer “q1 turn 1: running” became “q1 turn 1: done (claude, 2026-11-21 10:12)”"),
        ("text", "", "q1 turn 1: done (claude, 2026-11-21 10:12): new “It was the lock.”"),
    ]


def test_a_quote_below_an_answer_is_a_correction_without_its_marks():
    change = only(swap(("stale.\n", "stale.\n\n> not the real issue,\n> look again\n")))
    assert (change.kind, change.after) == ("correction", "> not the real issue,\n> look again")
    assert change.words.endswith(": “not the real issue, look again”")


def test_turns_of_the_assistant_are_answers_and_those_of_the_user_are_not():
    old = b"# Session\n\n## User\nFix it.\n\n## Assistant\nDone.\n\n## User\n\n"
    assert told(old + b"Now the tests.\n", old)[::3] == ("text", "User: new “Now the tests.”")
    assert only(old.replace(b"Done.\n", b"Done.\nIt is not.\n"), old).kind == "correction"
    more = old + b"Go on.\n\n## Assistant\nDone again.\n"
    assert [change.kind for change in changes(old, more)] == ["text", "text"]


# -- laws -------------------------------------------------------------------------------------------------------------


@given(st.one_of(odd, sane()))
@settings(max_examples=100, deadline=None)
def test_the_same_is_no_change(data: bytes):
    assert changes(data, data) == []


def kinds(old: bytes, new: bytes) -> list[tuple[str, str]]:
    return [(change.kind, change.item) for change in changes(old, new)]


@given(st.data(), sane(), TEXTS)
@settings(max_examples=200, deadline=None)
def test_each_edit_is_told_as_what_it_is(data: st.DataObject, base: bytes, text: str):
    items = parse(base).walk()
    assume(items and all(item.section is not Kind.GOAL for item in items))
    item = data.draw(st.sampled_from(items))
    base, id = edit.ensure_id(base, item.id)
    item = parse(base).item(id)
    assert item is not None
    mark = data.draw(st.sampled_from([mark for mark in Mark if mark is not item.mark]))
    assert kinds(base, edit.set_mark(base, id, mark)) == [("marked", id)]
    other = f"{text} number {len(base)}"
    assert kinds(base, edit.set_text(base, id, other)) == ([("reworded", id)] if item.text != other else [])
    assert kinds(base, edit.add_field(base, id, "note", f"{text} {len(base)}")) == [("field", id)]
    for key in {entry.key for entry in item.fields}:
        assert set(kinds(base, edit.drop_field(base, id, key))) == {("field", id)}
    more, new = edit.add_item(base, other, below=id)
    assert kinds(base, more) == [("added", new)]
    assert kinds(more, base) == [("removed", new)]
    assert kinds(base, edit.split(base, id, [other, "and more", "and the rest"])) == [("split", id)]
    assert kinds(base, edit.set_goal(base, f"{text} {len(base)}")) == [("goal", "")]
    assert kinds(base, edit.set_control(base, "wip", "9")) == [("control", "")]
    texts = [entry.text for entry in parse(base).walk()]
    with contextlib.suppress(ValueError):
        there = edit.move_item(base, id, section=Kind.DONE)
        found = [kind for kind, _ in kinds(base, there) if kind != "text"]
        if len(set(texts)) == len(texts):  # of two that change places either may be said to have moved
            assert found == ([] if there == base else ["moved"])
    muted, mute = edit.add_mute(base, "a signal", "always", text, "")
    assert kinds(base, muted) == [("text", mute)]
    assert kinds(muted, base) == [("text", mute)]


@given(st.permutations(range(9)), st.booleans())
@settings(max_examples=100, deadline=None)
def test_a_permutation_is_told_as_moves_only(order: list[int], touched: bool):
    items = [
        f"- [ ] Item {'abcdefghi'[number]}{f' ^q{number}' if touched else ''}\n  - why: x{number}\n" for number in order
    ]
    old = ("## Queue\n" + "".join(sorted(items, key=lambda item: item[12:]))).encode()
    new = ("## Queue\n" + "".join(items)).encode()
    found = changes(old, new)
    assert {change.kind for change in found} <= {"moved"}
    assert len(found) == len(order) - len(rising(order))


NAMES = ("Recycle the supervisor", "Write a manual", "Ship packages", "Colour every graph", "Ask Maria", "漢字を読む")


@given(st.sampled_from(NAMES), TEXTS, st.permutations(NAMES))
@settings(max_examples=100, deadline=None)
def test_one_reworded_item_without_an_id_is_one_rewording(name: str, more: str, order: list[str]):
    old = ("## Backlog\n" + "".join(f"- [ ] {text}\n" for text in order)).encode()
    found = changes(old, old.replace(name.encode(), f"{name} {more}".encode()))
    assert [(change.kind, change.before, change.after) for change in found] == [
        ("reworded", name, f"{name} {' '.join(more.split())}")
    ]


def stands(change: Change, new: bytes) -> bool:
    """Whether words that are new or other ones now stand on the line that is told."""
    if change.kind not in ("text", "correction") or not re.search(": new “|” became “", change.words):
        return True
    return change.after.split("\n")[0].encode() in new.split(b"\n")[change.line - 1]


@given(st.data(), sane(), sane())
@settings(max_examples=200, deadline=None)
def test_every_item_is_kept_added_removed_or_split_and_both_ways_alike(data: st.DataObject, old: bytes, new: bytes):
    if data.draw(st.booleans()):
        lines = old.splitlines(keepends=True)
        new = b"".join(data.draw(st.permutations(lines))[: data.draw(st.integers(0, len(lines)))])
    try:
        before, after = parse(old), parse(new)
    except SpecError:
        return
    one, other = stretches(before, after)
    was, now = entries(one), entries(other)
    there, back = changes(old, new), changes(new, old)
    count, undone = Counter(change.kind for change in there), Counter(change.kind for change in back)
    if "split" not in count and "split" not in undone:
        assert len(now) - len(was) == count["added"] - count["removed"]
        assert (count["added"], count["removed"]) == (undone["removed"], undone["added"])
    assert all(1 <= change.line <= new.count(b"\n") + 1 or not change.line for change in there)
    assert all("\n" not in change.words and change.words for change in there)
    assert all(stands(change, new) for change in there)


@given(odd, odd)
@settings(max_examples=200, deadline=None)
def test_no_document_is_too_odd_to_compare(old: bytes, new: bytes):
    assert all(change.words for change in changes(old, new))


def long(count: int) -> list[str]:
    return [f"- [ ] Look after part{number} of the engine\n  - why: reason {number}\n" for number in range(count)]


def test_one_edit_of_many_lines_costs_what_was_edited():
    old = ("## Queue\n" + "".join(long(10_000))).encode()
    new = swap(("part5000 of", "part5000 and more of"), data=old)
    one, other = stretches(parse(old), parse(new))
    assert len(one.items) == len(other.items) < 300
    assert (only(new, old).kind, only(new, old).line) == ("reworded", 10_002)


def test_twenty_thousand_lines_turned_around_are_told_as_moves():
    items = long(10_000)
    old, new = ("".join(["## Queue\n", *row]).encode() for row in (items, reversed(items)))
    assert Counter(change.kind for change in changes(old, new)) == {"moved": 9_999}


def test_rules_of_checks_and_steps_of_the_verification_are_told_when_they_change():
    old = b"---\ncockpit:\n  loop: hold\n---\n"
    new = b"---\ncockpit:\n  loop: hold\n  checks: {off: [tasks]}\n  verify: {build: make}\n---\n"
    words = [change.words for change in changes(old, new)]
    assert sorted(words) == ["checks.off is “tasks” now", "verify is “build: `make`” now"]


# -- the margin -------------------------------------------------------------------------------------------------------

SHORT = b"## Queue\n- [ ] a ^q1\n- [ ] b\n\n## Notes\nwords\n"


def test_lines_in_the_margin_are_added_or_changed():
    new = SHORT.replace(b"- [ ] a", b"- [x] a").replace(b"- [ ] b\n", b"- [ ] b\n- [ ] c\n")
    assert changed_lines(SHORT, new) == {2: "changed", 4: "added"}
    assert changed_lines(b"", b"a\nb\n") == {1: "added", 2: "added"}
    assert changed_lines(BASE, BASE) == {}


def test_twenty_thousand_lines_turned_around_are_compared():
    old = b"".join(b"line %d\n" % (number % 50) for number in range(20_000))
    new = b"".join(b"line %d\n" % (number % 50) for number in reversed(range(20_000)))
    assert len(changed_lines(old, new)) > 1000


@given(st.lists(st.integers(0, 6), max_size=30), st.lists(st.integers(0, 6), max_size=30))
@settings(max_examples=200, deadline=None)
def test_matches_rise_on_both_sides_and_pair_what_is_equal(old: list[int], new: list[int]):
    pairs = matches(old, new)
    assert all(old[a] == new[b] for a, b in pairs)
    assert all(a < c and b < d for (a, b), (c, d) in pairwise(pairs))
    assert matches(old, old) == [(at, at) for at in range(len(old))]


def test_the_template_reads_without_a_problem_and_holds():
    document = parse(template())
    assert document.problems == ()
    assert (document.controls.loop, document.controls.agent, document.controls.verify) == ("hold", "claude", ())
    assert document.walk() == []


@given(st.text(max_size=30), st.text(max_size=30))
@settings(max_examples=100, deadline=None)
def test_the_template_takes_any_goal_and_any_printable_command(goal: str, command: str):
    command = "".join(character for character in command if character.isprintable())
    document = parse(template(verify=command, agent="codex", goal="G " + goal))
    assert document.controls.verify == tuple([" ".join(command.split())] if command.split() else [])
    assert document.controls.agent == "codex"
    assert document.goal.startswith("G")


def test_rules_of_the_checks_are_controls_too():
    before = b"---\ncockpit:\n  checks: {off: [tasks]}\n---\n"
    after = b"---\ncockpit:\n  checks: {off: [base, tasks], secrets: {allow: [demo/**]}}\n---\n"
    assert [(one.kind, one.words) for one in changes(before, after)] == [
        ("control", "checks.off: “tasks” became “base, tasks”"),
        ("control", "checks.secrets.allow is “demo/**” now"),
    ]
