"""Worktrees: added one at a time, made again when removed by hand, never deleted with work in them."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import git, worktrees


@pytest.fixture
def folder(places: Places) -> Path:
    return places.worktrees / "q1"


def test_a_worktree_is_made_on_its_own_branch_and_making_it_again_changes_nothing(places: Places, folder: Path):
    base = git.tip(places, "HEAD") or ""
    worktrees.add(places, folder, "delegate/q1", base)
    (folder / "README.md").write_text("half done")
    worktrees.add(places, folder, "delegate/q1", base)
    assert (folder / "README.md").read_text() == "half done"
    assert git.target(places) == "refs/heads/main"
    assert git.tip(places, "refs/heads/delegate/q1") == base


def test_a_folder_removed_by_hand_is_made_again_on_its_branch(places: Places, folder: Path):
    worktrees.add(places, folder, "delegate/q1", "main")
    (folder / "work.txt").write_text("work")
    head = worktrees.harvest(places, folder, "Work", by="delegate/q1")
    shutil.rmtree(folder)
    worktrees.add(places, folder, "delegate/q1", "main")
    assert git.run(folder, "rev-parse", "HEAD").decode().strip() == head
    assert (folder / "work.txt").read_text() == "work"


def test_twelve_at_once_all_succeed(places: Places):
    def one(number: int) -> None:
        worktrees.add(places, places.worktrees / f"n{number}", f"delegate/n{number}", "main")

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(one, range(12)))
    assert sum(tree.ref.startswith("refs/heads/delegate/") for tree in worktrees.registered(places).values()) == 12


@pytest.mark.parametrize("name", ["-D", "a..b", "--force", "x\ny", "", "a b", "@{-1}", "refs/../x"])
def test_a_hostile_name_of_a_branch_is_refused(places: Places, folder: Path, name: str):
    with pytest.raises(CockpitError, match="cannot be the name of a branch"):
        worktrees.add(places, folder, name, "main")


def test_a_name_that_a_shell_would_run_is_only_a_name(places: Places, folder: Path, tmp_path: Path):
    worktrees.add(places, folder, "$(touch${IFS}gone)#(x)", "main")
    assert git.target(places) == "refs/heads/main"
    assert worktrees.registered(places)[folder].ref == "refs/heads/$(touch${IFS}gone)#(x)"


def test_a_folder_that_holds_something_else_stays(places: Places, folder: Path):
    folder.mkdir(parents=True)
    (folder / "notes").write_text("mine")
    with pytest.raises(CockpitError, match="holds something else"):
        worktrees.add(places, folder, "delegate/q1", "main")
    assert (folder / "notes").read_text() == "mine"


def test_a_branch_that_is_checked_out_elsewhere_is_refused(places: Places, folder: Path):
    with pytest.raises(CockpitError, match="checked out already"):
        worktrees.add(places, folder, "main", "main")


def test_harvest_commits_what_was_left_without_hooks_and_without_the_desk(places: Places, folder: Path):
    worktrees.add(places, folder, "delegate/q1", "main")
    hook = places.common_dir / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    (folder / ".cockpit").mkdir()
    (folder / ".cockpit" / "answer.json").write_text("{}")
    (folder / "-rf").write_text("odd name")
    (folder / "README.md").unlink()
    head = worktrees.harvest(places, folder, "Left over", by="delegate/q1\nCockpit-By: human")
    assert head == git.tip(places, "refs/heads/delegate/q1")
    files = git.run(folder, "ls-tree", "-r", "--name-only", "HEAD").decode().split("\n")
    assert files == ["-rf", ""]
    body = git.run(folder, "log", "-1", "--format=%an|%(trailers:key=Cockpit-By,valueonly)", "HEAD").decode()
    assert body.strip() == "Ada|delegate/q1 Cockpit-By: human"
    assert worktrees.harvest(places, folder, "Again", by="delegate/q1") is None


def test_harvest_never_touches_the_human_s_own_checkout(places: Places):
    (places.root / "mine").write_text("mine")
    assert worktrees.harvest(places, places.root, "x", by="delegate/q1") is None
    assert worktrees.harvest(places, places.worktrees / "gone", "x", by="delegate/q1") is None


def test_harvest_says_so_when_a_commit_would_be_on_no_branch(places: Places, folder: Path):
    worktrees.add(places, folder, "delegate/q1", "main")
    git.run(folder, "checkout", "-q", "--detach")
    assert worktrees.harvest(places, folder, "x", by="delegate/q1") is None
    (folder / "work").write_text("work")
    with pytest.raises(CockpitError, match="detached HEAD"):
        worktrees.harvest(places, folder, "x", by="delegate/q1")
    assert (folder / "work").read_text() == "work"


def test_a_worktree_with_work_is_not_removed(places: Places, folder: Path):
    worktrees.add(places, folder, "delegate/q1", "main")
    (folder / "work").write_text("work")
    with pytest.raises(CockpitError, match="in no commit"):
        worktrees.remove(places, folder)
    worktrees.harvest(places, folder, "Work", by="delegate/q1")
    git.run(folder, "checkout", "-q", "--detach")
    git.run(folder, "commit", "-q", "--allow-empty", "-m", "On no branch")
    with pytest.raises(CockpitError, match="on no branch"):
        worktrees.remove(places, folder)
    git.run(folder, "branch", "kept")
    worktrees.remove(places, folder)
    assert not folder.exists()
    assert git.tip(places, "refs/heads/delegate/q1")


def test_a_scratch_is_thrown_away_whatever_it_holds(places: Places, folder: Path):
    worktrees.detached(places, folder, "main")
    (folder / "debris").write_text("x")
    worktrees.remove(places, folder)
    assert not folder.exists()
    worktrees.detached(places, folder, "main")
    shutil.rmtree(folder)
    worktrees.remove(places, folder)
    assert folder not in worktrees.registered(places)


def test_nothing_outside_our_folder_is_removed(places: Places, tmp_path: Path):
    git.run(places, "worktree", "add", "-q", str(tmp_path / "theirs"))
    with pytest.raises(CockpitError, match="not a worktree of ours"):
        worktrees.remove(places, tmp_path / "theirs")
    assert (tmp_path / "theirs").exists()
