"""A change to one file beside the spec: a task file whose box is ticked when its item is done.

A file that git has is changed by a commit of its own on the branch, and the checkout follows as in a merge: nothing
that is dirty is touched. A file that git doesn't have is swapped on disk.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import files, git, merging, seal
from cockpit.persist.commit import TRIES, Act, message
from cockpit.persist.objects import store

MOST = 4 * 1024 * 1024
"""Bytes of a file beside the spec; a larger one is no task file."""


def committed(places: Places, commit: str, path: str) -> bytes | None:
    """That file as a commit has it, in git's form; None when it has none."""
    objects = store(places)
    blob = objects.blob_at(commit, path) if commit and _inside(path) else None
    read = objects.read(blob) if blob else None
    return read[1] if read is not None else None


def on_disk(places: Places, path: str) -> bytes:
    """A file that git doesn't have. Raises CockpitError when it can't be read or is no plain file of a sane size."""
    place = places.root / path
    try:
        if not place.is_file():
            raise CockpitError("no such file" if not place.exists() else "not a plain file", where=str(place))
        if place.stat().st_size > MOST:
            raise CockpitError(f"larger than {MOST >> 20} MB: no task file", where=str(place))
        return place.read_bytes()
    except OSError as error:
        raise CockpitError(f"cannot read: {error.strerror}", where=str(place)) from error


def amend(places: Places, target: str, path: str, op: Callable[[bytes], bytes], act: Act) -> str:
    """Commit `op` of that file on the branch `target`; gives the words for why it waits, empty when it is done.

    Raises what `op` raises, and CockpitError in the middle of a rebase or when git cannot be written.
    """
    objects = store(places)
    for attempt in range(TRIES):
        tip = git.tip(places, target) or ""
        before = committed(places, tip, path)
        if before is None:
            raise CockpitError("the file is gone from git", where=path)
        after = op(before)
        if after == before:
            return ""
        root = objects.read(f"{tip}^{{tree}}")
        tree = objects.with_file(root[0] if root else "", path, objects.write("blob", after))
        moved = merging.merge(places, target, tip, seal.commit(places, tree, [tip], message(act)))
        if moved.state == "merged":
            return ""
        if moved.state == "overwrites":
            return f"{path} holds changes of yours: commit or stash them"
        git.pause(attempt)
    return "the branch keeps moving"


def swap(places: Places, path: str, op: Callable[[bytes], bytes]) -> None:
    """`op` of a file that git doesn't have, exchanged in one step; what somebody wrote meanwhile is kept.

    Raises what `op` raises, and CockpitError when it can't be read or written.
    """
    for attempt in range(TRIES):
        before = on_disk(places, path)
        after = op(before)
        if after == before:
            return
        place = (places.root / path).resolve()
        fresh = place.with_name(f".{place.name[:100]}.{secrets.token_hex(4)}")
        try:
            files.put(fresh, after, like=place)
            if not files.swap(fresh, place):
                fresh.replace(place)
                return
            if fresh.read_bytes() == before:
                return
            files.swap(fresh, place)  # it was saved in this very moment: their version goes back, and we try again
        except OSError as error:
            raise files.unwritable(error, place) from error
        finally:
            fresh.unlink(missing_ok=True)
        git.pause(attempt)
    raise CockpitError("somebody keeps writing it", where=path)


def relative(places: Places, file: Path) -> str:
    """How an item names that file: relative to the repository's root when it lies in it, else in full.

    Raises CockpitError for a name that no line of the spec can hold.
    """
    full = Path(os.path.abspath(file))  # noqa: PTH100 - a link in the repository stays the name it has there
    inside = full.is_relative_to(places.root)
    name = full.relative_to(places.root).as_posix() if inside else str(full)
    if not name.isprintable() or "#" in name or "`" in name:
        raise CockpitError("a name that the spec can't hold (control characters, # or backticks)", where=repr(name))
    return name


def _inside(path: str) -> bool:
    return not path.startswith("/") and ".." not in path.split("/")
