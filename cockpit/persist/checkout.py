"""What is changed in the human's own checkout: read, never touched, not even its index is refreshed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cockpit.paths import Places
from cockpit.persist import git

BYTES = 1024 * 1024
"""How much of git's answer is read: a checkout with more untracked files than that tells its first ones."""
_STATUS = ("status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--ignore-submodules=all")


@dataclass(frozen=True, slots=True)
class Dirty:
    """A path of the checkout that differs from HEAD."""

    path: str
    tracked: bool
    changed: float
    """When the file changed last, epoch seconds; for one that is gone, when its folder did."""


def dirty(places: Places) -> dict[str, Dirty]:
    """The changed files of the checkout by path; without the spec and `.cockpit/`, which are ours.

    Raises CockpitError with git's words.
    """
    answer = bytearray()
    for data in git.stream(places, *_STATUS):
        answer += data
        if len(answer) > BYTES:
            break
    ours = f"{places.local.relative_to(places.root).as_posix()}/"
    return {
        found.path: found
        for found in _entries(bytes(answer), places.root)
        if found.path != places.spec_name and not found.path.startswith(ours)
    }


def _entries(answer: bytes, root: Path) -> Iterator[Dirty]:
    for entry in answer.split(b"\0")[:-1]:
        path = os.fsdecode(entry[3:])
        yield Dirty(path, not entry.startswith(b"??"), _changed(root / path))


def _changed(path: Path) -> float:
    try:
        return path.lstat().st_mtime
    except (FileNotFoundError, NotADirectoryError):
        return _changed(path.parent) if path != path.parent else 0.0
    except OSError:
        return 0.0
