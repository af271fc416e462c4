"""What an agent said last, as the ladder's protocol rung tells it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from cockpit import facts
from cockpit.engine.doing import heard, tail, told
from cockpit.facts import Doing, Turn
from cockpit.paths import Places
from cockpit.sense.streams.said import Asked, Bad, Begun, Call, Over, Said, Step, Used, Words
from cockpit.spent import Usage

AT = 1_800_000_000.0
MAKE = Call("Bash", "make")


@pytest.mark.parametrize(
    ("said", "calls", "state", "words"),
    [
        ([Begun()], [], "working", "the model works"),
        ([Begun(), Words("Let me\nsee.")], [MAKE], "working", "runs Bash make"),
        ([Step(MAKE, "ok")], [], "working", "the model works, after Bash make"),
        ([Words("I see.")], [], "working", "says I see."),
        ([Asked("may it use Bash make")], [MAKE], "asks", "may it use Bash make"),
        ([Bad("overloaded", 529)] * 3, [], "working", "retrying after 529, attempt 3: the model is overloaded"),
        ([Bad("usage limit reached", 429)], [], "limited", "the quota is used up"),
        ([Bad("no such tool")], [], "working", "an error: no such tool"),
        ([Used(Usage(3)), Over()], [], "working", "its turn is over"),
    ],
)
def test_the_last_word_says_what_it_does(said: list[Said], calls: list[Call], state: str, words: str):
    found = told(said, calls, AT)
    assert found is not None
    assert (found.state, found.words) == (state, words)


def test_who_said_nothing_does_nothing_we_know_of():
    assert told([Used(Usage(3))], [], AT) is None


@pytest.fixture
def turn(places: Places) -> Turn:
    folder = places.turn("q1", 1)
    dispatch = facts.Dispatch(
        item="q1", turn=1, text="t", agent="codex", branch="b", base="b", target="t", worktree="/w", session="s",
        timeout=1.0, at=AT,
    )  # fmt: skip
    facts.write(folder, dispatch)
    found = facts.load(folder)
    assert found is not None
    return found


def stream(turn: Turn, *events: dict[str, Any]) -> None:
    (turn.folder / "events.ndjson").write_text("".join(json.dumps(event) + "\n" for event in events))


def test_the_end_of_a_stream_is_heard_with_its_time_and_again_when_it_grew(places: Places, turn: Turn):
    begun = {"type": "item.started", "item": {"id": "i1", "type": "command_execution", "command": "bash -lc 'make'"}}
    stream(turn, {"type": "turn.started"}, begun)
    path = turn.folder / "events.ndjson"
    os.utime(path, (AT, AT))
    found = heard(places, turn)
    assert found is not None
    assert (found.words, found.busy, found.at, found.file) == ("runs shell make", True, AT, "events.ndjson")
    ended = {**begun, "type": "item.completed"}
    stream(turn, begun, ended)
    again = heard(places, turn)
    assert again is not None
    assert (again.words, again.busy) == ("the model works, after shell make", False)


def test_without_a_stream_the_hooks_are_heard(places: Places, turn: Turn):
    assert heard(places, turn) is None
    facts.write(turn.folder, Doing(state="asks", words="may it?", at=AT))
    turn = facts.load(turn.folder) or turn
    found = heard(places, turn)
    assert found is not None
    assert (found.state, found.words, found.file) == ("asks", "may it?", "doing.json")


def test_of_a_long_stream_only_whole_lines_of_its_end_are_read(tmp_path: Path):
    path = tmp_path / "long"
    path.write_bytes(b"".join(b"%06d\n" % number for number in range(100_000)) + b"torn")
    assert tail(path, 20) == [b"099998", b"099999"]
    assert tail(path, 10**9)[0] == b"000000"
    assert tail(tmp_path / "nothing", 10) == []
