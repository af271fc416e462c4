"""A red base stops the loop, costs nothing in the usual case, and is nobody's round (R35, R67, R108, R117)."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest

from cockpit.paths import Places
from cockpit.spec import Mark
from tests.stage import Stage, edit_and_commit, until


@pytest.fixture
def stage(places: Places) -> Iterator[Stage]:
    made = Stage(places)
    (made.root / "state.txt").write_text("fine\n")
    made.git("add", "state.txt")
    made.git("commit", "-qm", "Begin fine")
    yield made
    made.stop()
    subprocess.run(["tmux", "-L", places.tmux, "kill-server"], capture_output=True, check=False)


def verify(stage: Stage) -> str:
    return f"echo ran >> {stage.root.parent}/runs; grep -q fine state.txt"


def runs(stage: Stage) -> int:
    path = stage.root.parent / "runs"
    return len(path.read_text().splitlines()) if path.exists() else 0


def break_it(stage: Stage, words: str = "broken\n", message: str = "Break the check") -> str:
    (stage.root / "state.txt").write_text(words)
    commit = f"git add state.txt && git commit -qm '{message}'"  # again when the engine's commit came between
    until("the commit", lambda: subprocess.run(commit, shell=True, cwd=stage.root, check=False).returncode == 0)
    return stage.git("log", "-1", "--format=%h", "--", "state.txt")


def fence(stage: Stage, name: str) -> str:
    return until(f"fence {name}", lambda: (seen := stage.snapshot()).fence == name and seen.why)


def test_nothing_is_dispatched_on_a_red_base_and_the_words_say_since_when_and_how_to_go_on(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n", verify=verify(stage), base=True)
    short = break_it(stage)
    stage.start()
    words = fence(stage, "red")
    assert f"is red on main since {short} (Break the check): exit 1" in words
    assert "n lets the head do it" in words
    assert stage.item("q1").mark is Mark.OPEN
    assert runs(stage) == 2, "a red one runs a second time before it stops anything"
    stage.steer("add", text="More work")
    until("the item", lambda: "More work" in stage.git("show", "HEAD:SPEC.md"))
    assert fence(stage, "red") == words
    assert runs(stage) == 2, "steering commits change nothing that a check sees"


def test_the_head_mends_the_base_in_a_step_and_the_loop_goes_on(stage: Stage):
    stage.spec("- [ ] Mend ^q1\n- [ ] Write a ^q2\n", verify=verify(stage), base=True)
    break_it(stage)
    stage.script("q1", edit_and_commit("state.txt", "fine again\n"))
    stage.script("q2", edit_and_commit("a.txt", "a\n"))
    stage.start()
    fence(stage, "red")
    stage.steer("loop step")
    stage.await_mark("q1", Mark.NEEDS_YOU, review="")
    until("the review", lambda: stage.item("q1").value("review"))
    stage.steer("accept", "q1")
    stage.await_mark("q1", Mark.DONE)
    before = runs(stage)
    stage.steer("loop on")
    stage.await_mark("q2", Mark.NEEDS_YOU)
    assert runs(stage) == before + 1, "only the review of q2: what the merge gave was proved by the review of q1"


def test_in_the_usual_case_nothing_runs_twice(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n- [ ] Write b ^q2\n", verify=verify(stage), base=True, mode="auto")
    stage.script("q1", edit_and_commit("a.txt", "a\n"))
    stage.script("q2", edit_and_commit("b.txt", "b\n"))
    stage.start()
    stage.await_mark("q1", Mark.DONE)
    stage.await_mark("q2", Mark.DONE)
    assert runs(stage) == 3, "once on the base, once for each review"


def test_a_round_that_is_red_because_the_base_is_does_not_count_and_waits(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n- [ ] Write b ^q2\n", verify=verify(stage), base=True, mode="auto")
    go = stage.root.parent / "go"
    stage.script("q1", [{"wait": str(go)}, *edit_and_commit("a.txt", "a\n")])
    stage.start()
    stage.await_mark("q1", Mark.RUNNING)
    short = break_it(stage)
    go.touch()
    item = stage.await_mark("q1", Mark.NEEDS_YOU, why="red on the base too")
    assert "red on the base too; iterate" in item.value("review")
    review = stage.turn("q1").review
    assert review is not None
    assert review.checks[1].evidence.startswith(f"red on the base too, since {short} (Break the check): `")
    fence(stage, "red")
    assert stage.item("q2").mark is Mark.OPEN
    break_it(stage, "fine\n", "Mend it")
    stage.script("q2", edit_and_commit("b.txt", "b\n"))
    stage.await_mark("q1", Mark.DONE)
    stage.await_mark("q2", Mark.DONE)
    assert stage.turn("q1").number == 1


def test_a_ticked_criterion_that_is_red_is_no_regression_of_the_branch(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n\n## Acceptance\n- [x] stays fine ^a1\n  - verify: grep -q fine state.txt\n")
    stage.script("q1", edit_and_commit("a.txt", "a\n"))
    break_it(stage)
    stage.start()
    assert "`grep -q fine state.txt` is red on main" in fence(stage, "red")
    stage.steer("loop step")
    until("the review", lambda: stage.item("q1").value("review"))
    review = stage.turn("q1").review
    assert review is not None
    assert review.checks[0].evidence.startswith("red on the base too, since ")
    assert "regression" not in review.checks[0].evidence


def test_set_on_again_it_runs_again(stage: Stage):
    flag = stage.root.parent / "service"
    stage.spec("- [ ] Write a ^q1\n", verify=f"test -e {flag}", base=True)
    stage.script("q1", edit_and_commit("a.txt", "a\n"))
    stage.start()
    fence(stage, "red")
    flag.touch()
    stage.steer("loop hold")
    fence(stage, "hold")
    stage.steer("loop on")
    stage.await_mark("q1", Mark.NEEDS_YOU)


def test_what_cannot_be_judged_stops_nothing_and_says_so(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n", verify="no-such-command-here", base=True)
    stage.start()
    stage.await_mark("q1", Mark.RUNNING)
    notes = until("the note", stage.notes)
    assert any("`no-such-command-here` on main is unknown: exit 127" in note for note in notes)


def test_a_young_repository_without_a_test_is_no_red_one(stage: Stage):
    (stage.root / "pytest").write_text("#!/bin/sh\necho no tests ran in 0.01s\nexit 5\n")
    (stage.root / "pytest").chmod(0o755)
    stage.git("add", "pytest")
    stage.git("commit", "-qm", "Add a pytest that finds no tests")
    stage.spec("- [ ] Write a ^q1\n", verify="./pytest -q", base=True)
    stage.start()
    stage.await_mark("q1", Mark.RUNNING)
    notes = until("the note", stage.notes)
    assert any("`./pytest -q` on main is unknown: there are no tests yet" in note for note in notes)


def test_it_can_be_switched_off(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n", verify="false", base=False)
    stage.script("q1", edit_and_commit("a.txt", "a\n"))
    stage.start()
    item = stage.await_mark("q1", Mark.NEEDS_YOU)
    assert "red on the base" not in item.value("review")
