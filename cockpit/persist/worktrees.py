"""Worktrees of delegates and of the verification: one at a time, outside the repository, never deleted with work.

`git worktree add` in parallel fails (limits-substrate 3), so all of it goes through one lock of ours.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import git

DESK = ".cockpit"
"""The delegate's own folder in its worktree: answer and notes, never committed."""


def add(places: Places, folder: Path, branch: str, base: str) -> None:
    """A worktree in `folder` on `branch`, which is made from `base` when it is new. Doing it again changes nothing.

    A folder that was removed by hand is made again from its branch. Raises CockpitError when the folder holds
    something else or the branch is checked out elsewhere.
    """
    branch = git.branch_name(branch)
    with one_at_a_time(places):
        known = registered(places)
        if known.get(folder.resolve()) == f"refs/heads/{branch}" and (folder / ".git").exists():
            return
        elsewhere = next((path for path, ref in known.items() if ref == f"refs/heads/{branch}" and path.exists()), None)
        if elsewhere is not None and elsewhere != folder.resolve():
            raise CockpitError(f"{branch} is checked out already", where=str(elsewhere))
        if folder.exists() and any(folder.iterdir()):
            raise CockpitError("the worktree's folder holds something else", where=str(folder), remedy="move it away")
        new = git.tip(places, f"refs/heads/{branch}") is None
        words = ["-b", branch, str(folder), base] if new else [str(folder), branch]
        # --force: the folder may still be known from before it was removed by hand.
        git.run(places, *git.QUIET, "worktree", "add", "-q", "--no-track", "--force", *words)
        if not (folder / ".git").exists():
            raise CockpitError("git made no worktree", where=str(folder))


def detached(places: Places, folder: Path, commit: str) -> None:
    """A scratch worktree of a commit, on no branch; `remove` throws it away."""
    with one_at_a_time(places):
        git.run(places, *git.QUIET, "worktree", "add", "-q", "--force", "--detach", str(folder), commit)


def remove(places: Places, folder: Path) -> None:
    """Take a worktree away: one of ours that is detached (scratch), or one that is clean and on a branch that stays.

    Raises CockpitError when there is work in it that is nowhere else.
    """
    with one_at_a_time(places):
        if not folder.resolve().is_relative_to(places.worktrees.resolve()):
            raise CockpitError("not a worktree of ours", where=str(folder))
        ref = registered(places).get(folder.resolve())
        if ref is None:
            return
        if ref:
            left = git.run(folder, "status", "--porcelain", "--ignored=no") if folder.exists() else b""
            if left:
                raise CockpitError("the worktree has changes that are in no commit", where=str(folder))
        git.run(places, *git.QUIET, "worktree", "remove", "--force", str(folder))
        if not ref:
            shutil.rmtree(folder, ignore_errors=True)


def harvest(places: Places, folder: Path | str, message: str, by: str) -> str | None:
    """Commit what was left uncommitted in a delegate's worktree; the commit's id, None when there was nothing.

    Hooks do not run. Nothing is taken from the human's own checkout. Raises CockpitError with git's words.
    """
    place = Path(folder)
    if not (place / ".git").exists() or place.resolve() == places.root:
        return None
    with one_at_a_time(places):
        git.run(place, *git.QUIET, "add", "-A", "--", ".", f":(exclude,top){DESK}")
        if git.call(place, "diff", "--cached", "--quiet").returncode == 0:
            return None
        text = f"{message.rstrip()}\n\nCockpit-By: {by}\n"
        git.run(place, *git.QUIET, "commit", "-q", "--no-verify", "-F", "-", input=text.encode())
        return git.run(place, "rev-parse", "HEAD").decode().strip()


def registered(places: Places) -> dict[Path, str]:
    """Every worktree that git knows: its folder to the ref it is on, empty when detached."""
    found: dict[Path, str] = {}
    path: Path | None = None
    for entry in git.run(places, "worktree", "list", "--porcelain", "-z").split(b"\0"):
        word, _, value = os.fsdecode(entry).partition(" ")
        if word == "worktree":
            path = Path(value).resolve()
            found[path] = ""
        elif word == "branch" and path is not None:
            found[path] = value
    return found


@contextmanager
def one_at_a_time(places: Places) -> Generator[None]:
    """Hold our lock on the repository's worktrees."""
    places.local.mkdir(parents=True, exist_ok=True)
    handle = os.open(places.local / "worktrees.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
