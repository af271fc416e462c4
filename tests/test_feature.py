"""Results go into a feature branch off the trunk, and only the human brings that into the trunk (R242, R267, R279)."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from cockpit import facts, persist
from cockpit.errors import Refused
from cockpit.paths import Places
from cockpit.persist import exits
from cockpit.spec import Mark, parse, template
from tests.stage import Stage, edges, edit_and_commit, until


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


def test_a_goal_that_nobody_wrote_names_no_branch(places: Places):
    document = parse(template())
    assert exits.name_for(places, document, ()) == "feat/spec"


def merged(stage: Stage, *ids: str) -> None:
    """A spec with these items, all of them merged into the feature branch."""
    stage.spec("".join(f"- [ ] Write {id} ^{id}\n" for id in ids), exit="feature")
    for id in ids:
        stage.script(id, edit_and_commit(f"{id}.txt", "hello\n"))
    stage.start()
    for id in ids:
        stage.await_mark(id, Mark.NEEDS_YOU)
        stage.steer("accept", id)
        stage.await_mark(id, Mark.DONE)


def landable(stage: Stage) -> str:
    """What the signal of the whole says."""
    return until(
        "the signal", lambda: next((s.what for s in stage.snapshot().signals if s.key.startswith("land/")), "")
    )


def landed(stage: Stage) -> str:
    """The merge commit on main."""
    until("the landing", lambda: not feature(stage) and stage.events("landed"))
    (commit,) = stage.git("rev-list", "--merges", "--first-parent", "main").split()
    return commit


def said(stage: Stage) -> str:
    return parse(stage.places.spec.read_bytes()).controls.land


def test_the_whole_is_reviewed_and_landed_when_the_human_says_so(stage: Stage):
    (stage.root / "own.txt").write_text("the human's, in no commit\n")
    merged(stage, "q1", "q2")
    assert landable(stage) == f"{FEATURE}: 2 items merged, 8 pass: land it"
    assert "q1.txt" not in stage.git("ls-tree", "--name-only", "main")
    assert str(stage.steer("land")).startswith(f"{FEATURE} lands")
    commit = landed(stage)
    assert (stage.root / "q1.txt").read_text() == "hello\n"
    assert (stage.root / "own.txt").read_text() == "the human's, in no commit\n"
    until("a clean checkout", lambda: stage.git("status", "--porcelain") == "?? own.txt")
    words = stage.git("show", "-s", "--format=%B", commit)
    assert words.startswith(f"Land {FEATURE}: 2 items\n\n- q1 Write q1 (")
    assert "Cockpit-Decided: human <" in words
    assert said(stage) == ""
    assert stage.events("land") == stage.events("landed") == [FEATURE]
    until("no signal", lambda: not [s for s in stage.snapshot().signals if s.key.startswith("land/")])
    stage.stop()
    assert stage.git("fsck", "--no-progress", "--no-dangling") == ""


def test_the_whole_of_one_item_does_not_run_again_what_its_review_ran(stage: Stage):
    ran = stage.root.parent / "ran"
    stage.spec("- [ ] Write a ^q1\n", exit="feature", verify=f"echo x >> {ran}")
    stage.script("q1", edit_and_commit("a.txt", "hello\n"))
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU, review="9 pass")
    before = ran.read_text()
    stage.steer("accept", "q1")
    stage.await_mark("q1", Mark.DONE)
    landable(stage)
    (folder,) = (stage.places.local / "features").iterdir()
    review = facts.read(folder, facts.Review)
    assert review is not None
    assert " green as of " in review.checks[1].evidence
    assert ran.read_text() == before


def test_what_the_items_said_of_tests_and_commands_holds_for_the_whole(stage: Stage):
    (stage.root / "tests").mkdir()
    (stage.root / "tests" / "test_a.py").write_text("def test_a():\n    assert one() == 1\n")
    stage.git("add", "tests")
    stage.git("commit", "-qm", "A test")
    queue = "- [ ] Write a ^q1\n  - paths: a.txt, tests/test_a.py\n  - verify: unit: `grep -q hello a.txt`\n"
    stage.spec(queue, exit="feature\n  protect: [tests/**]", verify="''")
    edits = [{"write": "tests/test_a.py", "content": "def test_a():\n    pass\n"}]
    stage.script("q1", [*edits, *edit_and_commit("a.txt", "hello\n")])
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU, review="9 pass")
    stage.steer("accept", "q1")
    stage.await_mark("q1", Mark.DONE)
    assert " pass: land it" in landable(stage)
    (folder,) = (stage.places.local / "features").iterdir()
    review = facts.read(folder, facts.Review)
    assert review is not None
    assert review.checks[1].evidence.startswith("unit `grep -q hello a.txt` green as of "), "it is in what was reviewed"
    assert "tests/test_a.py" in review.checks[8].evidence
    stage.steer("land")
    landed(stage)


def test_what_is_dispatched_after_a_landing_gets_another_feature_branch(stage: Stage):
    merged(stage, "q1")
    landable(stage)
    stage.steer("land")
    commit = landed(stage)
    stage.script("q2", edit_and_commit("q2.txt", "hello\n"))
    stage.steer("add", text="Write more")
    stage.await_mark("q2", Mark.NEEDS_YOU)
    assert feature(stage) == f"{FEATURE}-2"
    assert stage.git("merge-base", "--is-ancestor", commit, f"{FEATURE}-2") == ""


def test_auto_never_lands_by_itself(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n", exit="feature", mode="auto")
    stage.script("q1", edit_and_commit("q1.txt", "hello\n"))
    stage.start()
    stage.await_mark("q1", Mark.DONE)
    landable(stage)
    assert stage.git("rev-list", "--merges", "main") == ""
    assert not any("mode auto merges straight" in note for note in stage.notes())


def base_moved_under_a_yes(stage: Stage, file: str, content: str) -> None:
    """While no engine runs the human says yes to the whole, and then commits to the base."""
    stage.kill()
    stage.steer("land")
    (stage.root / file).write_text(content)
    stage.git("add", file)
    stage.git("commit", "-qm", "Other")
    stage.start()


def test_a_base_that_moved_is_reviewed_again_before_it_lands(stage: Stage):
    merged(stage, "q1")
    landable(stage)
    base_moved_under_a_yes(stage, "other.txt", "x\n")
    commit = landed(stage)
    assert "other.txt" in stage.git("ls-tree", "--name-only", commit)
    log = (stage.places.local / "engine.log").read_text()
    assert log.count("whole ") == 2


def test_a_base_that_conflicts_is_a_signal_and_takes_the_yes_back(stage: Stage):
    merged(stage, "q1")
    landable(stage)
    base_moved_under_a_yes(stage, "q1.txt", "something else\n")
    until("the yes is taken back", lambda: said(stage) == "")
    until("the words", lambda: "fail" in landable(stage))
    signals = until("the forecast", lambda: [s for s in stage.snapshot().signals if s.key == f"clash/{FEATURE}"])
    assert signals[0].what == f"{FEATURE} conflicts with main: q1.txt"
    with pytest.raises(Refused, match="fails on what main would be"):
        stage.steer("land")
    assert stage.git("rev-list", "--merges", "main") == ""


def test_a_feature_branch_that_was_rewritten_by_hand_is_reviewed_again(stage: Stage):
    merged(stage, "q1")
    landable(stage)
    stage.kill()
    stage.steer("land")
    mine = stage.git("commit-tree", "-m", "Mine", "-p", FEATURE, f"{FEATURE}^{{tree}}")
    stage.git("update-ref", f"refs/heads/{FEATURE}", mine)
    stage.start()
    until("the yes is taken back", lambda: said(stage) == "")
    landable(stage)
    assert stage.git("rev-list", "--merges", "main") == ""


def test_landed_by_hand_is_landed(stage: Stage):
    merged(stage, "q1")
    landable(stage)
    stage.git("merge", "--no-ff", "-qm", "By hand", FEATURE)
    until("the control is gone", lambda: feature(stage) == "")
    assert stage.events("land") == []


def test_with_nothing_to_land_it_is_refused(stage: Stage):
    stage.spec("", exit="direct")
    with pytest.raises(Refused, match="no feature branch"):
        stage.steer("land")


def test_a_result_under_way_keeps_the_whole_from_landing(stage: Stage):
    merged(stage, "q1")
    landable(stage)
    stage.script("q2", edit_and_commit("q2.txt", "hello\n"))
    stage.steer("add", text="Write more")
    stage.await_mark("q2", Mark.NEEDS_YOU)
    with pytest.raises(Refused, match="q2 is still under way"):
        stage.steer("land")


def test_an_accept_that_led_to_a_merge_is_not_undone_but_says_how(stage: Stage):
    merged(stage, "q1")
    accept = next(entry for entry in persist.timeline(stage.places, limit=50) if entry.verb == "accept")
    with pytest.raises(Refused) as refusal:
        stage.steer("undo", accept.commit)
    assert refusal.value.remedy.startswith("git revert -m 1 ")
    assert refusal.value.remedy.endswith(", on the feature branch")


@pytest.mark.parametrize("edge", edges(16, 4))
def test_a_kill_at_any_edge_of_a_landing_changes_nothing_in_the_end(stage: Stage, edge: int):
    merged(stage, "q1")
    landable(stage)
    stage.kill()
    stage.steer("land")
    dying = stage.start("-m", "tests.promises.dying_engine", str(stage.root), str(edge))
    until("the kill, or the end", lambda: dying.poll() is not None or not feature(stage))
    assert dying.poll() in (None, -signal.SIGKILL)
    stage.stop()
    stage.start()
    commit = landed(stage)
    assert (stage.root / "q1.txt").read_text() == "hello\n"
    assert said(stage) == ""
    assert len(stage.events("landed")) == 1, "told twice"
    assert stage.git("rev-parse", f"{commit}^2") == stage.git("rev-parse", FEATURE)
    until("the last commit", lambda: stage.git("status", "--porcelain") == "")
