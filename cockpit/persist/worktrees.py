"""Worktrees of delegates and of the verification: one at a time, outside the repository, never deleted with work.

`git worktree add` in parallel fails (limits-substrate, section 3), so all of it goes through one lock of ours. Nothing
is ever pruned: that would forget worktrees of the human's whose disk is away.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cockpit.clean import line
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import files, git
from cockpit.persist.objects import store

SCRATCH = "scratch of cockpit"
"""The reason of git's lock on a worktree that `remove` may throw away whatever it holds."""
DESK = ".cockpit"
"""The delegate's own folder in its worktree: answer and notes, never committed."""


@dataclass(frozen=True, slots=True)
class Known:
    """A worktree as git has it registered. `ref` is empty when its HEAD is detached."""

    folder: Path
    ref: str = ""
    scratch: bool = False


def add(places: Places, folder: Path, branch: str, base: str) -> None:
    """A worktree in `folder` on `branch`, which is made from `base` when it is new. Doing it again changes nothing.

    A folder that was removed by hand is made again from its branch. Raises CockpitError when the name is no branch's,
    the folder holds something else, or the branch is checked out elsewhere.
    """
    branch, folder = git.branch_name(branch), folder.resolve()
    ref = f"refs/heads/{branch}"
    with one_at_a_time(places):
        known = registered(places)
        if _stands(folder, known.get(folder), ref):
            return
        elsewhere = next((tree for tree in known.values() if tree.ref == ref and tree.folder != folder), None)
        if elsewhere is not None and elsewhere.folder.exists():
            raise CockpitError(f"{branch} is checked out already", where=str(elsewhere.folder))
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise CockpitError("the worktree's folder holds something else", where=str(folder), remedy="move it away")
        if git.tip(places, ref) is None:
            start = git.tip(places, base)
            if start is None:
                raise CockpitError("there is no commit to start the branch from", where=branch)
            if not git.move(places, ref, start, None, f"cockpit: branch for {folder.name}"):
                raise CockpitError("the branch cannot be made", where=branch)
        _add(places, folder, str(folder), branch)


def detached(places: Places, folder: Path, commit: str) -> None:
    """A scratch worktree of a commit, on no branch; `remove` throws it away."""
    start = git.tip(places, commit)
    if start is None:
        raise CockpitError("git knows no such commit", where=commit[:60])
    with one_at_a_time(places):
        _add(places, folder.resolve(), "--lock", "--reason", SCRATCH, "--detach", str(folder.resolve()), start)


def _add(places: Places, folder: Path, *words: str) -> None:
    # --force: the folder may still be known from before it was removed by hand; a locked one needs it twice.
    args = (*git.QUIET, "-c", "advice.detachedHead=false", "worktree", "add", "-q", "--force", "--force")
    error = b""
    for attempt in range(3):
        done = git.call(places, *args, *words)
        if done.returncode == 0 and (folder / ".git").exists():
            return
        error = done.stderr
        git.pause(attempt + 10)
    raise git.failure(("worktree", "add"), error, places)


def remove(places: Places, folder: Path) -> None:
    """Take a worktree away: a scratch of ours, or one that is clean and whose commit a branch or tag reaches.

    Raises CockpitError when there is work in it that is nowhere else.
    """
    folder = folder.resolve()
    with one_at_a_time(places):
        if not folder.is_relative_to(places.worktrees.resolve()):
            raise CockpitError("not a worktree of ours", where=str(folder))
        known = registered(places).get(folder)
        if known is None:
            return
        if not known.scratch and (words := work(places, folder)):
            raise CockpitError(words, where=str(folder))
        git.run(places, *git.QUIET, "worktree", "remove", "--force", "--force", str(folder))
        if known.scratch:
            shutil.rmtree(folder, ignore_errors=True)


