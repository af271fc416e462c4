"""Kill the engine (SIGKILL) at every step of every path and start it again: nothing is lost or done twice (law 3).

`make test` walks them in strides, the first in small ones; `make test-kill` walks every edge of all of them.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cockpit import facts
from cockpit.paths import Places
from cockpit.spec import Mark, parse
from tests.promises.scenes import SCENES, Belongings, Play, Scene, move_in
from tests.stage import Stage, edges, edit_and_commit, until

STRIDE = 29


class Dying(Stage):
    """A stage whose first engine kills itself at one edge."""

    edge = 0

    def start_dying(self) -> None:
        self.start("-m", "tests.promises.dying_engine", str(self.root), str(self.edge))


@pytest.fixture
def stage(places: Places) -> Iterator[Dying]:
    made = Dying(places)
    yield made
    made.kill()


def walks() -> Iterator[tuple[Scene, int]]:
    for number, scene in enumerate(SCENES):
        stride = 6 if scene is SCENES[0] else STRIDE
        yield from ((scene, edge) for edge in edges(scene.edges - 1, stride, number))


@pytest.mark.parametrize(("scene", "edge"), [pytest.param(*one, id=f"{one[0].name}-{one[1]}") for one in walks()])
def test_a_kill_at_any_edge_changes_nothing_in_the_end(stage: Dying, scene: Scene, edge: int):
    stage.spec("- [ ] Write a ^q1\n", mode=scene.mode, verify=scene.verify)
    mine = move_in(stage.root)
    play = Play(stage)
    stage.edge = edge
    scene.perform(play)
    assert play.runs.read_text() == "x" * scene.runs, "the agent did not run once a turn"
    merges = stage.git("rev-list", "--merges", "main").split()
    assert len(merges) == scene.merges, "merged twice, or never"
    if merges:
        assert merges[0].startswith(stage.item("q1").value("merged"))
        assert (stage.root / "a.txt").read_text() == "hello\n"
    for verb, count in scene.acts:
        play.until(f"{count} times {verb}", lambda verb=verb, count=count: len(stage.events(verb)) >= count)
        assert stage.events(verb) == ["q1"] * count, f"{verb} told twice"
    play.until("the spec's last commit", lambda: stage.git("status", "--porcelain", "--", "SPEC.md") == "")
    stage.stop()
    assert Belongings.of(stage.root) == mine, "the human's own was touched"
    assert stage.git("fsck", "--no-progress", "--no-dangling") == ""


GYM = "## Acceptance\n- [ ] ms ^a1\n  - measure: cat a.txt\n  - target: < 5\n  - drive: 3\n"


@pytest.mark.parametrize("edge", edges(95, STRIDE, 1))
def test_a_goal_that_drives_is_measured_and_driven_once_for_each_change_whenever_the_engine_dies(
    stage: Dying, edge: int
):
    (stage.root / "a.txt").write_text("9\n")
    stage.git("add", "a.txt")
    stage.git("commit", "-qm", "Slow")
    stage.spec(f"\n{GYM}", mode="auto")
    play = Play(stage)
    stage.edge = edge
    stage.script("q1", [play.began, *edit_and_commit("a.txt", "7\n")])
    stage.script("q2", [play.began, *edit_and_commit("a.txt", "3\n")])
    stage.start_dying()
    play.until("the target", lambda: stage.snapshot().fence == "target")
    assert [item.text for item in parse(stage.places.spec.read_bytes()).queue] == [
        "Bring ms from 9 to < 5",
        "Bring ms from 7 to < 5",
    ]
    assert stage.events("add") == ["a1", "a1"]
    assert play.runs.read_text() == "xx"
    record = facts.lines(facts.measurements(stage.places.local, "a1"), facts.Measurement)
    assert [one.value for one in record] == [9.0, 7.0, 3.0]


def test_the_edges_are_counted(stage: Dying):
    """A dying engine that never dies would make every test above green."""
    stage.spec("- [ ] Write a ^q1\n", mode="auto")
    stage.script("q1", edit_and_commit("a.txt", "hello\n"))
    stage.edge = 20
    stage.start_dying()
    assert stage.engine is not None
    until("its death", lambda: stage.engine is not None and stage.engine.poll() is not None)
    assert stage.engine.returncode == -9


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
