"""Reading and changing the spec beside people and programs that know nothing of us (limits-substrate, section 2).

Everyone who cooperates takes the same flock. Everyone else is noticed: what lies on disk is compared with the last
version we know, and a save made from an older version is merged with it by item ids. Every version is on the journal
before it is replaced. No edit of a cooperating writer is lost; bytes are lost only if two blind writers overwrite each
other within the milliseconds before we look.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path

from cockpit import spec
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import files, given, journal, origin
from cockpit.persist.lease import lease
from cockpit.persist.objects import store
from cockpit.spec import numbers

Op = Callable[[bytes], bytes]
ROUNDS = 50
KNOWN = 64
"""Bytes of the lock file that hold the id of the last known version; behind it the ids that were given."""


@dataclass(frozen=True, slots=True)
class Written:
    """The spec right before our edit and right after it; `conflicts` are words for what a merge could not settle."""

    before: bytes
    after: bytes
    conflicts: tuple[str, ...] = ()


@dataclass(slots=True)
class Desk:
    """The spec while we hold its lock. `known` is the blob id of the last version any of us saw, empty at first."""

    places: Places
    handle: int
    known: str
    fresh: Path
    """Where the next version is written before the swap; ours alone while we hold the lock."""
    given: dict[str, int]
    """The highest numbers of ids that the spec ever had."""
    conflicts: list[str] = field(default_factory=list[str])

    def remember(self, blob: str) -> None:
        """Note that this version is what lies on disk now."""
        if blob != self.known:
            os.pwrite(self.handle, f"{blob:<{KNOWN}}{given.words(self.given)}".encode(), 0)
            self.known = blob

    def came(self, old: bytes, new: bytes) -> None:
        """Another version was seen: the ids in it are given, whoever gave them."""
        for letter, number in numbers.newly(old, new).items():
            self.given[letter] = max(self.given.get(letter, 0), number)


def read(places: Places) -> bytes:
    """The spec as it is now. A save that an editor made from an old version is merged first, and the merge written.

    Raises CockpitError when there is no spec or it cannot be read.
    """
    data = _disk(places)
    try:
        known = (places.local / _lock_name(places)).read_bytes()[:KNOWN]
        if known.strip().decode("ascii", "replace") == _id(places, data):
            return data
    except OSError:
        pass
    if lease(places) is not None:
        return data
    try:
        with desk(places) as held:
            return settle(held)
    except CockpitError:
        needed = (places.spec.parent, places.local if places.local.exists() else places.root, places.common_dir)
        if all(os.access(folder, os.W_OK, effective_ids=True) for folder in needed):
            raise
        return data  # a read-only repository can still be looked at


def exchange(places: Places, op: Op) -> Written:
    """Apply a pure edit to the spec as it is on disk and swap the result in; whatever `op` raises leaves it untouched.

    Raises CockpitError when the spec is missing, unreadable, cannot be written, or is agent-doc's just now; nothing is
    lost then.
    """
    with desk(places) as held:
        return change(held, op)


@contextlib.contextmanager
def desk(places: Places) -> Generator[Desk]:
    """Hold the lock that all cooperating writers of this spec share; waits for it.

    Raises Refused while agent-doc drives the document itself, CockpitError when nothing can be written.
    """
    foreign = lease(places)
    if foreign is not None:
        raise foreign.refused()
    path = places.local / _lock_name(places)
    if not path.exists():  # a teammate's clone: the spec is there, init was never run
        exclude(places)
    try:
        path.parent.mkdir(exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise CockpitError(
            f"cannot write: {error.strerror}", where=str(path), remedy="make the repository writable"
        ) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        text = os.pread(handle, 4096, 0).decode("ascii", "replace")
        ids = given.read(text[KNOWN:])
        # In `.cockpit/`, so that no watcher and no `git add -A` sees it, but on the spec's own file system.
        near = path.parent.stat().st_dev == places.spec.parent.stat().st_dev
        fresh = (path.parent if near else places.spec.parent) / (path.name.removesuffix(".lock") + ".next")
        ids = given.gathered(places) if ids is None else ids
        with numbers.given(ids):
            yield Desk(places, handle, text[:KNOWN].strip(), fresh, ids)
    finally:
        os.close(handle)


def exclude(places: Places) -> None:
    """Add `.cockpit/` to `.git/info/exclude` once: the user's own .gitignore is not ours to edit."""
    path = places.common_dir / "info" / "exclude"
    try:
        path.parent.mkdir(exist_ok=True)
        now = path.read_bytes() if path.exists() else b""
        if b".cockpit/" in now.split(b"\n"):
            return
        with path.open("ab") as file:
            file.write((b"" if not now or now.endswith(b"\n") else b"\n") + b".cockpit/\n")
    except OSError as error:
        raise files.unwritable(error, path) from error


def settle(held: Desk) -> bytes:
    """Take in what others wrote since we last looked, and give the bytes that lie on disk then.

    What git itself put there and an edit of the newest version stand as they are; anything else is a save from an
    older version and is merged.
    """
    places = held.places
    if held.fresh.exists():
        _recover(held)
    disk = _disk(places)
    if _id(places, disk) == held.known:
        return disk
    origin.wait_for_git(places)
    disk = _disk(places)
    newest = _version(places, held.known)
    held.came(newest or b"", disk)
    if newest is None or origin.by_git(places, disk):
        held.remember(journal.store(places, disk, "git"))
        return disk
    missed = origin.unseen(places)
    if missed not in (None, disk):
        newest = _take_in(held, newest, missed)
    merged = _take_in(held, newest, disk)
    if merged != disk:
        return _put(held, disk, merged)
    held.remember(_id(places, disk))
    return disk


