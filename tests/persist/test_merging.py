"""A merge moves the branch and the checkout as one and never takes anything of the human's away."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cockpit import persist
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import branches, git, merging, worktrees

Git = Callable[..., str]
MAIN = "refs/heads/main"


@pytest.fixture
def work(places: Places, git: Git) -> Places:
    """Main with some files; `delegate/a` changes README, adds two files, deletes one and links one."""
    persist.exclude(places)
    root = places.root
    for name in ("keep", "gone", "other"):
        (root / name).write_text(f"{name}\n")
    git("add", ".")
    git("commit", "-qm", "Files")
    git("switch", "-qc", "delegate/a")
    (root / "README.md").write_text("changed\n")
    (root / "new").mkdir()
    (root / "new" / "file ü").write_text("new\n")
    (root / "run.sh").write_text("#!/bin/sh\n")
    (root / "run.sh").chmod(0o755)
    (root / "link").symlink_to("keep")
    (root / "gone").unlink()
    git("add", "-A")
    git("commit", "-qm", "Work")
    git("switch", "-q", "main")
    return places


def prepared(places: Places) -> tuple[str, str]:
    old = git.tip(places, MAIN) or ""
    head = git.tip(places, "refs/heads/delegate/a") or ""
    forecast = branches.merge_tree(places, old, head)
    assert forecast.conflicts == ()
    return old, branches.commit_merge(places, forecast.tree, [old, head], "Merge delegate/a")


def leftovers(places: Places) -> list[str]:
    return [name for name in os.listdir(places.git_dir) if "lock" in name or name.startswith("cockpit-")]


def test_a_merge_moves_branch_index_and_files_together(work: Places, git: Git):
    old, commit = prepared(work)
    assert branches.merge(work, MAIN, old, commit).state == "merged"
    assert git("rev-parse", "HEAD") == commit
    assert git("status", "--porcelain") == ""
    assert git("log", "-1", "--format=%s %p").split()[:2] == ["Merge", "delegate/a"]
    assert (work.root / "link").readlink() == Path("keep")
    assert os.access(work.root / "run.sh", os.X_OK)
    assert branches.is_merged(work, "delegate/a", MAIN)
    assert leftovers(work) == []
    assert git("reflog", "-1", "--format=%gs") == "cockpit: merge"


def test_dirty_staged_and_untracked_files_that_are_not_concerned_stay(work: Places, git: Git):
    (work.root / "keep").write_text("dirty\n")
    (work.root / "other").write_text("staged\n")
    git("add", "other")
    (work.root / "mine").write_text("untracked\n")
    before = git("status", "--porcelain")
    assert branches.merge(work, MAIN, *prepared(work)).state == "merged"
    assert git("status", "--porcelain") == before
    assert git("show", ":other") == "staged"


def dirty(root: Path, git: Git) -> None:
    (root / "README.md").write_text("mine\n")


def staged(root: Path, git: Git) -> None:
    dirty(root, git)
    git("add", "README.md")


def staged_only(root: Path, git: Git) -> None:
    staged(root, git)
    (root / "README.md").write_text("# A project\n")


def untracked(root: Path, git: Git) -> None:
    (root / "run.sh").write_text("mine\n")


def ignored(root: Path, git: Git) -> None:
    (root / ".git" / "info" / "exclude").write_text("run.sh\n.cockpit/\n")
    untracked(root, git)


def folder_in_the_way(root: Path, git: Git) -> None:
    (root / "run.sh").mkdir()
    (root / "run.sh" / "mine").write_text("mine\n")


def file_in_the_way(root: Path, git: Git) -> None:
    (root / "new").write_text("mine\n")


def link_in_the_way(root: Path, git: Git) -> None:
    (root / "link").symlink_to("/nowhere")


def edited_where_deleted(root: Path, git: Git) -> None:
    (root / "gone").write_text("mine\n")


@pytest.mark.parametrize(
    ("obstacle", "name"),
    [
        (dirty, "README.md"),
        (staged, "README.md"),
        (staged_only, "README.md"),
        (untracked, "run.sh"),
        (ignored, "run.sh"),
        (folder_in_the_way, "run.sh"),
        (file_in_the_way, "new"),
        (link_in_the_way, "link"),
        (edited_where_deleted, "gone"),
    ],
)
def test_what_would_be_overwritten_is_named_and_nothing_changes(
    work: Places, git: Git, obstacle: Callable[[Path, Git], None], name: str
):
    obstacle(work.root, git)
    before = git("status", "--porcelain"), git("ls-files", "--stage"), git("rev-parse", "HEAD")
    result = branches.merge(work, MAIN, *prepared(work))
    assert (result.state, result.files) == ("overwrites", (name,))
    assert (git("status", "--porcelain"), git("ls-files", "--stage"), git("rev-parse", "HEAD")) == before
    assert leftovers(work) == []


def test_all_files_in_the_way_are_named(work: Places, git: Git):
    dirty(work.root, git)
    untracked(work.root, git)
    assert branches.merge(work, MAIN, *prepared(work)).files == ("README.md", "run.sh")


def test_a_file_that_is_staged_just_as_the_merge_wants_it_is_not_in_the_way(work: Places, git: Git):
    (work.root / "README.md").write_text("changed\n")
    git("add", "README.md")
    assert branches.merge(work, MAIN, *prepared(work)).state == "merged"
    assert git("status", "--porcelain") == ""


def test_a_target_that_moved_meanwhile_is_left_alone(work: Places, git: Git):
    old, commit = prepared(work)
    git("commit", "-q", "--allow-empty", "-m", "Mine")
    tip = git("rev-parse", "HEAD")
    assert branches.merge(work, MAIN, old, commit).state == "moved"
    assert (git("rev-parse", "HEAD"), git("status", "--porcelain")) == (tip, "")


def test_a_target_that_moves_in_the_middle_puts_the_checkout_back(
    work: Places, git: Git, monkeypatch: pytest.MonkeyPatch
):
    old, commit = prepared(work)
    swap = merging.git.move

    def late(places: Places, ref: str, new: str, before: str | None, message: str) -> bool:
        subprocess.run(["git", "update-ref", MAIN, "delegate/a"], cwd=places.root, check=True)
        return swap(places, ref, new, before, message)

    monkeypatch.setattr(merging.git, "move", late)
    assert branches.merge(work, MAIN, old, commit).state == "moved"
    git("update-ref", MAIN, old)
    assert git("status", "--porcelain") == ""
    assert leftovers(work) == []


def test_a_target_that_is_not_checked_out_moves_alone(work: Places, git: Git):
    old, commit = prepared(work)
    git("switch", "-qc", "elsewhere")
    (work.root / "README.md").write_text("dirty\n")
    assert branches.merge(work, MAIN, old, commit).state == "merged"
    assert git("rev-parse", "main") == commit
    assert git("status", "--porcelain") == "M README.md"
    assert branches.merge(work, MAIN, old, commit).state == "moved"


def test_a_target_in_another_worktree_is_refused(work: Places, git: Git, tmp_path: Path):
    old, commit = prepared(work)
    git("switch", "-qc", "elsewhere")
    git("worktree", "add", "-q", str(tmp_path / "other tree"), "main")
    with pytest.raises(CockpitError, match="checked out elsewhere"):
        branches.merge(work, MAIN, old, commit)


def test_an_index_that_another_git_holds_is_told_and_kept(work: Places):
    (work.git_dir / "index.lock").write_text("theirs")
    with pytest.raises(CockpitError, match="another git holds the index"):
        branches.merge(work, MAIN, *prepared(work))
    assert (work.git_dir / "index.lock").read_text() == "theirs"


def test_a_merge_in_the_middle_of_a_rebase_waits(work: Places, git: Git):
    old, commit = prepared(work)
    (work.git_dir / "MERGE_HEAD").write_text(f"{old}\n")
    with pytest.raises(CockpitError, match="merge in progress"):
        branches.merge(work, MAIN, old, commit)


KILLED = """
import os, signal, sys
from pathlib import Path
from cockpit.persist import branches, merging
from cockpit.paths import places