def work(places: Places, folder: Path) -> str:
    """What a worktree holds that is nowhere else, in words; empty when it could go. Raises CockpitError of git."""
    if not folder.exists():
        return "the worktree's folder is gone; what git knows of it is kept"
    left = git.run(folder, "status", "--porcelain", "--untracked-files=all", "-z").split(b"\0")
    dirty = [os.fsdecode(entry[3:]) for entry in left if entry and not entry[3:].startswith(DESK.encode() + b"/")]
    if dirty:
        return f"the worktree holds what is in no commit: {line(dirty[0], 80)}"
    if git.busy_in(git.folder_of(folder)) not in ("", "detached HEAD"):
        return "the worktree is in the middle of something"
    head = git.run(folder, "rev-parse", "HEAD").decode().strip()
    known = ("for-each-ref", "--count=1", f"--contains={head}", "refs/heads", "refs/tags", "refs/remotes")
    return "" if git.run(places, *known) else "the worktree's commit is on no branch"


def harvest(places: Places, folder: Path | str, message: str, by: str) -> str | None:
    """Commit what was left uncommitted in a delegate's worktree; the commit's id, None when there was nothing.

    By the user's identity, without hooks, `.cockpit/` left out. Raises CockpitError when the delegate left a rebase
    or a detached HEAD behind (a commit there would be on no branch) or git fails.
    """
    place = Path(folder)
    if not (place / ".git").exists() or place.resolve() == places.root:
        return None
    author, committer = (words.rpartition(" <") for words in store(places).who())
    identity = {
        "GIT_AUTHOR_NAME": author[0],
        "GIT_AUTHOR_EMAIL": author[2].rstrip(">"),
        "GIT_COMMITTER_NAME": committer[0],
        "GIT_COMMITTER_EMAIL": committer[2].rstrip(">"),
    }
    with one_at_a_time(places):
        if not git.run(place, "status", "--porcelain", "--untracked-files=all", "-z", "--", ".", f":(exclude){DESK}"):
            return None
        words = git.busy_in(git.folder_of(place))
        if words not in ("", "merge in progress"):
            remedy = "finish or abort it there, then go on"
            raise CockpitError(f"the delegate left work uncommitted, and {words}", where=str(place), remedy=remedy)
        # Without a pathspec: git refuses one that leaves out what a .gitignore leaves out already.
        git.run(place, *git.QUIET, "add", "-A")
        git.run(place, *git.QUIET, "rm", "-r", "-q", "--cached", "--ignore-unmatch", "--", DESK)
        if not words and git.call(place, "diff", "--cached", "--quiet").returncode == 0:
            return None
        text = f"{message.rstrip()}\n\nCockpit-By: {line(by, 80)}\n"
        args = ("commit", "-q", "--no-verify", "--cleanup=whitespace", "-F", "-")
        git.run(place, *git.QUIET, *args, input=text.encode(), environment=identity)
        return git.run(place, "rev-parse", "HEAD").decode().strip()


def registered(places: Places) -> dict[Path, Known]:
    """Every worktree that git knows, by its folder."""
    found: dict[Path, Known] = {}
    for block in git.run(places, "worktree", "list", "--porcelain", "-z").split(b"\0\0"):
        words = [os.fsdecode(entry).partition(" ") for entry in block.split(b"\0") if entry]
        facts = {word: value for word, _, value in words}
        if "worktree" in facts:
            folder = Path(facts["worktree"]).resolve()
            found[folder] = Known(folder, facts.get("branch", ""), facts.get("locked") == SCRATCH)
    return found


def _stands(folder: Path, known: Known | None, ref: str) -> bool:
    """Whether the worktree is there already. A delegate may have switched to a branch of its own."""
    return known is not None and (folder / ".git").exists() and (known.ref == ref or not known.scratch)


@contextmanager
def one_at_a_time(places: Places) -> Generator[None]:
    """Hold our lock on the repository's worktrees."""
    path = places.common_dir / "cockpit-worktrees.lock"
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise files.unwritable(error, path) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
