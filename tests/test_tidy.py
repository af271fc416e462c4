"""`cockpit tidy`: only what is merged or empty goes, after asking; everything else stays and says why (law 3)."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist.leavings import KEPT
from cockpit.spec import Mark
from cockpit.tidy import Left, judge, take, there
from tests.stage import Stage, edit_and_commit, until

MERGED = Left(
    item="q1", sessions=["ck-q1-1"], folder="/w/q1", branch="delegate/q1", head="a", reached="refs/heads/main"
)


@pytest.fixture
def stage(places: Places) -> Iterator[Stage]:
    made = Stage(places)
    yield made
    made.kill()


def told(stage: Stage) -> dict[tuple[str, str], tuple[bool, str]]:
    done = subprocess.run([*stage.program, "tidy", "--json"], capture_output=True, text=True, check=True)
    rows = [json.loads(row) for row in done.stdout.splitlines()]
    return {(row["item"], row["kind"]): (row["safe"], row["why"]) for row in rows}


def ran(stage: Stage, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*stage.program, "tidy", *args], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )


def merged(stage: Stage) -> None:
    stage.spec("- [ ] Write a ^q1\n")
    stage.script("q1", edit_and_commit("a.txt", "hello\n"))
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU)
    stage.steer("accept", "q1")
    stage.await_mark("q1", Mark.DONE)


def test_what_is_merged_goes_when_the_human_says_so(stage: Stage):
    merged(stage)
    until("the end of its session", lambda: told(stage)["q1", "session"][0])
    assert told(stage)["q1", "branch"] == (True, "merged into main")
    said = ran(stage)
    assert "may go" in said.stdout
    assert "nothing was removed" in said.stdout
    assert stage.git("branch", "--list", "delegate/q1"), "nobody said yes"
    work = stage.places.worktrees / "q1"
    assert work.exists()
    assert ran(stage, "--yes").returncode == 0
    assert not work.exists()
    assert stage.git("branch", "--list", "delegate/q1") == ""
    assert stage.sessions() == []
    assert (stage.places.turn("q1", 1) / "pane.log").exists(), "the record stays"
    assert ran(stage, "--yes").stdout == "delegates left nothing behind\n"
    assert stage.git("fsck", "--no-progress", "--no-dangling") == ""


def test_a_rejected_result_stays_and_says_why(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n")
    stage.script("q1", edit_and_commit("a.txt", "hello\n"))
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU)
    assert told(stage)["q1", "branch"] == (False, "q1 waits for you")
    stage.steer("reject", "q1")
    assert told(stage)["q1", "branch"] == (False, "not merged")
    assert told(stage)["q1", "worktree"] == (False, "not merged")
    assert ran(stage, "--yes").returncode == 0
    assert (stage.places.worktrees / "q1").exists()
    assert stage.git("branch", "--list", "delegate/q1")


def test_a_file_that_somebody_left_in_a_merged_worktree_keeps_it(stage: Stage):
    merged(stage)
    (stage.places.worktrees / "q1" / "note.txt").write_text("mine")
    safe, why = told(stage)["q1", "worktree"]
    assert not safe
    assert "note.txt" in why
    ran(stage, "--yes")
    assert (stage.places.worktrees / "q1" / "note.txt").read_text() == "mine"


def test_somebody_who_stands_in_a_worktree_keeps_it(stage: Stage):
    merged(stage)
    with subprocess.Popen(["sleep", "60"], cwd=stage.places.worktrees / "q1") as guest:
        until("the guest", lambda: f"process {guest.pid}" in told(stage)["q1", "worktree"][1])
        guest.kill()


def test_what_was_reset_away_in_a_worktree_is_kept(stage: Stage):
    merged(stage)
    work = stage.places.worktrees / "q1"
    stage.git("commit", "-q", "--allow-empty", "-m", "An idea, given up", cwd=work)
    idea = stage.git("rev-parse", "HEAD", cwd=work)
    stage.git("reset", "-q", "--hard", "HEAD~1", cwd=work)
    assert ran(stage, "--yes").returncode == 0
    assert stage.git("rev-list", KEPT).split().count(idea) == 1


def test_a_commit_that_comes_between_the_look_and_the_yes_keeps_all(stage: Stage):
    merged(stage)
    seen = [one for left in there(stage.places) for one in judge(left) if one.kind != "session"]
    assert all(one.safe for one in seen)
    work = stage.places.worktrees / "q1"
    stage.git("commit", "-q", "--allow-empty", "-m", "One more", cwd=work)
    for one in seen:
        with pytest.raises(CockpitError, match="not merged"):
            take(stage.places, one)
    assert work.exists()


def test_a_delegate_may_not_tidy(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    stage.spec("")
    monkeypatch.setenv("COCKPIT_ITEM", "q1")
    assert "may not tidy" in ran(stage).stderr


@pytest.mark.parametrize(
    ("change", "safe", "why"),
    [
        ({}, {"session", "worktree", "branch"}, ""),
        ({"live": True}, set[str](), "a delegate is at work"),
        ({"state": "is open"}, set[str](), "q1 is open"),
        ({"reached": ""}, set[str](), "not merged"),
        ({"work": "a.txt is in no commit"}, {"session"}, "a.txt is in no commit"),
        ({"inside": "process 7 (vim) works in it"}, {"session"}, "process 7 (vim) works in it"),
        ({"elsewhere": "/home/me/q1"}, {"session", "worktree"}, "checked out in /home/me/q1"),
    ],
)
def test_each_reason_to_stay_is_told(change: dict[str, Any], safe: set[str], why: str):
    verdicts = judge(replace(MERGED, **change))
    assert {one.kind for one in verdicts if one.safe} == safe
    assert {one.why for one in verdicts if not one.safe} == ({why} if why else set[str]())
