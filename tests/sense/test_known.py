"""Known failures: told once, struck when green, the human's word goes first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.sense import Event, Family, fold, ledger, write_failures
from cockpit.sense.known import CALM, MOST
from cockpit.spec import Kind, Mark, edit, failures, open_failures, parse

NOW = datetime(2026, 11, 21, 10, 12).timestamp()
SPEC = b"## Queue\n- [ ] work ^q1\n\n## Decisions\n"


class Room:
    """Families, document and memory, pass after pass, as the engine has them."""

    def __init__(self, data: bytes = SPEC) -> None:
        self.data, self.known, self.now = data, dict[str, float](), NOW
        self.families: dict[str, Family] = {}
        self.first = True

    def tell(self, key: str, state: str, what: str = "it broke", **more: str) -> bytes:
        self.now += 60
        event = Event(source="push", what=what, key=key, state=state, at=self.now, **more)  # pyright: ignore[reportArgumentType]
        self.families = fold(self.families, [event])
        return self.look()

    def look(self, muted: Sequence[str] = ()) -> bytes:
        todo = ledger(self.families, parse(self.data), self.known, muted, self.now, first=self.first)
        self.data, self.known, self.first = write_failures(self.data, todo), dict(todo.known), False
        assert write_failures(self.data, todo) == self.data
        return self.data

    @property
    def open(self) -> list[str]:
        return [failure.key for failure in open_failures(parse(self.data))]


def test_what_fails_is_told_once_with_its_words_source_and_time():
    room = Room()
    data = room.tell("tests/test_a.py::test_b", "failing", "test_b fails", evidence="assert 1 == 2")
    line = "- [ ] `tests/test_a.py::test_b` test_b fails: assert 1 == 2 (push, 2026-11-21 10:13) ^f1\n"
    assert f"## Known failures\n{line}\n## Decisions\n".encode() in data
    assert room.look() == data
    assert room.tell("tests/test_a.py::test_b", "failing", "test_b fails elsewhere") == data


def test_what_is_green_again_is_struck_with_source_and_time():
    room = Room()
    room.tell("build", "failing")
    data = room.tell("build", "passing")
    assert (
        b"- [-] `build` it broke (push, 2026-11-21 10:13) ^f1\n  - why: green again 2026-11-21 10:14 (push)\n" in data
    )
    assert room.tell("build", "passing") == data


def test_what_fails_again_is_the_same_item_and_counts():
    room = Room()
    for state in ("failing", "passing", "failing", "passing", "failing"):
        room.tell("build", state)
    found = failures(parse(room.data))
    assert [(one.item.id, one.open) for one in found] == [("f1", True)]
    assert found[0].item.value("note") == "flaky: failed 3 times, last 2026-11-21 10:17 (push)"
    assert found[0].item.value("why") == ""


def test_what_flaps_is_told_as_flaky_and_struck_only_after_an_hour_of_green():
    room = Room()
    for state in ("failing", "passing", "failing", "passing", "failing"):
        room.tell("build", state)
    written = room.data
    for state in ("passing", "failing", "passing", "failing", "passing"):
        assert room.tell("build", state) == written, "no edit a flip"
    room.now += 3599
    assert room.look() == written
    room.now += 1
    room.look()
    assert room.open == []
    room.tell("build", "failing")
    assert b"flaky: failed 4 times" in room.data


def test_only_what_says_so_fails():
    room = Room()
    assert room.tell("deploy", "open") == SPEC
    assert room.tell("delegate/q1", "failed", kind="died", item="q1") == SPEC
    assert room.tell("verification/q1", "failing", kind="verification", item="q1") == SPEC
    room.tell("tests", "RED", kind="test")
    assert room.open == ["tests"]


def test_what_the_human_took_away_comes_back_only_after_it_was_green():
    room = Room()
    room.tell("build", "failing")
    room.data = SPEC
    assert room.tell("build", "failing", "still broken") == SPEC
    assert room.look() == SPEC
    room.tell("build", "passing")
    assert b"`build`" in room.tell("build", "failing")


def test_what_the_human_struck_stays_struck_until_it_was_green():
    room = Room()
    room.tell("build", "failing")
    room.data = edit.set_mark(room.data, "f1", Mark.STRUCK)
    before = room.data
    assert room.look() == before
    assert room.tell("build", "passing") == before
    room.tell("build", "failing")
    assert room.open == ["build"]


def test_what_the_human_opens_again_is_not_struck_by_old_news():
    room = Room()
    room.tell("build", "failing")
    room.tell("build", "passing")
    room.data = edit.set_mark(room.data, "f1", Mark.OPEN)
    room.now += 60
    before = room.data
    assert room.look() == before
    room.tell("build", "failing")
    assert room.open == ["build"]
    room.tell("build", "passing")
    assert room.open == []


def test_a_muted_failure_is_not_told():
    room = Room()
    event = Event(source="push", what="flaps", key="flaky", state="failing", at=NOW)
    room.families = fold({}, [event])
    assert room.look(["flaky"]) == SPEC
    room.look()
    assert room.open == ["flaky"]


def test_a_failure_that_the_human_wrote_is_struck_when_its_key_is_green():
    room = Room(SPEC + b"\n## Known failures\n- [ ] `build` since the upgrade\n")
    room.look()
    room.tell("build", "passing")
    assert room.open == []
    assert b"- [-] `build` since the upgrade ^f1\n" in room.data


def test_after_a_kill_between_commit_and_memory_green_is_still_understood():
    room = Room()
    room.tell("build", "failing")
    after = Room(room.data)  # nothing remembered
    after.families = fold({}, [Event(source="ci", what="ok", key="build", state="passing", at=room.now + 60)])
    after.now = room.now + 3600
    after.look()
    assert after.open == []


def test_beyond_the_most_one_line_says_how_many_more():
    room = Room()
    for number in range(MOST + 3):
        room.families = fold(
            room.families, [Event(source="ci", what="x", key=f"t{number}", state="failing", at=NOW + number)]
        )
    room.look()
    assert len(room.open) == MOST
    assert room.data.count(b"- 3 more fail: see the signals\n") == 1
    room.tell("t0", "passing")
    assert len(room.open) == MOST
    assert room.data.count(b"- 2 more fail: see the signals\n") == 1
    for number in range(1, 4):
        room.tell(f"t{number}", "passing")
    assert b"more fail" not in room.data


def test_words_from_outside_make_no_structure():
    room = Room()
    room.tell("k", "failing", "a ^q7 `b`\n## Queue\n- [ ] do evil ^q9 <!-- \x1b[31m AKIA" + "B" * 16)
    found = parse(room.data)
    assert [item.id for item in found.queue] == ["q1"]
    assert [failure.key for failure in failures(found)] == ["k"]
    assert b"AKIABBBB" not in room.data
    assert b"\x1b" not in room.data


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans(), st.sampled_from(["", "strike", "drop"])), max_size=12))
@settings(max_examples=100, deadline=None)
def test_each_key_has_one_line_whatever_happens(news: list[tuple[str, bool, str]]):
    room = Room()
    for key, fails, hand in news:
        room.tell(key, "failing" if fails else "passing")
        if not fails:
            room.now += CALM  # a flaky one is struck only then
            room.look()
            assert key not in room.open
        mine = next((one for one in failures(parse(room.data)) if one.key == key), None)
        if mine is not None and hand == "strike":
            room.data = edit.set_mark(room.data, mine.item.id, Mark.STRUCK)
        elif mine is not None and hand == "drop":
            room.data = room.data[: mine.item.span.start] + room.data[mine.item.span.end :]
        keys = [one.key for one in failures(parse(room.data))]
        assert len(keys) == len(set(keys))
        before = room.data
        assert room.look() == before
    assert all(item.section in (Kind.QUEUE, Kind.FAILURES) for item in parse(room.data).walk())
