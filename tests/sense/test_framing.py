"""Lines of a sender: cut anywhere, numbered, a bad one answered and nothing else lost."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.sense.events import CAP
from cockpit.sense.framing import ANSWERED, Frames


def say(what: str) -> bytes:
    return json.dumps({"source": "s", "what": what}).encode() + b"\n"


def fed(*chunks: bytes) -> tuple[list[str], list[dict[str, object]]]:
    frames = Frames()
    reads = [*(frames.feed(chunk, 1.0) for chunk in chunks), frames.end(1.0)]
    return [event.what for read in reads for event in read.events], [
        json.loads(a) for read in reads for a in read.answers
    ]


def test_good_lines_are_answered_nothing():
    assert fed(say("a") + b"\n" + say("b")) == (["a", "b"], [])


def test_a_bad_line_is_answered_with_its_number():
    whats, answers = fed(say("a") + b"nonsense\n" + say("b"))
    assert whats == ["a", "b"]
    assert [answer["line"] for answer in answers] == [2]
    assert str(answers[0]["error"]).startswith("nonsense: no event")


def test_a_last_line_may_lack_its_newline():
    assert fed(say("a")[:-1]) == (["a"], [])


def test_a_ping_tells_which_lines_were_taken():
    assert fed(say("a") + b'{"op": "ping"}\n' + say("b"))[1] == [{"ok": 2}]
    assert "no op 'dance'" in str(fed(b'{"op": "dance"}\n')[1][0]["error"])


def test_a_line_without_end_is_refused_at_the_cap_and_held_nowhere():
    frames = Frames()
    answers: list[bytes] = []
    for _ in range(16_000):  # 1 GB
        answers += frames.feed(b"x" * CAP, 1.0).answers
    assert [json.loads(answer) for answer in answers] == [{"error": "line over 64 KiB, passed over", "line": 1}]
    read = frames.feed(b"x\n" + say("a") + b"?\n", 1.0)
    assert [event.what for event in read.events] == ["a"]
    assert json.loads(read.answers[0])["line"] == 3


def test_many_bad_lines_share_an_answer():
    _, answers = fed(b"?\n" * 5000)
    assert len(answers) == ANSWERED + 1
    assert answers[-1] == {"error": f"{5000 - ANSWERED} more bad lines", "line": 5000}


@pytest.mark.parametrize(
    "line", [b"\xff\xfe\x00", b"[" * 5000, b'{"source": 1, "what": 2}', b'{"op": 3}', b"null", b"{}"]
)
def test_hostile_lines_are_answered(line: bytes):
    whats, answers = fed(line + b"\n" + say("after"))
    assert whats == ["after"]
    assert len(answers) == 1


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([say("a"), say("b"), b"bad\n", b"\n", b"y" * 70_000 + b"\n"]), max_size=6), st.data())
def test_where_the_bytes_are_cut_does_not_matter(lines: list[bytes], data: st.DataObject):
    whole = b"".join(lines)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=5)))
    chunks = [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    whats, answers = fed(*chunks)
    assert whats == [json.loads(line)["what"] for line in lines if b"what" in line]
    assert [answer["line"] for answer in answers] == [
        number for number, line in enumerate(lines, 1) if b"what" not in line and line != b"\n"
    ]
