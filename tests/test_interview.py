"""`cockpit scope ITEM --ask`: the interview at the scope gate, one question each, one commit (R240, R241)."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

import pytest

from cockpit.paths import Places
from cockpit.spec import Item, parse
from tests.stage import Stage

QUEUE = "- [?] Write a ^q1\n  - scope: brief of 9 words for rehearsal\n- [ ] Write b ^q2\n  - ticket: PER-9\n"


@pytest.fixture
def stage(places: Places) -> Stage:
    made = Stage(places)
    folder = made.root / "openspec/changes/add-x"
    folder.mkdir(parents=True)
    (folder / "tasks.md").write_text("- [ ] 1.1 Write a\n")
    made.spec(QUEUE, loop="hold", mode="copilot", gates="[scope, verdict]")
    return made


def interview(stage: Stage, *answers: str, id: str = "q1") -> str:
    """What a terminal shows when these lines are typed."""
    ours, theirs = pty.openpty()
    os.write(ours, "".join(f"{answer}\n" for answer in answers).encode() + b"\x04")
    command = [sys.executable, "-m", "cockpit", "-C", str(stage.root), "scope", id, "--ask"]
    with subprocess.Popen(command, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as run:
        shown, _ = run.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)
    return shown.decode()


def item(stage: Stage, id: str = "q1") -> Item:
    found = parse(stage.places.spec.read_bytes()).item(id)
    assert found is not None
    return found


def test_each_is_asked_with_what_is_known_here_and_all_is_one_commit(stage: Stage):
    before = stage.git("rev-list", "--count", "HEAD")
    shown = interview(stage, "PER-12", "1", "rehearsal", "")
    assert f"repository {stage.root}, results go to " in shown
    assert "Which ticket? (not said; enter leaves it)\n  1 PER-9\nticket: " in shown
    assert "Which OpenSpec change does it go by? (not said; enter leaves it)\n  1 add-x\nopenspec: " in shown
    assert "With which model? (rehearsal's own default; enter leaves it)\nmodel: " in shown
    assert "q1 · ticket: PER-12; openspec: add-x; agent: rehearsal\n" in shown
    assert shown.endswith("its brief is made again, and waits for your word\n")
    found = item(stage)
    assert [found.value(key) for key in ("ticket", "openspec", "agent", "model")] == [
        "PER-12",
        "add-x",
        "rehearsal",
        "",
    ]
    assert int(stage.git("rev-list", "--count", "HEAD")) == int(before) + 1
    message = stage.git("log", "-1", "--format=%B")
    assert "Cockpit-Verb: give" in message
    assert "Cockpit-Reason: ticket: PER-12; openspec: add-x; agent: rehearsal" in message


def test_what_makes_no_sense_is_asked_again(stage: Stage):
    shown = interview(stage, "", "../../etc", "add-x", "nobody-has-this", "", "")
    assert item(stage).value("openspec") == "add-x"
    assert "nobody-has-this" in shown
    assert item(stage).value("agent") == ""


def test_enter_leaves_everything_as_it_is(stage: Stage):
    before = stage.places.spec.read_bytes()
    assert interview(stage, "", "", "", "").endswith("nothing was changed\n")
    assert interview(stage, "PER-1").endswith("nothing was changed\n"), "the end of the input is no yes"
    assert stage.places.spec.read_bytes() == before


def test_in_auto_mode_nothing_is_asked(stage: Stage):
    stage.steer("set", key="mode", value="auto")
    stage.steer("set", key="gates", value="none")
    assert (
        interview(stage, "PER-1")
        == "q1 has no scope gate: its scope is read from what stands there, nothing is asked\n"
    )


def test_without_a_terminal_it_says_the_command_that_does_it(stage: Stage):
    command = [sys.executable, "-m", "cockpit", "-C", str(stage.root), "scope", "q1", "--ask"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "cockpit give q1 ticket|openspec|agent|model VALUE" in done.stderr


def test_a_delegate_is_not_asked(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COCKPIT_ITEM", "q1")
    assert "the human's to say" in interview(stage, "PER-1")
    assert item(stage).value("ticket") == ""
