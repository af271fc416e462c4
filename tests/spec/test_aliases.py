"""A document may say itself what its headings mean."""

from __future__ import annotations

import pytest

from cockpit.spec import Kind, SpecError, edit, parse

SPEC = b"""\
---
cockpit:
  sections: {queue: [Work, To do], goal: Mission}
---
# Mission
Get there.

## 1. *To-do* (this week)
- [ ] a ^q1

## Queue
- [ ] b ^q2
"""


def test_a_heading_means_what_the_document_says():
    document = parse(SPEC)
    assert document.goal == "Get there."
    assert [item.id for item in document.queue] == ["q1", "q2"]
    assert [section.kind for section in document.sections] == [Kind.GOAL, Kind.QUEUE, Kind.QUEUE]


def test_an_alias_holds_in_its_own_document_only():
    parse(SPEC)
    assert parse(SPEC[SPEC.index(b"# Mission") :]).goal == ""


def test_an_alias_goes_before_the_words_that_every_document_knows():
    assert parse(b"---\ncockpit:\n  sections: {backlog: Queue}\n---\n# Queue\n- [ ] a\n").queue == ()


def test_a_new_alias_changes_what_is_below_it():
    before = parse(SPEC)
    after = parse(SPEC.replace(b"[Work, To do]", b"[Work]"))
    assert [item.id for item in after.queue] == ["q2"]
    assert [item.id for item in before.queue] == ["q1", "q2"]


def test_a_new_section_has_the_first_of_its_own_words():
    data = SPEC[: SPEC.index(b"# Mission")]
    assert b"## Mission\nGo.\n" in edit.set_goal(data, "Go.")
    assert b"## Work\n- [ ] a ^q1\n" in edit.add_item(data, "a")[0]


@pytest.mark.parametrize(
    ("written", "what"),
    [
        ("{que: Work}", "`sections` cannot name `que`"),
        ("[Work]", "`sections` is not a mapping"),
        ("{queue: '!'}", "`sections` holds a heading without words"),
        ("{queue: [[a]]}", "`sections` is not a single value"),
        ("{queue: Work, goal: WORK}", "`sections` gives `WORK` to queue and to goal"),
    ],
)
def test_what_means_nothing_is_refused_with_its_line(written: str, what: str):
    with pytest.raises(SpecError) as caught:
        parse(f"---\ncockpit:\n  wip: 2\n  sections: {written}\n---\n".encode())
    assert (caught.value.line, caught.value.what) == (4, what)
    assert caught.value.remedy


def test_sections_are_named_by_hand_only():
    with pytest.raises(ValueError, match="sections is no control"):
        edit.set_control(SPEC, "sections", "{}")
