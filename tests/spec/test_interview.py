"""What nobody said of an item's scope: ticket, OpenSpec change, who does it (R240, R239)."""

from __future__ import annotations

from cockpit.spec import parse
from cockpit.spec.interview import Question, interview, unsaid
from cockpit.spec.openspec import changes

FRONT = b"---\ncockpit:\n  agent: claude\n---\n"
QUEUE = (
    b"## Queue\n- [ ] One ^q1\n- [ ] Two ^q2\n  - ticket: PER-9\n  - openspec: add-x\n  - agent: pi\n  - model: small\n"
)


def asked(data: bytes, id: str, *there: str) -> dict[str, Question]:
    document = parse(data)
    item = document.item(id)
    assert item is not None
    return {question.key: question for question in interview(document, item, there, ["claude", "pi"])}


def test_what_nobody_said_is_named():
    assert unsaid(asked(QUEUE, "q1", "add-x").values()) == ["ticket", "openspec", "agent"]
    assert unsaid(asked(QUEUE, "q2", "add-x").values()) == []


def test_the_agent_is_said_once_in_the_front_matter():
    found = asked(FRONT + QUEUE, "q1")
    assert unsaid(found.values()) == ["ticket"]
    assert found["agent"].now == "claude, of the spec"
    assert found["model"].now == "claude's own default"


def test_of_an_openspec_change_it_is_asked_only_where_there_is_one():
    assert "openspec" not in asked(QUEUE, "q1")
    assert asked(QUEUE, "q2")["openspec"].now == "add-x"


def test_the_choices_are_what_is_known_here():
    found = asked(QUEUE, "q1", "add-x", "drop-y")
    assert [found[key].choices for key in found] == [("PER-9",), ("add-x", "drop-y"), ("claude", "pi"), ("small",)]


def test_a_phase_has_the_ticket_and_the_change_of_its_item():
    found = asked(
        QUEUE + b"- [ ] Three ^q3\n  - phased: on\n  - ticket: PER-7\n  - openspec: add-x\n  - [ ] a ^q4\n", "q4"
    )
    assert (found["ticket"].now, found["openspec"].now) == ("PER-7", "add-x")


def test_a_change_is_known_by_its_files():
    from pathlib import PurePath

    names = ("add-x/tasks.md", "add-x/proposal.md", "archive/tasks.md", "b ad/tasks.md")
    assert changes(PurePath("openspec/changes", name) for name in names) == ("add-x",)
