"""Follow-ups are left until the spec has them (R170)."""

from __future__ import annotations

from cockpit.facts import Answer
from cockpit.learn import discoveries, left
from cockpit.spec import parse

ANSWER = Answer(status="done", summary="Did it.", follow_ups=["Split the parser", "Drop `old()`", "Split the parser"])
BEFORE = "## Queue\n- [x] one ^q1\n"


def words(text: str, answer: Answer = ANSWER) -> list[str]:
    return list(left({("q1", 2): answer}, parse(text.encode())).get(("q1", 2), ()))


def test_what_nothing_came_from_and_no_item_says_is_left():
    assert words(BEFORE, Answer(status="done", summary="")) == []
    assert words(BEFORE) == ["Split the parser", "Drop `old()`"]
    assert words(BEFORE + "- [ ] drop  `old()` ^q2\n") == ["Split the parser"]


def test_it_is_promoted_by_the_source_that_promote_writes():
    text = BEFORE + "## Backlog\n- [ ] Split it in two ^q7\n  - from: q1 turn 2 #1\n"
    assert words(text) == ["Drop `old()`"]
    told = discoveries(ANSWER, "q1", 2, parse(text.encode()))
    assert [entry.words for entry in told if not entry.promoted] == ["Drop `old()`"]


def test_another_answer_s_source_promotes_nothing():
    assert len(words(BEFORE + "  - from: q1 turn 21 #1\n  - from: q11 turn 2 #1\n  - from: xq1 turn 2 #2\n")) == 2
