"""Events: read strictly, made harmless, told clearly when they are wrong."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.errors import CockpitError
from cockpit.sense import Event, decode, decode_all, parse_push
from cockpit.sense import events as room
from cockpit.sense.events import CAP, safe


def test_two_words_are_an_event():
    event = decode(b'{"source": "pytest", "what": "3 failed"}', 50.0)
    assert event == Event(source="pytest", what="3 failed", at=50.0, key="pytest: 3 failed")
    assert not event.closes


@pytest.mark.parametrize("state", ["closed", "passing", "OK", "resolved"])
def test_a_closing_state_closes(state: str):
    assert Event(source="s", what="w", state=state).closes


def test_foreign_text_is_harmless_and_on_one_line():
    event = decode(b'{"source": "\\u001b[31mx", "what": "a\\n\\u202eb", "key": "k`1`", "at": 9e99}', 50.0)
    assert (event.source, event.what, event.key, event.at) == ("x", "a b", "k'1'", 50.0)


def test_secrets_do_not_pass():
    assert "hunter22" not in decode(b'{"source": "s", "what": "w", "evidence": "password: hunter22"}', 1.0).evidence


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"not json", "no event"),
        (b'{"source": "s"}', "missing required field `what`"),
        (b'{"source": 3, "what": "w"}', "Expected `str`"),
        (b'{"source": "s", "what": "w", "level": "panic"}', "Invalid enum value"),
        (b'{"source": "s", "what": " "}', "without words"),
        (b"\xff\xfe", "no event"),
        (b"[" * 5000, "no event"),
        (b'{"source": "s", "what": "' + b"x" * CAP + b'"}', "over 64 KiB"),
    ],
)
def test_a_bad_line_says_what_is_wrong(data: bytes, words: str):
    with pytest.raises(CockpitError, match=words):
        decode(data, 1.0)


def test_many_lines_give_the_good_ones_and_an_error_a_bad_one():
    events, errors = decode_all([b'{"source":"s","what":"a"}', b"", b"oops", b'{"source":"s","what":"b"}'], 1.0)
    assert [event.what for event in events] == ["a", "b"]
    assert len(errors) == 1
    assert errors[0].startswith("line 3: ")


def test_push_from_arguments():
    event = parse_push("tests fail", key="tests", state="failing", level="error", item="q1", at=7.0)
    assert (event.source, event.key, event.state, event.level, event.at) == ("push", "tests", "failing", "error", 7.0)


def test_push_refuses_what_makes_no_sense():
    with pytest.raises(CockpitError, match="nothing to push"):
        parse_push("  ", at=1.0)
    with pytest.raises(CockpitError, match="no level 'panic'"):
        parse_push("x", level="panic", at=1.0)


words = st.one_of(
    st.text("ab `-_:/\u202e\x1b\n", max_size=12),
    st.sampled_from(["", " pad ", "token=abc123def", "password: hunter22", "sk-", "x" * 250, "tests/a.py::test_b"]),
)


@settings(max_examples=200, deadline=None)
@given(
    st.builds(
        Event,
        source=words, what=words, key=words, state=words, evidence=words, action=words, kind=words, run=words,
        paths=st.lists(words, max_size=3).map(tuple),
        attrs=st.dictionaries(words, st.one_of(words, st.integers(), st.lists(words, max_size=2)), max_size=2),
        at=st.sampled_from([-1.0, 0.0, 5.0, 50.0, 1e12, float("inf")]),
    )
)  # fmt: skip
def test_the_one_look_at_a_clean_event_says_what_the_close_look_says(event: Event):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(room, "_clean", lambda _: False)
        close = safe(event, 60.0)
    assert safe(event, 60.0) == close
    assert safe(close, 60.0) == close
