"""The loop on a session document of agent-doc: from a queue head to a struck one, with a real engine."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.widgets import Input

from cockpit.app import CockpitApp
from cockpit.paths import places
from cockpit.spec import Mark, parse
from tests.screens.test_main import shown
from tests.screens.test_steering import until as shown_in
from tests.stage import Stage, edit_and_commit, until

CAPTURED = Path(__file__).parent / "spec" / "agentdoc" / "inactive.md"
CONTROLS = b"""cockpit:
  loop: on
  exit: direct
  gates: [verdict]
  agent: rehearsal
  verify: test -s a.txt
  checks: {off: [base]}
  timeout: 1
"""


@pytest.fixture
def stage(repo: Path) -> Iterator[Stage]:
    (repo / "tasks.md").write_bytes(CAPTURED.read_bytes().replace(b"cockpit:\n  loop: hold\n", CONTROLS))
    found = places("tasks.md", cwd=repo)
    found.make()
    made = Stage(found)
    made.git("add", "tasks.md")
    made.git("commit", "-qm", "A session")
    yield made
    made.stop()


def test_a_head_of_the_queue_goes_through_to_struck_and_ticked(stage: Stage):
    before = stage.places.spec.read_text().split("\n")
    stage.script("a3f2", edit_and_commit("a.txt", "hello\n"))
    stage.start("-m", "cockpit", "-C", str(stage.root), "--spec", "tasks.md", "run")
    item = stage.await_mark("a3f2", Mark.NEEDS_YOU)
    assert item.text == "Recycle the supervisor at the next idle point"
    assert "- ⏳ do [#a3f2]" in stage.places.spec.read_text()
    brief = (stage.turn("a3f2").folder / "brief.md").read_text()
    assert "Recycle the supervisor at the next idle point" in brief
    stage.steer("accept", "a3f2")
    item = stage.await_mark("a3f2", Mark.DONE)
    assert (stage.root / "a.txt").read_text() == "hello\n"
    stage.steer("loop hold")
    until("the next turn's end", lambda: parse(stage.places.spec.read_bytes()).controls.loop == "hold")
    after = stage.places.spec.read_text().split("\n")
    assert {"- ~~do [#a3f2]~~", "- [x] [#a3f2] Recycle the supervisor at the next idle point"} <= set(after)
    assert f"  * merged: {item.value('merged')}" in after
    gone = [line for line in before if line not in after]
    assert {"- do [#a3f2]", "- [ ] [#a3f2] Recycle the supervisor at the next idle point"} <= set(gone)
    assert all("a3f2" in line or "e002" in line or line == "  loop: on" for line in gone)


def test_the_shell_says_how_it_stands(stage: Stage):
    command = [sys.executable, "-m", "cockpit", "-C", str(stage.root), "--spec", "tasks.md", "status"]
    words = subprocess.run(command, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL).stdout
    assert "Recycle the supervisor at the next idle point" in words
    assert "Write the parser test [recommended]" in words


async def test_the_screen_shows_the_file_as_it_is_and_its_works_in_the_queue(stage: Stage):
    app = CockpitApp(stage.places, connect=False)
    async with app.run_test(size=(160, 60)) as pilot:
        await shown_in(pilot, lambda: "agent:queue" in shown(app))
        words = shown(app)
        assert "- do [#a3f2]" in words, "the spec pane"
        assert [entry.id for entry in app.view.document.queue][:2] == ["a3f2", "c0de"]
        assert words.count("Recycle the super") >= 2, "the backlog's line, the queue's row"
        await pilot.press("3", "minus")  # on the item that needs the human
        await shown_in(pilot, lambda: isinstance(app.focused, Input))  # it asks for a reason
        await pilot.press("enter")
        await shown_in(pilot, lambda: "- ~~do [#c0de] — struck~~" in stage.places.spec.read_text())
