"""Mutes with their contract, and “not the real issue”, as edits."""

from __future__ import annotations

from datetime import datetime

import pytest

from cockpit.edits import World, dismiss, mute
from cockpit.errors import Refused
from cockpit.spec import parse

SPEC = parse(b"## Queue\n- [ ] Write ^q1\n")
WORLD = World(turns={}, alive=lambda _: False, stale=lambda _: "", now=datetime(2026, 11, 21, 10, 12))


def muted(target: str, **words: str) -> tuple[str, str, str]:
    entry = parse(mute(SPEC, target, words, WORLD)).mutes[0]
    return entry.target, entry.until, entry.reason


def test_a_mute_takes_any_scope_and_writes_a_time_as_a_local_time():
    assert muted("path:src/gen/**", until="30m") == ("path:src/gen/**", "2026-11-21 10:42", "")
    assert muted("rule:ruff/E501", until="head", reason="later") == ("rule:ruff/E501", "next head", "later")
    assert muted("source:ci") == ("source:ci", "it changes", "")


@pytest.mark.parametrize("target", ["source:", "path:/etc/**", "path:a/../../b"])
def test_a_scope_of_nothing_or_outside_is_refused(target: str):
    with pytest.raises(Refused, match=r"of what|root of the repository"):
        mute(SPEC, target, {}, WORLD)


def test_always_without_a_reason_is_refused():
    with pytest.raises(Refused, match="needs a reason"):
        mute(SPEC, "tests", {"until": "always"}, WORLD)


def test_not_the_real_issue_is_a_mute_that_says_so():
    entry = parse(dismiss(SPEC, "tests", {"note": "the clock is off"}, WORLD)).mutes[0]
    assert (entry.until, entry.reason) == ("it changes", "not the real issue: the clock is off")


def test_an_item_is_no_signal_to_dismiss():
    with pytest.raises(Refused, match="no signal"):
        dismiss(SPEC, "q1", {}, WORLD)
