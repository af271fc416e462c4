"""The settings files of agents on disk: read, changed in one swap, links followed where that is safe."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cockpit.errors import CockpitError

LARGEST = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Change:
    """A settings file before and after; None where there is none."""

    path: Path
    before: bytes | None
    after: bytes | None


def read(path: Path, root: Path | None) -> bytes | None:
    """What is in the settings file; None when there is none.

    Raises CockpitError for what is no file, is too long, cannot be read, or is led to out of the repository at `root`.
    """
    try:
        where = _target(path, root)
        handle = os.open(where, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)  # a pipe in its place must not hold us
        with os.fdopen(handle, "rb") as file:
            info = os.fstat(file.fileno())
            if not stat.S_ISREG(info.st_mode) or info.st_size > LARGEST:
                raise CockpitError("cannot be read: no file, or over 4 MiB", where=str(path))
            return file.read()
    except FileNotFoundError:
        if path.is_symlink():
            raise CockpitError("a link to nowhere", where=str(path), remedy="remove it, or make its target") from None
        return None
    except OSError as error:
        raise CockpitError(f"cannot read: {error.strerror}", where=str(path)) from error


def plan(path: Path, root: Path | None, edit: Callable[[bytes | None], bytes | None]) -> Change:
    """What the edit makes of the file. Raises CockpitError, naming it, where it cannot be read or understood."""
    before = read(path, root)
    try:
        return Change(path, before, edit(before))
    except CockpitError as error:
        where = f"{path}, {error.where}" if error.where else str(path)
        raise CockpitError(error.what, where=where, remedy=error.remedy) from error


def apply(change: Change, root: Path | None) -> None:
    """Carry the change out: in one swap, the file's mode kept. Raises CockpitError; the old file is then whole."""
    if change.after == change.before:
        return
    if read(change.path, root) != change.before:
        raise CockpitError("changed in this moment", where=str(change.path), remedy="try again")
    try:
        where = _target(change.path, root)
        if change.after is None:
            where.unlink()
            for folder in where.parents[: len(where.relative_to(root.resolve()).parts) - 1 if root else 1]:
                if any(folder.iterdir()):
                    break
                folder.rmdir()
            return
        where.parent.mkdir(parents=True, exist_ok=True)
        mode = stat.S_IMODE(where.stat().st_mode) if change.before is not None else 0o644
        handle, name = tempfile.mkstemp(dir=where.parent, prefix=f".{where.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(change.after)
                os.fchmod(file.fileno(), mode)
            Path(name).replace(where)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise CockpitError(f"cannot write: {error.strerror}", where=str(change.path)) from error


def _target(path: Path, root: Path | None) -> Path:
    """Where the file lies, links followed: a repository's must stay in it, the user's own may lead anywhere."""
    try:
        where = path.resolve()
    except RuntimeError as error:  # links in a circle
        raise CockpitError("links in a circle", where=str(path)) from error
    if root is not None and not where.is_relative_to(root.resolve()):
        raise CockpitError("leads out of the repository", where=str(path), remedy="use --user for your own settings")
    return where
