"""Merging a delegate's branch: forecast in the object database, then the branch and the checkout moved as one."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from cockpit import facts
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import git

LOCK_PATIENCE = 3.0
"""Seconds we wait for somebody else's index.lock before we say so. We never remove it."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a merge would give. `tree` holds conflict markers when there are `conflicts` (file names)."""

    tree: str
    conflicts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """How a merge went: done; the target moved meanwhile; or `files` of the human's stand in the way."""

    state: Literal["merged", "moved", "overwrites"]
    files: tuple[str, ...] = ()


class Intent(msgspec.Struct, frozen=True):
    """`cockpit-merge.json` in git's folder, there only while a checkout is being moved: how to finish after a kill."""

    target: str
    old: str
    commit: str
    pid: int
    started: str
    lock: int
    """Inode of the index.lock that we made."""


def merge_tree(places: Places, ours: str, theirs: str) -> Forecast:
    """Merge two commits in the object database alone. Raises CockpitError when git cannot."""
    done = git.call(places, "merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", ours, theirs)
    if done.returncode not in (0, 1):
        raise git.failure(("merge-tree",), done.stderr, places)
    tree, *names = done.stdout.split(b"\0")
    return Forecast(tree.decode().strip(), tuple(dict.fromkeys(os.fsdecode(name) for name in names if name)))


def commit_merge(places: Places, tree: str, parents: list[str], message: str) -> str:
    """A merge commit in the object database, on no branch yet; gives its id."""
    given = [word for parent in parents for word in ("-p", parent)]
    return git.run(places, "commit-tree", tree, *given, "-F", "-", input=message.encode()).decode().strip()


def is_merged(places: Places, head: str, target: str) -> bool:
    """Whether `head` can be reached from `target` (law 3: that is what done means)."""
    return git.call(places, "merge-base", "--is-ancestor", head, target).returncode == 0


def changed_files(places: Places, base: str, head: str) -> tuple[str, ...]:
    """Files that `head` changed since it left `base`."""
    names = git.run(places, "diff", "--name-only", "--no-renames", "-z", f"{base}...{head}", "--").split(b"\0")
    return tuple(os.fsdecode(name) for name in names if name)


def moved(places: Places, old: str, new: str) -> bool:
    """Whether anything but the spec differs between two commits: steering commits move the target all the time."""
    spec = f":(top,exclude,literal){places.spec_name}"
    return git.call(places, "diff", "--quiet", "--no-ext-diff", old, new, "--", ".", spec).returncode != 0


def merge(places: Places, target: str, old: str, commit: str) -> Moved:
    """Move `target` from `old` to `commit`, and the human's checkout with it when it is on that branch.

    Dirty and staged files that the merge does not concern stay as they are; if one would have to be overwritten,
    nothing changes and it is named. The order is git's own: index.lock, work tree, ref (compare-and-swap), index, so
    that no commit of the human's can slip in between. Raises CockpitError when index.lock is somebody else's.
    """
    recover(places)
    if git.head(places) != target:
        return Moved("merged" if _swap(places, target, old, commit) else "moved")
    index, lock = places.git_dir / "index", places.git_dir / "index.lock"
    scratch = places.git_dir / "cockpit-index"
    intent = places.git_dir / "cockpit-merge.json"
    inode = _take(lock)
    try:
        if git.tip(places, target) != old:
            return Moved("moved")
        scratch.unlink(missing_ok=True)
        if index.exists():
            shutil.copyfile(index, scratch)
        ours = {"GIT_INDEX_FILE": str(scratch)}
        git.call(places, "update-index", "-q", "--refresh", environment=ours)
        trial = git.call(places, "read-tree", "-m", "-u", "-n", old, commit, environment=ours)
        if trial.returncode != 0:
            return Moved("overwrites", _named(trial.stderr) or ("the work tree",))
        pid = os.getpid()
        note = Intent(target, old, commit, pid, facts.started(pid) or "", inode)
        intent.write_bytes(msgspec.json.encode(note))
        git.run(places, "read-tree", "-m", "-u", old, commit, environment=ours)
        if not _swap(places, target, old, commit):
            git.run(places, "read-tree", "-m", "-u", commit, old, environment=ours)
            intent.unlink()
            return Moved("moved")
        scratch.replace(lock)
        lock.replace(index)
        intent.unlink()
        return Moved("merged")
    finally:
        scratch.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            if not intent.exists() and lock.stat().st_ino == inode:
                lock.unlink()


