"""The tree that verification runs on: what the merge would give, with protected files as the target has them."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import git, worktrees
from cockpit.verify.case import Case, Change

_NOBODY = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "cockpit"), ("EMAIL", "cockpit@localhost"), ("DATE", "@0 +0000"))
}
"""The scratch's commit needs no identity of the user's, and the same tips give the same commit again."""


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
    commit = _merge_commit(case)
    with bare(case.places, commit, case.name) as folder:
        kept = _on_target(case)
        restored = tuple(change for change in case.protected if change.path in kept)
        left_out = tuple(change for change in case.protected if change.path not in kept)
        _paths(folder, restored, "checkout", "--quiet", case.base)
        _paths(folder, left_out, "rm", "--quiet", "--force", "--ignore-unmatch")
        yield Scratch(folder, commit, restored, left_out)


@contextlib.contextmanager
def bare(places: Places, commit: str, name: str) -> Generator[Path]:
    """A scratch worktree of a commit as it is, removed afterwards. Raises CockpitError when git fails."""
    _sweep(places)
    folder = places.worktrees / f"verify-{os.getpid()}-{name}"
    try:
        worktrees.detached(places, folder, commit)
        yield folder
    finally:
        _throw_away(places, folder)


def _merge_commit(case: Case) -> str:
    parents = [part for tip in dict.fromkeys((case.base, case.head)) for part in ("-p", tip)]
    made = git.run(case.places, *git.QUIET, "commit-tree", case.tree, *parents, "-m", "Verify", environment=_NOBODY)
    return made.decode().strip()


def _on_target(case: Case) -> set[str]:
    """All paths that the target has."""
    out = git.run(case.places, "ls-tree", "-r", "-z", "--name-only", case.base)
    return set(out.decode("utf-8", "surrogateescape").split("\0"))


def _paths(folder: Path, changes: tuple[Change, ...], *command: str) -> None:
    """Run a git command of the scratch on these paths, taken literally, however many and odd they are."""
    if changes:
        names = "\0".join(change.path for change in changes).encode("utf-8", "surrogateescape")
        from_input = ("--pathspec-from-file=-", "--pathspec-file-nul")
        git.run(folder, *git.QUIET, "--literal-pathspecs", *command, *from_input, input=names)


def _throw_away(places: Places, folder: Path) -> None:
    """A scratch holds nothing but what git has and what the command left lying about.

    Not by `worktree prune`: that would forget worktrees of the user's whose disk is away.
    """
    with contextlib.suppress(CockpitError):
        worktrees.remove(places, folder)
    if folder.exists():  # the command took away its .git, or made folders that may not be emptied
        for path in (folder, *folder.rglob("*")):
            if path.is_dir() and not path.is_symlink():
                path.chmod(0o700)
        shutil.rmtree(folder, ignore_errors=True)
        with contextlib.suppress(CockpitError):
            worktrees.remove(places, folder)


def _sweep(places: Places) -> None:
    """Throw away what a killed engine left: scratch folders are named by the process that made them."""
    for folder in places.worktrees.glob("verify-*"):
        pid = folder.name.split("-")[1]
        if pid.isdecimal() and not Path(f"/proc/{pid}").exists():
            _throw_away(places, folder)
