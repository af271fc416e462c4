"""Comments on lines: written into the spec, told once, taken back."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from cockpit import facts
from cockpit.edits import World
from cockpit.spec import Mark, parse
from tests.select.test_steps import DONE, FINISHED, REVIEW, RUNNING, turn
from tests.test_verbs import refused, say, world

TEXT = "## Queue\n- [?] waiting ^q3\n  - branch: delegate/q3\n- [ ] open ^q1\n"
TURN = turn("q3", running=RUNNING, sentinel=FINISHED, answer=DONE, review=REVIEW)
LINES = ["import time", "    time.sleep(2)", ""]


def seen(entry: facts.Turn = TURN) -> World:
    def quote(_turn: facts.Turn, path: str, number: int, gone: bool) -> str | None:
        return LINES[number - 1] if path == "a.py" and 0 < number <= 3 and not gone else "" if not number else None

    return replace(world(entry), quote=quote)


def comment(text: str, at: str, words: str, known: World | None = None) -> str:
    return say("comment", "q3", text, known or seen(), at=at, note=words)


def told(text: str) -> list[str]:
    item = parse(text.encode()).item("q3")
    assert item is not None
    return item.values("comment")


def test_a_comment_quotes_the_line_it_is_about():
    text = comment(TEXT, "a.py:2", "add jitter")
    assert text == TEXT.replace(
        "- branch: delegate/q3\n", "- branch: delegate/q3\n  - comment: `a.py:2` on `time.sleep(2)`: add jitter\n"
    )


def test_a_line_has_one_comment_and_no_words_take_it_back():
    text = comment(comment(TEXT, "a.py:2", "add jitter"), "a.py", "split it")
    text = comment(text, "a.py:2", "use a clock")
    assert told(text) == ["`a.py:2` on `time.sleep(2)`: use a clock", "`a.py`: split it"]
    text = comment(comment(text, "a.py:2", ""), "a.py", "")
    assert text == TEXT


def test_what_is_not_there_is_refused():
    assert "no a.py line 9 on delegate/q3" in refused("comment", "q3", TEXT, seen(), at="a.py:9", note="x")
    assert "before it" in refused("comment", "q3", TEXT, seen(), at="a.py:-2", note="x")
    assert "nothing is said" in refused("comment", "q3", TEXT, seen(), at="a.py:2", note="")
    assert "no result" in refused("comment", "q1", TEXT, seen(), at="a.py:2", note="x")
    assert "PATH:LINE" not in refused("comment", "q3", TEXT, seen(), at="", note="x")


def test_words_from_outside_open_no_structure():
    text = comment(TEXT, "a.py:1", "drop this\n- [x] all done ^q9\x1b[2J")
    assert told(text) == ["`a.py:1` on `import time`: drop this - [x] all done ^q9"]
    assert parse(text.encode()).item("q9") is None


def test_an_iterate_hands_the_comments_over_and_forgets_those_of_the_round_before():
    text = comment(comment(TEXT, "a.py:1", "old"), "a.py:2", "new")
    before = told(text)[0]
    dispatch = msgspec.structs.replace(TURN.dispatch, comments=[before])
    text = say("iterate", "q3", text, seen(replace(TURN, dispatch=dispatch)))
    item = parse(text.encode()).item("q3")
    assert item is not None
    assert item.mark is Mark.OPEN
    assert told(text) == ["`a.py:2` on `time.sleep(2)`: new"]
    assert item.value("iterate") == "see the comment"


def test_an_iterate_s_own_words_stand_before_the_count_of_comments():
    text = comment(comment(TEXT, "a.py:1", "one"), "a.py:2", "two")
    assert "  - iterate: see the 2 comments\n" in say("iterate", "q3", text, seen())
    assert "  - iterate: smaller steps\n" in say("iterate", "q3", text, seen(), note="smaller steps")
