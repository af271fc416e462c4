"""Tasks of other tools' files: what is read, and that a tick changes the box alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.spec import SpecError
from cockpit.track import NoSuchTask, is_open, last_status, tasks, tick

OPENSPEC = b"""# Tasks

## 1. Parser
- [x] 1.1 Read the scanner
- [ ] 1.2 Parse tabs
      and say the line
<!-- opsx:tdd:1.1:begin -->
- [ ] 1.3 Test it (depends on 1.2)

```
- [ ] 9.9 not a task
```
"""
SPECKIT = b"""## Phase 1: Setup
- [ ] T001 [P] Make the project
- [ ] T002 [P] [US1] Add the model (depends on T001)
"""
GITHUB = b"""- [ ] Ship it
  - [x] write the notes
  - [ ] tag the release
- [ ] Tell people
* plain bullet
  1. [ ] nested below a plain one
"""
BACKLOG = b"""---
id: TASK-2
title: 'Use the parser: "now"'
status: To Do
assignee: []
created_date: '2026-11-21 08:33'
dependencies:
  - TASK-1
ordinal: 2000
---

## Acceptance Criteria
<!-- AC:BEGIN -->
- [ ] #1 reads tabs
- [x] #2 says the line
<!-- AC:END -->
- [ ] not a criterion
"""
"""As backlog.md 1.52.0 writes it (`backlog task create`), with a line of the human's below."""


def names(data: bytes) -> list[tuple[str, str, bool]]:
    return [(task.name, task.text, task.done) for task in tasks(data)]


def test_openspec_tasks_go_by_their_numbers():
    assert names(OPENSPEC) == [
        ("1.1", "Read the scanner", True),
        ("1.2", "Parse tabs and say the line", False),
        ("1.3", "Test it", False),
    ]
    assert tasks(OPENSPEC)[2].after == ("1.2",)


def test_spec_kit_tasks_tell_what_they_depend_on():
    assert names(SPECKIT) == [
        ("T001", "[P] Make the project", False),
        ("T002", "[P] [US1] Add the model", False),
    ]
    assert tasks(SPECKIT)[1].after == ("T001",)


def test_a_group_leads_the_words_of_its_parts_and_is_no_task_itself():
    texts = [task.text for task in tasks(GITHUB)]
    assert texts == [
        "Ship it: write the notes",
        "Ship it: tag the release",
        "Tell people",
        "nested below a plain one",
    ]


def test_a_task_without_a_number_goes_by_its_words_wherever_it_stands():
    turned = b"- [ ] Tell people\n\nintro\n\n" + GITHUB.replace(b"- [ ] Tell people\n", b"")
    name = {task.text: task.name for task in tasks(GITHUB)}["Tell people"]
    assert {task.text: task.name for task in tasks(turned)}["Tell people"] == name


def test_the_last_tick_of_a_group_ticks_the_group():
    name = {task.text: task.name for task in tasks(GITHUB)}["Ship it: tag the release"]
    ticked = tick(GITHUB, name)
    assert ticked == GITHUB.replace(b"- [ ] Ship", b"- [x] Ship").replace(b"[ ] tag", b"[x] tag")


def test_a_group_with_open_parts_stays_open():
    data = GITHUB.replace(b"[x] write", b"[ ] write")
    name = {task.text: task.name for task in tasks(data)}["Ship it: tag the release"]
    assert tick(data, name) == data.replace(b"[ ] tag", b"[x] tag")


def test_a_backlog_task_is_one_task_with_its_status_and_criteria():
    (task,) = tasks(BACKLOG)
    assert (task.name, task.text, task.done, task.after) == ("TASK-2", 'Use the parser: "now"', False, ("TASK-1",))
    ticked = tick(BACKLOG, "TASK-2")
    assert ticked == BACKLOG.replace(b"status: To Do", b"status: Done").replace(b"[ ] #1", b"[x] #1")
    assert not is_open(ticked, "TASK-2")
    assert tick(ticked, "TASK-2") == ticked


def test_done_is_called_as_the_project_calls_it():
    assert last_status(b'statuses: ["To Do", "In Progress", "Done"]\n') == "Done"
    assert last_status(b'statuses: ["Idea", "Shipped"]\n') == "Shipped"
    assert last_status(b"") == "Done"
    assert b"status: Shipped" in tick(BACKLOG, "TASK-2", "Shipped")


def test_a_task_that_is_gone_is_told():
    with pytest.raises(NoSuchTask):
        tick(OPENSPEC, "7.7")
    assert not is_open(OPENSPEC, "7.7")


@pytest.mark.parametrize("data", [b"\xff", b"- [ ] a\0"])
def test_what_is_no_text_is_refused_with_its_line(data: bytes):
    with pytest.raises(SpecError):
        tasks(data)


LINES = st.sampled_from(
    [
        *("- [ ] one", "- [x] two", "  - [ ] three", "1. [ ] four", "- [] five", "- [~] six", "# h", "", "\ttext"),
        *("```", "> - [ ] q", "- plain", "- [ ] 1.2 num", "- [ ] T001 num", "<!-- c -->", "* [X] seven", "   - [-] e"),
    ]
)


@given(st.lists(LINES, max_size=14), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_a_tick_changes_marks_alone_and_only_that_task(lines: list[str], end: str, bom: bool):
    data = (b"\xef\xbb\xbf" if bom else b"") + end.join(lines).encode()
    before = tasks(data)
    for task in before:
        ticked = tick(data, task.name)
        assert not is_open(ticked, task.name)
        assert [(now.name, now.text) for now in tasks(ticked)] == [(was.name, was.text) for was in before]
        others = [now for now, was in zip(tasks(ticked), before, strict=True) if now.done != was.done]
        assert [now.name for now in others] == ([] if task.done else [task.name])
        assert tick(ticked, task.name) == ticked
