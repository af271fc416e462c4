from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.spec import Mark, changed_lines, changes, edit, parse, template
from cockpit.spec.diff import matches

BASE = b"---\ncockpit:\n  loop: hold\n---\n## Goal\nBe quick.\n\n## Queue\n- [ ] a ^q1\n- [ ] b\n\n## Notes\nwords\n"


def told(new: bytes, old: bytes = BASE) -> list[tuple[str, str, int]]:
    return [(change.kind, change.item, change.line) for change in changes(old, new)]


def test_a_meant_change_is_told_with_its_item_and_line():
    assert told(edit.set_mark(BASE, "q1", Mark.DONE)) == [("marked", "q1", 9)]
    assert told(edit.set_text(BASE, "q1", "better")) == [("reworded", "q1", 9)]
    assert told(edit.set_field(BASE, "q1", "why", "x")) == [("field", "q1", 9)]
    assert told(edit.add_item(BASE, "new")[0]) == [("added", "q2", 11)]
    assert told(edit.set_goal(BASE, "Be right.")) == [("goal", "", 5)]
    assert told(edit.set_control(BASE, "loop", "on")) == [("control", "", 1)]
    assert told(BASE.replace(b"words", b"other words")) == [("text", "", 12)]
    assert told(BASE.replace(b"- [ ] a ^q1\n", b"")) == [("removed", "q1", 0)]


def test_an_item_that_only_got_an_id_is_no_change():
    key = parse(BASE).queue[1].id
    assert changes(BASE, edit.ensure_id(BASE, key)[0]) == []


def test_a_version_that_cannot_be_read_tells_nothing():
    assert changes(BASE, b"\xff") == []


def test_lines_in_the_margin_are_added_or_changed():
    new = BASE.replace(b"- [ ] a", b"- [x] a").replace(b"- [ ] b\n", b"- [ ] b\n- [ ] c\n")
    assert changed_lines(BASE, new) == {9: "changed", 11: "added"}
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
    assert (document.controls.loop, document.controls.agent, document.controls.verify) == ("hold", "claude", "")
    assert document.walk() == []


@given(st.text(max_size=30), st.text(max_size=30))
@settings(max_examples=100, deadline=None)
def test_the_template_takes_any_goal_and_any_printable_command(goal: str, command: str):
    command = "".join(character for character in command if character.isprintable())
    document = parse(template(verify=command, agent="codex", goal="G " + goal))
    assert document.controls.verify == " ".join(command.split())
    assert document.controls.agent == "codex"
    assert document.goal.startswith("G")
