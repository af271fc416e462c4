"""Checks and tries to start a delegate, as events that end when what they tell has ended."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from cockpit.facts import Dispatch, Running, Sentinel, Turn
from cockpit.sense import Event, Ranker
from cockpit.sense.sources.checks import Check, check_events, route_events

NOW = 1795300000.0


def turn(number: int = 1, running: Running | None = None, sentinel: Sentinel | None = None) -> Turn:
    dispatch = Dispatch(
        item="q1", turn=number, text="Do it", agent="codex", branch="delegate/q1", base="0" * 40,
        target="refs/heads/main", worktree="/repo", session="ck-q1-1", timeout=60, at=NOW,
    )  # fmt: skip
    return Turn(Path("/facts"), dispatch, running, sentinel, None, None, None, {})


RUNNING = Running(pid=9, started="1", at=NOW)
FAILED = Sentinel(outcome="not-started", detail="command not found: codex", at=NOW, seconds=0.0)


def shown(*events: Event) -> list[tuple[str, str]]:
    ranker = Ranker()
    for event in events:
        ranker.feed(event)
    return [(signal.what, signal.state) for signal in ranker.rank(NOW + 60)]


def test_what_is_wrong_is_a_signal_with_its_remedy_until_it_is_right():
    bad = check_events("preflight", [Check("git", "fail", "2.30 is too old", "install git 2.38 or newer")], NOW)
    good = check_events("preflight", [Check("git", "ok", "git version 2.39.5")], NOW + 1)
    assert bad[0].evidence == "install git 2.38 or newer"
    assert shown(*bad) == [("git: 2.30 is too old", "fail")]
    assert shown(*bad, *good) == []


def test_of_checks_with_one_name_the_worst_counts():
    checks = [Check("folders", "ok", "a"), Check("folders", "fail", "b"), Check("folders", "warn", "c")]
    assert [(event.key, event.state, event.what) for event in check_events("preflight", checks, NOW)] == [
        ("folders", "fail", "folders: b")
    ]


@pytest.mark.parametrize(
    ("made", "state", "what"),
    [
        (turn(2, RUNNING), "ok", "codex took q1, turn 2"),
        (turn(1, RUNNING, Sentinel(outcome="failed", at=NOW, seconds=1.0)), "ok", "codex took q1, turn 1"),
        (turn(1, None, FAILED), "fail", "codex did not start q1: command not found: codex"),
        (turn(1, RUNNING, FAILED), "fail", "codex did not start q1: command not found: codex"),
    ],
)
def test_a_try_to_start_a_delegate_is_told_once_its_end_is_known(made: Turn, state: str, what: str):
    (event,) = route_events(made, over=False, at=NOW)
    assert (event.key, event.item, event.state, event.what) == ("codex", "q1", state, what)
    (ended,) = route_events(made, over=True, at=NOW)
    assert ended.closes


def test_before_the_runner_speaks_nothing_is_known():
    assert route_events(turn(), over=False, at=NOW) == []


def test_failed_tries_are_a_signal_until_one_takes_it():
    tries = [
        msgspec.structs.replace(route_events(turn(n, None, FAILED), over=False, at=NOW)[0], at=NOW + n)
        for n in range(1, 6)
    ]
    taken = msgspec.structs.replace(route_events(turn(6, RUNNING), over=False, at=NOW)[0], at=NOW + 6)
    assert shown(*tries) == [("codex did not start q1: command not found: codex", "no route")]
    assert shown(*tries, taken) == []
