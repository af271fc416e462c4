"""Moving a branch and the human's checkout to a merge commit as one, without touching what is dirty.

The order, so that a kill at any instant can be mended by `recover`:

1. our own lock on the spec (`write.desk`), handed down to git: nobody mends while git still writes files;
2. git's index.lock, so that no commit of the human's slips in;
3. a trial run, also once before the lock: when git would overwrite anything, we stop here and nothing has changed;
4. the note `cockpit-merge.json` in git's folder;
5. the files of the work tree, with a copy of the index beside;
6. the branch, by compare-and-swap; 7. the copy becomes the index; 8. the note goes.

Killed before 6, `recover` takes the written files back; after 6 it moves the index along.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from cockpit import facts
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import commit as commits
from cockpit.persist import git, worktrees, write
from cockpit.persist.forecast import is_merged
from cockpit.persist.objects import blob_of, store

SIGNED = "cockpit "
READ_TREE = (*git.QUIET, "read-tree", "-m", "-u")
LINK, SUBMODULE = "120000", "160000"


@dataclass(frozen=True, slots=True)
class Moved:
    """How a merge went: done; the target moved meanwhile; or `files` of the human's stand in the way."""

    state: Literal["merged", "moved", "overwrites"]
    files: tuple[str, ...] = ()


class Note(msgspec.Struct, frozen=True):
    """`cockpit-merge.json` in git's folder, there only while a checkout is being moved."""

    target: str
    old: str
    commit: str


@dataclass(frozen=True, slots=True)
class Change:
    """One path that differs between two commits. Modes are git's, ids full; a missing side is all zeros."""

    path: str
    old_mode: str
    mode: str
    old: str
    new: str


def merge(places: Places, target: str, old: str, commit: str) -> Moved:
    """Move `target` from `old` to `commit`, and the human's checkout with it when it is on that branch.

    Dirty and staged files that the merge does not concern stay as they are; if one, an untracked or an ignored file
    would have to be overwritten, nothing changes and it is named. Raises CockpitError in the middle of a rebase, when
    another git holds the index, or when the branch is checked out in another worktree.
    """
    with write.desk(places) as held:
        recover_here(places)
        if git.head(places.git_dir) != target:
            _refuse_elsewhere(places, target)
            return Moved("merged" if git.move(places, target, commit, old, "cockpit: merge") else "moved")
        busy = git.busy(places)
        if busy:
            raise CockpitError(f"{busy}: the merge waits", where=str(places.root))
        if _spec_in_the_way(held, old, commit):
            return Moved("moved")  # what was uncommitted in the spec is a commit now: merge again on top of it
        note = Note(target, old, commit)
        blocked = _trial(places, note)  # before the lock: what waits for the human must not hold up the human's own git
        (places.git_dir / "cockpit-index").unlink(missing_ok=True)
        if blocked:
            return Moved("overwrites", blocked)
        with index_lock(places):
            if git.tip(places, target) != old:
                return Moved("moved")
            return _move(places, held.handle, note)


def _trial(places: Places, note: Note) -> tuple[str, ...]:
    """Files that a move of the checkout would overwrite, tried on a copy of the index that stays for the move."""
    index, copy = places.git_dir / "index", places.git_dir / "cockpit-index"
    copy.unlink(missing_ok=True)
    if index.exists():
        shutil.copyfile(index, copy)
    ours = {"GIT_INDEX_FILE": str(copy)}
    git.call(places, "update-index", "-q", "--refresh", environment=ours)
    trial = git.call(places, *READ_TREE, "-n", note.old, note.commit, environment=ours)
    concerned = changes(places, note.old, note.commit)
    blocked = _untracked(places, note.old, concerned)
    if trial.returncode != 0:
        dirty = git.run(places, "diff-index", "-z", "--name-only", "--no-renames", note.old, environment=ours)
        blocked |= {change.path for change in concerned} & {os.fsdecode(name) for name in dirty.split(b"\0")}
    if trial.returncode != 0 or blocked:
        copy.unlink(missing_ok=True)
        return tuple(sorted(blocked)) or (git.failure(READ_TREE, trial.stderr, places).what,)
    return ()


