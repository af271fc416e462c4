"""Workflows nest code-led and agent-led steps, either with human checkpoints (R176); that of docs/loop.md runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cockpit import facts
from cockpit.paths import Places
from cockpit.spec import Mark
from tests.stage import Stage, edit_and_commit, until

PAGE = Path(__file__).parent.parent / "docs" / "loop.md"
MAKE = """\
format:
\tsed -i 's/[ ]*$$//' app.txt
notes:
\tgit log --format=%s -3 > NOTES.txt
check:
\tgrep -q greets app.txt
"""


@pytest.fixture
def stage(places: Places) -> Iterator[Stage]:
    made = Stage(places)
    (made.root / "Makefile").write_text(MAKE)
    (made.root / "app.txt").write_text("hello  \n")
    made.git("add", "-A")
    made.git("commit", "-qm", "Begin")
    yield made
    made.kill()


def example() -> str:
    """The queue of the page, with the scripted agent in claude's place."""
    found = re.search(r"## Workflows\n.*?```markdown\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert found is not None
    return found[1].replace("agent: claude", "agent: rehearsal")


def accepted(stage: Stage, id: str) -> None:
    stage.await_mark(id, Mark.NEEDS_YOU, review="")
    until(f"the review of {id}", lambda: stage.item(id).value("review"))
    stage.steer("accept", id)
    stage.await_mark(id, Mark.DONE)


def test_the_page_s_workflow_runs_code_and_agents_in_turn_and_stops_where_it_says(stage: Stage):
    stage.spec(example(), exit="feature", wip=2)
    stage.script("q3", edit_and_commit("app.txt", "hello\nit greets\n", "Greet"))
    stage.start()
    stage.await_mark("q3", Mark.NEEDS_YOU, scope="brief of ")
    assert stage.item("q2").mark is Mark.DONE, "code-led, and nobody was asked"
    assert stage.git("show", "feat/make-it-work:app.txt") == "hello"
    assert stage.item("q4").mark is Mark.OPEN, "behind the checkpoint nothing runs"
    stage.steer("accept", "q3")
    accepted(stage, "q3")
    accepted(stage, "q4")
    assert "Greet" in stage.git("show", "feat/make-it-work:NOTES.txt"), "code saw what the agent did"
    checked = stage.await_mark("q5", Mark.DONE)
    assert not checked.value("merged")
    assert checked.value("proof").startswith("6 pass, ")
    stage.await_mark("q1", Mark.DONE)
    stage.await_mark("q6", Mark.NEEDS_YOU, scope="brief of ")
    agents = {turn.item: turn.dispatch.agent.split()[0] for turn in facts.turns(stage.places.delegates)}
    assert agents == {"q2": "shell", "q3": "rehearsal", "q4": "shell", "q5": "shell"}


def test_code_that_fails_holds_the_steps_behind_it(stage: Stage):
    stage.spec(example(), exit="feature", wip=2)
    stage.script("q3", edit_and_commit("app.txt", "hello!\n", "Forget to greet"))
    stage.start()
    stage.await_mark("q3", Mark.NEEDS_YOU, scope="brief of ")
    stage.steer("accept", "q3")
    accepted(stage, "q3")
    accepted(stage, "q4")
    stage.await_mark("q5", Mark.BLOCKED, why="failed: exit status 2")
    stage.await_mark("q1", Mark.BLOCKED, why="phase q5: ")
    assert stage.item("q6").mark is Mark.OPEN
    stage.steer("strike", "q5")
    stage.await_mark("q1", Mark.DONE)
    stage.await_mark("q6", Mark.NEEDS_YOU, scope="brief of ")
