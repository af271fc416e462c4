"""What the verification wrote about its tests: copied out of the scratch before that is thrown away."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from cockpit.spec.globs import files

LARGEST = 16 * 1024 * 1024
"""Bytes a report may have to be kept."""
FOLDER = "reports"
"""In the turn's folder."""

Stamp = tuple[int, int, int]


def stamps(root: Path, patterns: Iterable[str]) -> dict[str, Stamp]:
    """The files below `root` that the globs name, by their paths there, each with what changes when it is written."""
    found: dict[str, Stamp] = {}
    for path in files(root, patterns):
        with contextlib.suppress(OSError):
            info = path.lstat()
            found[path.relative_to(root).as_posix()] = (info.st_mtime_ns, info.st_size, info.st_ino)
    return found


def keep(root: Path, patterns: Iterable[str], before: dict[str, Stamp], turn: Path) -> list[str]:
    """Copy what was written since `before` into the turn's folder, in place of what an earlier review left there.

    Gives their paths in `root`. One that is too large, or cannot be copied, is left out.
    """
    into = turn / FOLDER
    if not turn.is_dir():  # a branch is reviewed that no turn made
        return []
    if into.is_symlink():
        into.unlink()
    shutil.rmtree(into, ignore_errors=True)
    kept: list[str] = []
    for name, stamp in stamps(root, patterns).items():
        if stamp == before.get(name) or stamp[1] > LARGEST:
            continue
        with contextlib.suppress(OSError):
            handle = os.open(root / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
            with os.fdopen(handle, "rb") as file:
                data = file.read(LARGEST)
            target = into / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
            kept.append(name)
    return kept
