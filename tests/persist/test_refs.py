"""A standing git that moves refs by compare-and-swap, and is never trusted more than git itself."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.paths import places as find_places
from cockpit.persist import git as ours
from cockpit.persist.refs import Refs

Git = Callable[..., str]
REF = "refs/cockpit/test"


@pytest.fixture
def refs(places: Places) -> Iterator[Refs]:
    found = Refs(places)
    yield found
    found.close()


def two(git: Git) -> tuple[str, str]:
    git("commit", "-q", "--allow-empty", "-m", "Two")
    return git("rev-parse", "HEAD^"), git("rev-parse", "HEAD")


def test_a_ref_is_made_and_moved_only_from_where_it_is_said_to_be(refs: Refs, git: Git):
    one, other = two(git)
    assert refs.move(REF, one, None)
    assert not refs.move(REF, other, None)
    assert not refs.move(REF, one, other)
    assert git("rev-parse", REF) == one
    assert refs.move(REF, other, one)
    assert git("rev-parse", REF) == other


def test_many_moves_take_one_process(refs: Refs, git: Git):
    one, other = two(git)
    git("update-ref", REF, one)
    assert refs.move(REF, other, one)
    first = children()
    for _ in range(5):
        assert refs.move(REF, one, other)
        assert refs.move(REF, other, one)
    assert children() == first


def test_one_that_was_killed_is_started_again(refs: Refs, git: Git):
    one, other = two(git)
    assert refs.move(REF, one, None)
    for pid in children():
        os.kill(pid, 9)
    assert refs.move(REF, other, one)
    assert refs.move(REF, one, other)
    assert git("rev-parse", REF) == one


def test_packed_refs_are_seen_and_what_git_cannot_do_is_told(refs: Refs, git: Git):
    one, other = two(git)
    assert refs.move(REF, one, None)
    git("pack-refs", "--all")
    assert refs.move(REF, other, one)
    with pytest.raises(CockpitError, match="update-ref"):
        refs.move(REF, "0" * 39 + "1", other)
    assert git("rev-parse", REF) == other


def test_where_head_is_needs_no_process_and_is_what_git_says(
    places: Places, git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    one, other = two(git)
    git("worktree", "add", "-q", "-b", "aside", str(tmp_path / "aside"), one)
    with monkeypatch.context() as without_git:
        without_git.setenv("PATH", "")
        assert ours.tip(places, "HEAD") == other
    assert ours.tip(find_places(cwd=tmp_path / "aside"), "HEAD") == one
    git("pack-refs", "--all")
    assert ours.tip(places, "HEAD") == other
    git("switch", "-q", "--detach", one)
    assert ours.tip(places, "HEAD") == one
    git("switch", "-q", "--orphan", "unborn")
    assert ours.tip(places, "HEAD") is None


def children() -> list[int]:
    done = subprocess.run(["pgrep", "-P", str(os.getpid()), "-x", "git"], capture_output=True, text=True)
    return sorted(int(pid) for pid in done.stdout.split())