def _move(places: Places, handle: int, note: Note) -> Moved:
    index, copy, path = places.git_dir / "index", places.git_dir / "cockpit-index", _note(places)
    ours = {"GIT_INDEX_FILE": str(copy)}
    try:
        blocked = _trial(places, note)
        if blocked:
            return Moved("overwrites", blocked)
        path.write_bytes(msgspec.json.encode(note))
        done = git.call(places, *READ_TREE, note.old, note.commit, environment=ours, pass_fds=(handle,))
        if done.returncode != 0:
            _take_back(places, note)
            path.unlink()
            raise git.failure(READ_TREE, done.stderr, places)
        if not git.move(places, note.target, note.commit, note.old, "cockpit: merge"):
            git.run(places, *READ_TREE, note.commit, note.old, environment=ours)
            path.unlink()
            return Moved("moved")
        copy.replace(index)  # we hold the lock: nobody else writes it
        path.unlink()
        return Moved("merged")
    finally:
        copy.unlink(missing_ok=True)


def recover(places: Places) -> bool:
    """Mend what a kill in `merge` cut short; True when there was something. Call it at start.

    Only files that the merge had just written are touched; what the human changed since is left as it is.
    """
    if not _note(places).exists() and not _ours(places.git_dir / "index.lock"):
        return False
    with write.desk(places):
        return recover_here(places)


def recover_here(places: Places) -> bool:
    """`recover` for who holds the spec's lock: nobody else of us is in the middle of a merge, and no git of ours."""
    path, lock = _note(places), places.git_dir / "index.lock"
    stale = _ours(lock)
    try:
        note = msgspec.json.decode(path.read_bytes(), type=Note)
    except FileNotFoundError:
        if stale:
            lock.unlink(missing_ok=True)
        return stale
    except msgspec.DecodeError:  # killed while noting: no file was touched yet
        note = None
    if stale:
        lock.unlink(missing_ok=True)
    if note is not None:
        with index_lock(places):
            if is_merged(places, note.commit, note.target):
                _index_along(places, note)
            else:
                _take_back(places, note)
    path.unlink(missing_ok=True)
    (places.git_dir / "cockpit-index").unlink(missing_ok=True)
    return True


def _index_along(places: Places, note: Note) -> None:
    """The branch has moved and the files are written: the index follows, staged work stays."""
    index, copy = places.git_dir / "index", places.git_dir / "cockpit-index"
    shutil.copyfile(index, copy)
    ours = {"GIT_INDEX_FILE": str(copy)}
    # -i: the files are new already, so they must not be compared with the old index.
    if git.call(places, "read-tree", "-i", "-m", note.old, note.commit, environment=ours).returncode == 0:
        git.call(places, "update-index", "-q", "--refresh", environment=ours)
        copy.replace(index)


def _take_back(places: Places, note: Note) -> None:
    """The branch has not moved: files that are as the merge wants them, or half written, are as before again."""
    again: list[str] = []
    for change in changes(places, note.old, note.commit):
        path = places.root / change.path
        if SUBMODULE in (change.old_mode, change.mode) or not _written(places, path, change):
            continue
        if change.old_mode == "000000":
            path.unlink(missing_ok=True)
        else:
            again.append(change.path)
    if again:
        names = b"".join(os.fsencode(name) + b"\0" for name in again)
        git.run(places, *git.QUIET, "checkout-index", "-f", "-q", "-z", "--stdin", input=names)


def _written(places: Places, path: Path, change: Change) -> bool:
    """Whether the merge has been at this file: it is missing, as the merge wants it, or a torn beginning of that."""
    if path.is_symlink():
        target = os.fsencode(path.readlink())
        return change.mode == LINK and store(places).id_of("blob", target) == change.new
    if not path.exists():
        return change.old_mode != "000000"
    if path.is_dir() or change.mode in ("000000", LINK):
        return False
    wanted = git.run(places, "cat-file", "--filters", f"--path={change.path}", change.new)
    return wanted.startswith(path.read_bytes())


