"""What reports left open, and what was read of which file: one small file beside the spool, shared by all who read."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Generator
from pathlib import Path

import msgspec

from cockpit.errors import CockpitError

FILE = "reports.json"
JOBS = 1000
"""Jobs and files that are remembered, the last ones."""


class Memory(msgspec.Struct, omit_defaults=True):
    """What is known from reports so far. Losing it costs closers, and files read once more."""

    open: dict[str, dict[str, str]] = {}
    """Job to the keys it left open, each with its kind."""
    read: dict[str, str] = {}
    """File to the digest of what was read of it last."""


def load(folder: Path) -> Memory:
    """What is remembered in `folder`; nothing when there is no file or it is broken."""
    try:
        return msgspec.json.decode((folder / FILE).read_bytes(), type=Memory)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return Memory()


@contextlib.contextmanager
def change(folder: Path) -> Generator[Memory]:
    """The memory, to be changed: alone under a lock, and written when the block ends well. Raises CockpitError."""
    path = folder / FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder / f"{FILE}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise CockpitError(f"cannot write: {error.strerror}", where=str(path)) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        memory = load(folder)
        before = msgspec.json.encode(memory)
        yield memory
        memory.open = dict(list(memory.open.items())[-JOBS:])
        memory.read = dict(list(memory.read.items())[-JOBS:])
        after = msgspec.json.encode(memory)
        if after != before:
            temporary = path.with_suffix(".tmp")
            temporary.write_bytes(after)
            temporary.replace(path)
    except OSError as error:
        raise CockpitError(f"cannot write: {error.strerror}", where=str(path)) from error
    finally:
        os.close(handle)
