"""The tree that verification runs on: what the merge would give, with protected files as the target has them."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

from cockpit.persist import git, worktrees
from cockpit.verify.case import Case, Change

_QUIET = ("-c", "core.hooksPath=/dev/null", "-c", "advice.detachedHead=false", "--literal-pathspecs")


@dataclass(frozen=True, slots=True)
class Scratch:
    """A detached worktree of ours, thrown away after the run."""

    folder: Path
    commit: str
    """The commit it was made from: target and head merged; an object that no branch knows."""
    restored: tuple[Change, ...]
    """Protected files that the branch changed or deleted; here they are the target's."""
    left_out: tuple[Change, ...]
    """Protected files that only the branch has; here they are missing."""


@contextlib.contextmanager
def scratch(case: Case) -> Generator[Scratch]:
    """A scratch worktree for the case, removed afterwards whatever happens. Raises CockpitError when git fails.

    A test edited to pass does not pass here (design, section 6): every protected file that the branch touched is the
    target's, or missing when the target has none.
    """
    _sweep(case)
    folder = case.places.worktrees / f"verify-{os.getpid()}-{case.turn.item}-{case.turn.number}"
    commit = _merge_commit(case)
    try:
        worktrees.detached(case.places, folder, commit)
        kept = _on_target(case)
        restored = tuple(change for change in case.protected if change.path in kept)
        left_out = tuple(change for change in case.protected if change.path not in kept)
        for some in _some(restored):
            git.run(folder, *_QUIET, "checkout", "--quiet", case.base, "--", *some)
        for some in _some(left_out):
            git.run(folder, *_QUIET, "rm", "--quiet", "--force", "--ignore-unmatch", "--", *some)
        yield Scratch(folder, commit, restored, left_out)
    finally:
        _throw_away(case, folder)


def _merge_commit(case: Case) -> str:
    parents = [part for tip in dict.fromkeys((case.base, case.head)) for part in ("-p", tip)]
    words = f"Verify {case.turn.item} turn {case.turn.number}"
    return git.run(case.places, "commit-tree", case.tree, *parents, "-m", words).decode().strip()


def _on_target(case: Case) -> set[str]:
    """Which of the protected paths the target has."""
    found: set[str] = set()
    for some in _some(case.protected):
        out = git.run(case.places, "--literal-pathspecs", "ls-tree", "-r", "-z", "--name-only", case.base, "--", *some)
        found.update(out.decode("utf-8", "surrogateescape").split("\0"))
    return found


def _some(changes: list[Change] | tuple[Change, ...]) -> Iterator[list[str]]:
    """Paths in lots that a command line can hold."""
    for start in range(0, len(changes), 200):
        yield [change.path for change in changes[start : start + 200]]


def _throw_away(case: Case, folder: Path) -> None:
    """A scratch holds nothing but what git has and what the command left lying about."""
    shutil.rmtree(folder, ignore_errors=True)
    git.run(case.places, "worktree", "prune")


def _sweep(case: Case) -> None:
    """Throw away what a killed engine left: scratch folders are named by the process that made them."""
    for folder in case.places.worktrees.glob("verify-*"):
        pid = folder.name.split("-")[1]
        if pid.isdecimal() and not Path(f"/proc/{pid}").exists():
            _throw_away(case, folder)