def change(held: Desk, op: Op) -> Written:
    """`exchange` for who holds the lock already."""
    while True:
        index = origin.index(held.places)
        before = settle(held)
        after = spec.through(before, op)
        if after == before:
            break
        try:
            after = _put(held, before, after, index)
            break
        except _Moved:  # git put another version there at that moment: the edit is made in that one
            continue
    return Written(before, after, tuple(held.conflicts))


def catch_up(held: Desk, before: bytes, after: bytes) -> tuple[bytes, bytes]:
    """Both versions of an act with what git brought into the branch beside it, the second one in the file."""
    missed = origin.unseen(held.places)
    if missed in (None, after):
        return before, after
    merged = _take_in(held, after, missed)
    return _take_in(held, before, missed), _put(held, after, merged) if merged != after else after


class _Moved(Exception):
    """What came out at the swap was git's; it lies there again."""


def _put(held: Desk, before: bytes, after: bytes, index: tuple[int, int] | None = None) -> bytes:
    """Swap `after` in for `before`; what comes out instead is merged and swapped again. Gives what lies there then.

    Raises _Moved when git had put another version there since the `index` was as given.
    """
    places = held.places
    for _ in range(ROUNDS):
        held.came(before, after)
        blob = journal.store(places, after)  # stored before swapped: a kill in between loses nothing
        came = _swap(held, after)
        held.remember(blob)
        if came == before:
            return after
        origin.wait_for_git(places)
        if index not in (None, origin.index(places)) and origin.by_git(places, came, there=False):
            held.remember(journal.store(places, came, "git"))
            out = _swap(held, came)
            merged = came if out == after else _take_in(held, came, out)
            if merged != came:
                _put(held, came, merged)
            raise _Moved
        merged = _take_in(held, after, came, unseen=1)
        if merged == after:
            return after
        before, after = after, merged
    raise CockpitError("somebody keeps rewriting the spec", where=str(places.spec), remedy="stop that program")


def _take_in(held: Desk, ours: bytes, theirs: bytes, unseen: int = 0) -> bytes:
    """Ours with what a foreign save changed, by lines alone when one of them cannot be read as a spec.

    The newest `unseen` versions were not on the disk yet when it was made.
    """
    places = held.places
    base, was = origin.base_of(places, journal.entries(places)[unseen:], theirs)
    journal.store(places, theirs, "save", base)
    held.came(ours, theirs)
    try:
        merged = spec.merge(was, ours, theirs)
    except spec.SpecError:
        merged = spec.merge_lines(was, ours, theirs)
    held.conflicts.extend(merged.conflicts)
    return merged.data


def _swap(held: Desk, data: bytes) -> bytes:
    """Put `data` in the spec's place and give the bytes that lay there at that very moment."""
    path = held.places.spec
    deadline = time.monotonic() + files.PATIENCE
    try:
        while True:
            try:
                files.put(held.fresh, data, like=path)
                exchanged = files.swap(held.fresh, path)
                break
            except FileNotFoundError as error:  # vim takes the name away for a moment when it saves
                if time.monotonic() > deadline:
                    raise _gone(held.places) from error
                time.sleep(files.STEP)
        if not exchanged:  # this file system cannot: look right before the rename
            came, _ = files.look(path)
            held.fresh.replace(path)
            return came
        came, quiet = files.look(held.fresh)
        if quiet:
            held.fresh.unlink()
        else:  # somebody may still write into the file that was the spec: keep it
            held.fresh.replace(held.places.local / f"left-open-{time.time_ns()}.md")
    except OSError as error:
        raise files.unwritable(error, path) from error
    return came


def _recover(held: Desk) -> None:
    """A writer was killed at the swap: its new file is still there, or the one that it had just taken out.

    All of ours are on the journal; anything else is a save of a blind editor that nobody looked at yet.
    """
    places = held.places
    came, _ = files.look(held.fresh)
    seen = journal.ids(places)
    newest = _version(places, seen[0]) if seen else None
    torn = newest is not None and newest.startswith(came)
    if torn or _id(places, came) in seen:
        held.fresh.unlink()
        return
    disk = _disk(places)
    merged = _take_in(held, disk, came)
    held.fresh.unlink()
    if merged != disk:
        held.remember(_id(places, disk))
        _put(held, disk, merged)


def _disk(places: Places) -> bytes:
    try:
        return files.look(places.spec, spec.LIMIT)[0]
    except FileNotFoundError as error:
        raise _gone(places) from error
    except OSError as error:
        raise CockpitError(f"cannot read: {error.strerror}", where=str(places.spec)) from error


def _gone(places: Places) -> CockpitError:
    name = places.spec_name
    return CockpitError(
        "there is no spec", where=str(places.spec), remedy=f"run cockpit init, or git checkout -- {name}"
    )


def _id(places: Places, data: bytes) -> str:
    return store(places).id_of("blob", data)


def _version(places: Places, blob: str) -> bytes | None:
    read = store(places).read(blob) if blob else None
    return read[1] if read is not None else None


def _lock_name(places: Places) -> str:
    return places.spec_name.replace("%", "%25").replace("/", "%2F") + ".lock"