def _untracked(places: Places, old: str, concerned: list[Change]) -> set[str]:
    """Untracked and ignored files where the merge wants to add one; git itself would run over the ignored ones."""
    found: set[str] = set()
    tracked: set[str] | None = None
    for change in concerned:
        if change.old_mode != "000000":
            continue
        for part in [Path(change.path), *Path(change.path).parents][:-1]:
            place = places.root / part
            itself = part == Path(change.path)
            folder = place.is_dir() and not place.is_symlink()
            if not os.path.lexists(place) or (folder and not itself):
                continue
            if tracked is None:
                listed = git.run(places, "ls-tree", "-r", "-z", "--name-only", old)
                tracked = {os.fsdecode(name) for name in listed.split(b"\0")}
            if part.as_posix() not in tracked and not (folder and _all_tracked(places, place, tracked)):
                found.add(part.as_posix())
    return found


def _all_tracked(places: Places, folder: Path, tracked: set[str]) -> bool:
    """Whether git may remove a folder to put a file in its place: everything in it is tracked."""
    files = (path for path in folder.rglob("*") if not path.is_dir())
    return all(path.relative_to(places.root).as_posix() in tracked for path in files)


def _spec_in_the_way(held: write.Desk, old: str, commit: str) -> bool:
    """Whether the merge changes the spec while the file holds what is not committed; that is committed then."""
    places, objects = held.places, store(held.places)
    if objects.blob_at(old, places.spec_name) == objects.blob_at(commit, places.spec_name) or not places.spec.exists():
        return False
    now = write.settle(held)
    here, committed = blob_of(places, now, write=True), objects.blob_at("HEAD", places.spec_name)
    if here == committed:
        return False
    try:
        act = commits.by_hand(objects, committed, here, places.spec_name)
        commits.commit(places, b"", [commits.Version(now, act)])
    except commits.Waits as waits:
        raise CockpitError(str(waits), where=places.spec_name) from waits
    return True


def changes(places: Places, old: str, new: str) -> list[Change]:
    """What differs between two commits, one entry a path."""
    parts = git.run(places, "diff-tree", "-r", "-z", "--no-renames", "--no-abbrev", old, new).split(b"\0")
    found: list[Change] = []
    for head, path in zip(parts[0:-1:2], parts[1::2], strict=True):
        old_mode, mode, before, after, _ = head.decode().lstrip(":").split()
        found.append(Change(os.fsdecode(path), old_mode, mode, before, after))
    return found


@contextlib.contextmanager
def index_lock(places: Places) -> Generator[None]:
    """Hold git's own index.lock, signed with our process. Raises CockpitError when another git keeps it."""
    lock = places.git_dir / "index.lock"
    draft = places.git_dir / f"cockpit-lock-{secrets.token_hex(4)}"
    try:
        draft.write_text(f"{SIGNED}{os.getpid()} {facts.started(os.getpid())}\n")
        info = draft.stat()
        for attempt in range(commits.TRIES + 10):
            try:
                os.link(draft, lock)  # appears with its signature, so a stale one is always known as ours
                break
            except FileExistsError:
                git.pause(attempt)
        else:
            raise CockpitError("another git holds the index", where=str(lock), remedy="wait; remove it if no git runs")
    except OSError as error:
        raise CockpitError(f"cannot write: {error.strerror}", where=str(lock)) from error
    finally:
        draft.unlink(missing_ok=True)
    try:
        yield
    finally:
        with contextlib.suppress(FileNotFoundError):
            if lock.stat().st_ino == info.st_ino:
                lock.unlink()


def _ours(lock: Path) -> bool:
    """Whether this index.lock is ours and its process is gone."""
    try:
        with lock.open("rb") as file:
            words = file.read(100).decode("ascii", "replace")
    except OSError:
        return False
    if not words.startswith(SIGNED):
        return False
    pid, _, started = words.removeprefix(SIGNED).strip().partition(" ")
    return not (pid.isdecimal() and facts.started(int(pid)) == started)


def _refuse_elsewhere(places: Places, target: str) -> None:
    elsewhere = next((tree for tree in worktrees.registered(places).values() if tree.ref == target), None)
    if elsewhere is not None:
        name, where = target.removeprefix("refs/heads/"), str(elsewhere.folder)
        raise CockpitError(f"{name} is checked out elsewhere", where=where, remedy="git switch --detach there")


def _note(places: Places) -> Path:
    return places.git_dir / "cockpit-merge.json"
