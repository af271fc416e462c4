"""What in queue and backlog looks dead (R41, R128), and what must not be taken for it."""

from __future__ import annotations

import pytest

from cockpit.learn import Dead, dead
from cockpit.spec import parse

GOAL = "## Goal\nRecover stuck agent sessions.\n\n"


def looks(queue: str, **known: str) -> dict[str, str]:
    return {entry.id: entry.why for entry in rows(queue, known)}


def rows(queue: str, done: dict[str, str] | None = None) -> list[Dead]:
    return dead(parse(f"{GOAL}## Queue\n{queue}".encode()), done)


def test_a_queue_in_ordinary_use_is_alive():
    queue = """\
- [x] Reproduce the stale boundary ^q1
  - branch: delegate/q1
  - merged: abc
- [/] Recycle the supervisor ^q2
- [?] Paint the help page ^q3
  - from: q1 turn 1 #1
- [ ] Write boundary tests ^q4
  - after: q1, q2
  - [x] one
  - [ ] two
- [>] Upgrade the compiler ^q5
  - until: 2026-12-01 09:00
- [ ] Anything at all ^q6
"""
    assert looks(queue) == {}


def test_what_is_said_twice_names_the_other():
    queue = "- [ ] Fix the parser crash ^q1\n- [ ] fix parser crash. ^q2\n"
    assert looks(queue) == {"q2": "says the same as q1, line 5"}
    assert looks(queue.replace("[ ] fix", "[/] fix")) == {"q1": "says the same as q2, line 6"}
    assert looks(queue.replace("[ ] Fix", "[x] Fix")) == {"q2": "says the same as q1, which is done"}
    assert looks(queue.replace("[ ] Fix", "[-] Fix")) == {}


@pytest.mark.parametrize("more", ["  - agent: codex\n", "  - [ ] one step more\n", "  - paths: src/**\n"])
def test_the_same_words_with_another_way_are_two_things(more: str):
    assert looks(f"- [ ] Fix the parser crash ^q1\n- [ ] Fix the parser crash ^q2\n{more}") == {}


def test_dead_ends():
    queue = """\
- [-] Choose a host ^q1
- [ ] Deploy it there ^q2
  - after: q1
- [ ] Announce the release ^q3
  - after: q2
- [>] Write the summary ^q4
  - until: q1
- [ ] Wait for nobody ^q5
  - after: q9
"""
    assert looks(queue) == {
        "q2": "waits for q1, which was struck",
        "q4": "is put off until q1, which was struck",
        "q5": "waits for q9, which is not in the spec",
    }


def test_done_already_by_a_commit_or_by_its_steps():
    queue = "- [ ] Cap the retries ^q1\n- [ ] Check the edges ^q2\n  - [x] one\n  - [x] two\n"
    assert looks(queue, q1="abc names it") == {"q1": "abc names it", "q2": "all its 2 steps are ticked"}


def test_what_others_wait_for_is_not_offered():
    queue = "- [ ] Fix the parser ^q1\n- [ ] Fix the parser ^q2\n- [ ] Then ship it ^q3\n  - after: q2\n"
    assert looks(queue) == {}
    assert looks(queue.replace("[ ] Then", "[-] Then")) == {"q2": "says the same as q1, line 5"}


def test_what_grew_and_serves_no_part_of_the_goal():
    queue = "- [ ] Recover it ^q1\n- [ ] Paint the help page ^q2\n  - from: q1 turn 1 #1\n"
    assert [(entry.id, entry.sort) for entry in rows(queue)] == [("q2", "adrift")]


def test_what_has_a_result_is_judged_not_reaped():
    queue = "- [ ] Fix the parser ^q1\n- [ ] Fix the parser ^q2\n  - branch: delegate/q2\n"
    assert looks(queue) == {}


def test_forgotten_is_what_lies_untouched_while_the_goal_became_another():
    backlog = "## Backlog\n- [ ] Colour the charts ^b1\n- [ ] Recover the charts ^b2\n- [ ] Print legends now ^b3\n"
    then = parse(f"## Goal\nShow colourful charts.\n\n{backlog}".encode())
    now = parse(f"{GOAL}{backlog}".replace("legends now", "legends soon").encode())
    why = "untouched for 14 days; the goal has changed since, and it has nothing of it"
    assert {entry.id: entry.why for entry in dead(now, then=then)} == {"b1": why}
    assert dead(then, then=then) == []
    longer = parse(f"## Goal\nShow colourful charts, and fast.\n\n{backlog}".encode())
    assert dead(longer, then=then) == [], "a goal that only grew is no other"
