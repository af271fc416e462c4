"""Mutes: what they hide, when they end, what they never hide."""

from __future__ import annotations

from datetime import datetime

import pytest

from cockpit import spec
from cockpit.sense import Event, Signal, apply, fold, rank

AT = datetime(2026, 11, 21, 10, 12).timestamp()
QUEUE = "## Queue\n- [?] First ^q1\n- [?] Second ^q2\n"


def signals(since: float = AT - 600) -> list[Signal]:
    events = [
        Event(
            source="verify", what="v", kind="verification", key="verification/q2", item="q2", at=since, level="error"
        ),
        Event(source="ci", what="tests", key="tests", at=since, level="warning"),
        Event(source="delegate", what="d", kind="died", key="delegate/q1", item="q1", at=since, level="error"),
    ]
    return rank(fold({}, events), spec.parse(QUEUE.encode()), AT)


def shown(line: str, *, since: float = AT - 600, head_since: float = 0.0, now: float = AT + 300) -> list[str]:
    document = spec.parse(f"{QUEUE}\n## Muted\n{line}\n".encode())
    assert len(document.mutes) == 1
    found, shelf = apply(signals(since), document.mutes, head_since=head_since, now=now)
    assert sorted([s.key for s in found] + [m.signal.key for m in shelf]) == ["delegate/q1", "tests", "verification/q2"]
    return [signal.key for signal in found]


def mute(target: str, until: str) -> str:
    return f"- `{target}` until {until}: known (2026-11-21 10:12) ^m1"


@pytest.mark.parametrize(
    ("target", "hidden"), [("tests", "tests"), ("q2", "verification/q2"), ("delegate/q2", "verification/q2")]
)
def test_a_mute_means_a_signal_an_item_or_a_delegate(target: str, hidden: str):
    assert hidden not in shown(mute(target, "it changes"))
    assert len(shown(mute(target, "it changes"))) == 2


def test_until_it_changes():
    assert "tests" not in shown(mute("tests", "it changes"), since=AT + 30)
    assert "tests" in shown(mute("tests", "it changes"), since=AT + 61)


def test_until_the_next_head():
    assert "tests" not in shown(mute("tests", "next head"), head_since=AT - 5)
    assert "tests" in shown(mute("tests", "next head"), head_since=AT + 61)
    assert "tests" not in shown(mute("tests", "next head"), since=AT + 100)


def test_until_a_time():
    assert "tests" not in shown(mute("tests", "2026-11-21 10:42"), now=AT + 29 * 60)
    assert "tests" in shown(mute("tests", "2026-11-21 10:42"), now=AT + 30 * 60)


def test_always():
    text = "- `tests` always: known (2026-11-21 10:12) ^m1"
    assert "tests" not in shown(text, since=AT + 100, head_since=AT + 100, now=AT + 9e6)


def test_a_mute_never_hides_what_blocks_the_head():
    text = "- `q1` always: known (2026-11-21 10:12) ^m1"
    assert "delegate/q1" in shown(text)
