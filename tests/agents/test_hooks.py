"""Checks that the harness runs, with the real programs: when they stop, and when they commit (R181, R194)."""

from __future__ import annotations

import json
import os
import sys

import pytest

from cockpit.cli import main
from cockpit.hooks import STOPS
from tests.agents.cast import answer
from tests.agents.conftest import Play
from tests.agents.model import Say

TRUSTED = "--dangerously-bypass-hook-trust"
STOPPING = pytest.mark.parametrize("real", ["claude", "codex", "qwen"], indirect=True)


def checked_when_it_stops(play: Play, monkeypatch: pytest.MonkeyPatch, says: list[Say]) -> None:
    """Play this with the Stop hook in the project's settings, as `a.txt` is asked for; `cockpit` on PATH is ours."""
    ours = play.stage.root.parent / "bin" / "cockpit"
    ours.parent.mkdir()
    ours.write_text(f'#!/bin/sh\nexec "{sys.executable}" -P -m cockpit "$@"\n')
    ours.chmod(0o755)
    monkeypatch.setenv("PATH", f"{ours.parent}{os.pathsep}{os.environ['PATH']}")
    if play.real.name == "codex":  # whose hooks need a trust that only its screen can give
        command = [word for each in play.agent.command for word in ([each, TRUSTED] if each == "exec" else [each])]
        file = play.stage.places.local / "agents" / "codex.toml"
        file.write_text(f"command = {json.dumps(command)}\n{file.read_text()}")
    play.model.scenarios = {"stops": says}
    play.stage.spec("", verify="test -f a.txt")
    assert main(["-C", str(play.stage.root), "hooks", "install", play.real.name, "--stop"]) == 0
    play.stage.git("add", str(STOPS[play.real.name].file(play.stage.root)))
    play.stage.git("commit", "-qm", "Check when it stops")
    model = f"  - model: {play.real.model}\n" if play.real.model else ""
    with play.stage.places.spec.open("a") as spec:
        spec.write(f"- [ ] Write a SCENARIO=stops ^q1\n  - agent: {play.real.name}\n{model}  - timeout: 5\n")
    play.stage.start()


def handed_in(play: Play) -> Say:
    return Say("The answer.", write=(str(play.worktree / ".cockpit" / "answer.json"), answer()))


@STOPPING
def test_when_the_checks_fail_it_is_sent_back_and_mends_it(play: Play, monkeypatch: pytest.MonkeyPatch):
    says = [handed_in(play), play.done("Done."), *play.work()[:2], play.done("Now it is done.")]
    checked_when_it_stops(play, monkeypatch, says)
    item = play.ended(review="")
    assert play.stage.turn("q1").number == 1  # the same run of the program, no turn of ours
    assert [served.turn for served in play.model.served if served.turn >= 0] == [0, 1, 2, 3, 4]
    assert any("`test -f a.txt` does not pass (exit 1). Mend the cause" in words for words in play.model.heard)
    assert item.value("review").endswith("accept")


@STOPPING
def test_it_is_sent_back_once_and_what_still_fails_is_told(play: Play, monkeypatch: pytest.MonkeyPatch):
    checked_when_it_stops(play, monkeypatch, [handed_in(play), play.done("Done."), play.done("I leave it.")])
    assert play.ended(review="").value("review").endswith("iterate")
    assert play.stage.turn("q1").number == 1
    assert [served.turn for served in play.model.served if served.turn >= 0] == [0, 1, 2]


def test_what_it_commits_is_checked_first(play: Play):
    early = [
        Say("I begin.", write=(str(play.worktree / "b.txt"), "b\n")),
        Say("Early.", shell="git add b.txt && git commit -q -m b"),
    ]
    tries = play.real.tools  # who makes no calls commits when its work is done
    play.model.scenarios = {"commits": [*(early if tries else []), *play.work()]}
    play.dispatch("commits", verify="test -f a.txt\n  precommit: on")
    play.ended(review="")
    review = play.stage.turn("q1").review
    assert review is not None
    assert review.checks[11].evidence.endswith("; 1 passed the commit hook")
    events = (play.stage.turn("q1").folder / "events.ndjson").read_text()
    assert ("not committed: `test -f a.txt` does not pass" in events) == tries
