"""Results go into a feature branch off the trunk, and only the human brings that into the trunk (R242, R267, R279)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cockpit.paths import Places
from cockpit.spec import Mark, parse
from tests.stage import Stage, edit_and_commit, until


@pytest.fixture
def stage(places: Places) -> Iterator[Stage]:
    made = Stage(places)
    yield made
    made.kill()


FEATURE = "feat/make-it-work"


def checkout(stage: Stage) -> tuple[str, ...]:
    """What must not change by a merge into a branch that the human does not have checked out."""
    files = sorted(path for path in stage.root.iterdir() if path.is_file() and path.name != "SPEC.md")
    return (
        stage.git("symbolic-ref", "HEAD"),
        stage.git("status", "--porcelain"),
        stage.git("diff", "--cached"),
        stage.git("stash", "list"),
        *(f"{path.name}: {path.read_text()}" for path in files),
    )


def feature(stage: Stage) -> str:
    return parse(stage.places.spec.read_bytes()).controls.feature


def test_results_go_into_a_feature_branch_and_the_humans_checkout_stays_as_it_is(stage: Stage):
    (stage.root / "own.txt").write_text("committed\n")
    stage.git("add", "own.txt")
    stage.git("commit", "-qm", "Own")
    stage.spec("- [ ] Write a ^q1\n- [ ] Write b ^q2\n  - after: q1\n", exit="feature")
    (stage.root / "own.txt").write_text("dirty\n")
    (stage.root / "a.txt").write_text("the human's own, in no commit\n")
    (stage.root / "staged.txt").write_text("staged\n")
    stage.git("add", "staged.txt")
    before = checkout(stage)
    stage.script("q1", edit_and_commit("a.txt", "hello\n"))
    stage.script("q2", [{"replace": "a.txt", "old": "hello", "new": "hello"}, *edit_and_commit("b.txt", "hello\n")])
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU)
    assert feature(stage) == FEATURE
    assert until("the header", lambda: stage.snapshot().target) == FEATURE
    assert stage.snapshot().branch == "main"
    stage.steer("accept", "q1")
    done = stage.await_mark("q1", Mark.DONE)
    stage.await_mark("q2", Mark.NEEDS_YOU)
    stage.steer("accept", "q2")
    stage.await_mark("q2", Mark.DONE)
    stage.stop()
    merges = stage.git("rev-list", "--merges", FEATURE).split()
    assert len(merges) == 2, "each is merged with a commit of its own"
    assert merges[1].startswith(done.value("merged"))
    assert stage.git("rev-list", "--merges", "main") == "", "nothing reaches the trunk by itself"
    assert stage.git("ls-tree", "--name-only", FEATURE, "a.txt", "b.txt").split() == ["a.txt", "b.txt"]
    assert stage.git("show", "main:SPEC.md").count("merged:") == 2, "steering stays where the spec is"
    assert checkout(stage) == before
    assert stage.events("branch") == [FEATURE]


def test_on_a_branch_of_ones_own_results_go_into_it(stage: Stage):
    stage.git("switch", "-qc", "work")
    stage.spec("- [ ] Write a ^q1\n", exit="feature")
    stage.script("q1", edit_and_commit("a.txt", "hello\n"))
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU)
    stage.steer("accept", "q1")
    stage.await_mark("q1", Mark.DONE)
    assert (stage.root / "a.txt").read_text() == "hello\n"
    assert feature(stage) == ""
    assert stage.git("branch", "--list", "feat/*") == ""


def test_a_branch_that_the_human_named_is_used_as_it_is(stage: Stage):
    stage.git("branch", "mine")
    stage.spec("- [ ] Write a ^q1\n", exit="feature\n  feature: mine")
    stage.script("q1", edit_and_commit("a.txt", "hello\n"))
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU)
    stage.steer("accept", "q1")
    stage.await_mark("q1", Mark.DONE)
    assert stage.git("rev-list", "--merges", "--count", "mine") == "1"
    assert stage.events("branch") == []


def test_a_feature_branch_that_is_gone_stops_the_loop_with_the_way_to_bring_it_back(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n- [ ] Write b ^q2\n  - after: q1\n", exit="feature")
    stage.script("q1", edit_and_commit("a.txt", "hello\n"))
    stage.script("q2", edit_and_commit("b.txt", "hello\n"))
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU)
    stage.steer("loop hold")
    stage.steer("accept", "q1")
    stage.await_mark("q1", Mark.DONE)
    had = stage.git("rev-parse", FEATURE)
    stage.git("update-ref", "-d", f"refs/heads/{FEATURE}")
    stage.steer("loop on")
    words = until("the fence", lambda: stage.snapshot().why if stage.snapshot().fence == "invariant" else "")
    assert words == f"{FEATURE} is gone and had q1: git branch {FEATURE} {had[:12]} restores it"
    assert stage.item("q2").mark is Mark.OPEN
    stage.git("branch", FEATURE, had[:12])
    stage.await_mark("q2", Mark.NEEDS_YOU)
    stage.steer("accept", "q2")
    stage.await_mark("q2", Mark.DONE)
    assert stage.git("rev-list", "--merges", "--count", FEATURE) == "2"


@pytest.mark.parametrize("name", ["master", "-x", "a..b"])
def test_a_feature_that_cannot_be_one_dispatches_nothing(stage: Stage, name: str):
    stage.spec("- [ ] Write a ^q1\n", exit=f"feature\n  feature: {name}")
    stage.start()
    until("the fence", lambda: stage.snapshot().fence == "invariant")
    assert stage.item("q1").mark is Mark.OPEN
    assert "feature" in stage.snapshot().why


def test_the_name_counts_on_where_it_is_taken(stage: Stage):
    stage.git("branch", FEATURE)
    stage.spec("- [ ] Write a ^q1\n", exit="feature")
    stage.script("q1", edit_and_commit("a.txt", "hello\n"))
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU)
    assert feature(stage) == f"{FEATURE}-2"
