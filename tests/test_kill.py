"""Kill the engine (SIGKILL) at each step and start it again: nothing is dispatched or merged twice (law 3)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cockpit.paths import Places
from cockpit.spec import Mark
from tests.stage import Stage, edit_and_commit, until

EDGES = 48
"""More edges than the path from the queue to the merge has; the last ones are never reached, which is asserted."""


@pytest.fixture
def stage(places: Places) -> Iterator[Stage]:
    made = Stage(places)
    yield made
    made.kill()


@pytest.mark.parametrize("edge", range(1, EDGES))
def test_a_kill_at_any_edge_changes_nothing_in_the_end(stage: Stage, edge: int):
    stage.spec("- [ ] Write a ^q1\n  - paths: a.txt\n", mode="auto", verify="grep -q hello a.txt")
    runs = stage.root.parent / "runs"
    stage.script("q1", [{"append": str(runs), "content": "x"}, *edit_and_commit("a.txt", "hello\n")])
    dying = stage.start("-m", "tests.dying_engine", str(stage.root), str(edge))
    until("the kill, or the end", lambda: dying.poll() is not None or stage.item("q1").mark is Mark.DONE)
    if dying.poll() is None:
        stage.stop()
        assert edge > 10, "the engine was never killed: the edges are not counted"
    stage.start()
    item = stage.await_mark("q1", Mark.DONE)
    assert runs.read_text() == "x", "the agent ran twice"
    assert (stage.root / "a.txt").read_text() == "hello\n"
    merges = stage.git("rev-list", "--merges", "main").split()
    assert len(merges) == 1, "merged twice"
    assert merges[0].startswith(item.value("merged"))
    until("the last commit", lambda: stage.git("status", "--porcelain") == "")
    assert stage.events("dispatch") == ["q1"]
    assert stage.events("answer") == ["q1"], "told twice, or never"
    assert stage.places.spec.read_text().count("### q1 turn 1: done") == 1
    stage.stop()
    assert stage.git("fsck", "--no-progress", "--no-dangling") == ""


def test_delegates_go_on_while_the_engine_is_dead(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n")
    gate = stage.root.parent / "gate"
    stage.script("q1", [{"wait": str(gate)}, *edit_and_commit("a.txt", "hello\n")])
    stage.start()
    until("the runner", lambda: (stage.places.turn("q1", 1) / "runner.json").exists())
    stage.kill()
    gate.touch()
    until("the sentinel, without an engine", lambda: stage.turn("q1").sentinel)
    assert stage.item("q1").mark is Mark.RUNNING
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU)


def test_steering_works_while_the_engine_is_dead(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n")
    stage.script("q1", edit_and_commit("a.txt", "hello\n"))
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU)
    stage.kill()
    stage.steer("accept", "q1")
    assert stage.item("q1").mark is Mark.NEEDS_YOU
    stage.start()
    stage.await_mark("q1", Mark.DONE)