def recover(places: Places) -> bool:
    """Finish what a kill in `merge` cut short: the checkout is brought to where the branch stands.

    Only files that the merge had just written are touched; what the human changed since is left as it is.
    """
    path = places.git_dir / "cockpit-merge.json"
    try:
        intent = msgspec.json.decode(path.read_bytes(), type=Intent)
    except (OSError, msgspec.DecodeError):
        path.unlink(missing_ok=True)
        return False
    if facts.started(intent.pid) == intent.started:
        return False
    lock, index = places.git_dir / "index.lock", places.git_dir / "index"
    with contextlib.suppress(OSError):
        if lock.stat().st_ino == intent.lock:
            lock.unlink()
    inode = _take(lock)
    try:
        here = intent.commit if is_merged(places, intent.commit, intent.target) else intent.old
        there = intent.old if here == intent.commit else intent.commit
        scratch = places.git_dir / "cockpit-index"
        shutil.copyfile(index, scratch)
        ours = {"GIT_INDEX_FILE": str(scratch)}
        _settle_files(places, here, there, ours)
        scratch.replace(lock)
        lock.replace(index)
        path.unlink()
    finally:
        with contextlib.suppress(OSError):
            if lock.stat().st_ino == inode:
                lock.unlink()
    return True


def _settle_files(places: Places, here: str, there: str, ours: dict[str, str]) -> None:
    """Each file that differs between the two: index as in `here`, and the work tree too where it is as in `there`."""
    zero = git.ZERO
    listed = git.run(places, "diff-tree", "-r", "-z", "--no-renames", there, here).split(b"\0")
    for header, name in zip(listed[0::2], listed[1::2], strict=False):
        _, mode, before, after, _ = header.decode().lstrip(":").split()
        path = places.root / os.fsdecode(name)
        found = git.call(places, "hash-object", "--", os.fsdecode(name)) if path.is_file() else None
        now = found.stdout.decode().strip() if found else zero
        entry = f"{mode} {after}\t".encode() + name + b"\0"
        git.run(places, "update-index", "-z", "--index-info", input=entry, environment=ours)
        if now == before and after == zero:
            path.unlink(missing_ok=True)
        elif now == before:
            git.run(places, "checkout-index", "-f", "-q", "--", os.fsdecode(name), environment=ours)
    git.call(places, "update-index", "-q", "--refresh", environment=ours)


def _swap(places: Places, ref: str, old: str, new: str) -> bool:
    return git.call(places, "update-ref", "-m", "cockpit: merge", ref, new, old).returncode == 0


def _take(lock: Path) -> int:
    """Make git's index.lock ours; gives its inode."""
    deadline = time.monotonic() + LOCK_PATIENCE
    while True:
        try:
            handle = os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o644)
        except FileExistsError:
            if time.monotonic() > deadline:
                raise CockpitError(
                    "another git holds the index", where=str(lock), remedy="wait for it; remove the file if none runs"
                ) from None
            time.sleep(0.02)
            continue
        except OSError as error:
            raise CockpitError(f"cannot write: {error.strerror}", where=str(lock)) from error
        try:
            return os.fstat(handle).st_ino
        finally:
            os.close(handle)


def _named(words: bytes) -> tuple[str, ...]:
    """The files that git names when it refuses to overwrite."""
    text = os.fsdecode(words)
    quoted = re.findall(r"(?:Entry|file|Updating) '(.+?)'", text)
    listed = [name.strip() for name in re.findall(r"^\t(.+)$", text, re.MULTILINE)]
    return tuple(dict.fromkeys([*quoted, *listed]))