def dies(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

where, old, commit, step = sys.argv[1:]
found = places(cwd=Path(where))
move, call = merging.git.move, merging.git.call

def moved_then_dies(*args):
    move(*args)
    dies()

def dies_at_checkout(where, *args, **kwargs):
    if "read-tree" in args and "-n" not in args:
        dies()
    return call(where, *args, **kwargs)

if step == "before the files":
    merging.git.call = dies_at_checkout
elif step == "before the branch":
    merging.git.move = dies
elif step == "after the branch":
    merging.git.move = moved_then_dies
elif step == "after the index":
    unlink = Path.unlink
    Path.unlink = lambda path, **how: dies() if path.name == "cockpit-merge.json" else unlink(path, **how)
elif step == "with the lock":
    merging._move = dies
branches.merge(found, "refs/heads/main", old, commit)
"""
STEPS = ["with the lock", "before the files", "before the branch", "after the branch", "after the index"]


def killed(places: Places, old: str, commit: str, step: str) -> None:
    args = [sys.executable, "-c", KILLED, str(places.root), old, commit, step]
    assert subprocess.run(args, check=False).returncode == -signal.SIGKILL


@pytest.mark.parametrize("step", STEPS)
def test_a_merge_that_was_killed_is_mended_and_can_go_on(work: Places, git: Git, step: str):
    (work.root / "other").write_text("staged\n")
    git("add", "other")
    (work.root / "keep").write_text("dirty\n")
    before = git("status", "--porcelain")
    old, commit = prepared(work)
    killed(work, old, commit, step)
    assert persist.recover(work) is True
    assert git("status", "--porcelain") == before
    assert git("rev-parse", "HEAD") == (commit if step.startswith("after") else old)
    assert leftovers(work) == []
    assert persist.recover(work) is False
    if not step.startswith("after"):
        assert branches.merge(work, MAIN, old, commit).state == "merged"
    assert git("status", "--porcelain") == before


def test_what_the_human_wrote_after_the_kill_is_kept(work: Places, git: Git):
    killed(work, *prepared(work), "before the branch")
    (work.root / "README.md").write_text("mine, after it\n")
    assert persist.recover(work)
    assert (work.root / "README.md").read_text() == "mine, after it\n"
    assert git("status", "--porcelain") == "M README.md"


def test_a_steering_act_waits_for_a_dead_merge_to_be_mended(work: Places, git: Git):
    persist.create(work, b"# Spec\n- [ ] a ^a\n")
    killed(work, *prepared(work), "before the branch")
    receipt = persist.record(work, lambda data: data + b"- [ ] b ^b\n", persist.Act("add", "b"))
    assert receipt.commit == git("rev-parse", "HEAD")
    assert git("status", "--porcelain") == ""


def test_a_conflict_is_forecast_with_its_files(work: Places, git: Git):
    (work.root / "README.md").write_text("ours\n")
    git("commit", "-qam", "Ours")
    forecast = branches.merge_tree(work, "main", "delegate/a")
    assert forecast.conflicts == ("README.md",)


def test_hostile_names_are_no_options(work: Places):
    with pytest.raises(CockpitError):
        branches.merge_tree(work, "--output=/tmp/x", "main")
    assert git.tip(work, "--all") is None
    assert git.tip(work, "refs/heads/../../config") is None
    assert git.tip(work, "") is None


def test_only_the_spec_is_not_a_move_of_the_target(work: Places, git: Git):
    old = git("rev-parse", "HEAD")
    persist.create(work, b"# Spec\n")
    assert branches.moved(work, old, "HEAD") is False
    (work.root / "keep").write_text("x")
    git("commit", "-qam", "Mine")
    assert branches.moved(work, old, "HEAD") is True
    assert branches.changed_files(work, "main", "delegate/a") == (
        "README.md",
        "gone",
        "link",
        "new/file ü",
        "run.sh",
    )


def test_a_spec_that_the_delegate_touched_too_is_merged_by_items(work: Places, git: Git):
    persist.create(work, b"# Spec\n\n## Queue\n- [ ] one ^a\n- [ ] two ^b\n")
    worktrees.add(work, work.worktrees / "b", "delegate/b", "main")
    spec = work.worktrees / "b" / "SPEC.md"
    spec.write_bytes(spec.read_bytes().replace(b"[ ] two", b"[x] two"))
    worktrees.harvest(work, work.worktrees / "b", "Tick two", by="delegate/b")
    persist.record(work, lambda data: data.replace(b"[ ] one", b"[x] one"), persist.Act("accept", "a"))
    old, head = git("rev-parse", "main"), git("rev-parse", "delegate/b")
    forecast = branches.merge_tree(work, old, head)
    assert forecast.conflicts == ()
    commit = branches.commit_merge(work, forecast.tree, [old, head], "Merge delegate/b")
    persist.exchange(work, lambda data: data + b"\nnot committed yet\n")
    assert branches.merge(work, MAIN, old, commit).state == "moved"
    old = git("rev-parse", "main")
    forecast = branches.merge_tree(work, old, head)
    commit = branches.commit_merge(work, forecast.tree, [old, head], "Merge delegate/b")
    assert branches.merge(work, MAIN, old, commit).state == "merged"
    assert persist.read(work) == b"# Spec\n\n## Queue\n- [x] one ^a\n- [x] two ^b\n\nnot committed yet\n"
    assert git("status", "--porcelain") == ""
