"""The spool: hooks append one line of JSON, the engine reads on (limits of the substrate, section 6).

It works with the engine down and costs an agent under a millisecond. One line is one write with O_APPEND, so writers
don't mix; a torn last line waits for its end.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import shlex
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import msgspec

from cockpit import cache
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.sense.events import CAP, Event, decode

LOT = 4 * 1024 * 1024
"""Bytes read at most in one go."""
LONG = 4 * 1024 * 1024
"""After so many bytes the disk gets back what was read."""
PUNCH, KEEP_SIZE = 2, 1


class Offset(NamedTuple):
    """How far a spool was read: another inode, or a file shorter than `at`, is a new file."""

    inode: int = 0
    at: int = 0


class Lot(NamedTuple):
    """What one read gave: events, one line of words for each bad line, and where to go on."""

    events: list[Event]
    errors: list[str]
    offset: Offset


def push(path: Path, event: Event) -> None:
    """Append the event as one line in one write. Raises CockpitError when it is too long or can't be written."""
    data = msgspec.json.encode(event) + b"\n"
    if len(data) > CAP:
        raise CockpitError(f"event over {CAP // 1024} KiB", remedy="put long text into a file and name it as evidence")
    append(path, data)


def push_all(path: Path, events: Iterable[Event], lot: int = 256 * 1024) -> None:
    """Append many events, a line each, in writes of about `lot` bytes. Raises CockpitError when one can't be written.

    One that is too long for a line is left out; our own readers make none.
    """
    waiting: list[bytes] = []
    size = 0
    for event in events:
        data = msgspec.json.encode(event) + b"\n"
        if len(data) > CAP:
            continue
        waiting.append(data)
        size += len(data)
        if size >= lot:
            append(path, b"".join(waiting))
            waiting, size = [], 0
    if waiting:
        append(path, b"".join(waiting))


def append(path: Path, data: bytes) -> None:
    """Append whole lines in one write, after the end of a line that a killed writer tore. Raises CockpitError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            size = os.fstat(handle).st_size
            if size and os.pread(handle, 1, size - 1) != b"\n":
                data = b"\n" + data
            if os.write(handle, data) != len(data):
                raise CockpitError("the disk is full", where=str(path))
        finally:
            os.close(handle)
    except OSError as error:
        raise CockpitError(f"cannot write: {error.strerror}", where=str(path)) from error


def read(path: Path, offset: Offset, now: float) -> Lot:
    """Read on from `offset` (`Offset()` at first). A missing spool is an empty one.

    Events without a time get `now` (epoch seconds). Raises CockpitError when the file can't be read.
    """
    try:
        with path.open("rb") as file:
            info = os.fstat(file.fileno())
            start = offset.at if offset.inode == info.st_ino and offset.at <= info.st_size else 0
            with contextlib.suppress(OSError):  # there is nothing behind it
                start = os.lseek(file.fileno(), start, os.SEEK_DATA)
            file.seek(start)
            data = file.read(LOT)
    except FileNotFoundError:
        return Lot([], [], Offset())
    except OSError as error:
        raise CockpitError(f"cannot read: {error.strerror}", where=str(path)) from error
    given = data.lstrip(b"\0")  # what was given back up to the middle of a block reads as zeros
    start, data = start + len(data) - len(given), given
    events: list[Event] = []
    errors: list[str] = []
    whole = data.rfind(b"\n") + 1
    if not whole and len(data) > CAP:
        return Lot([], [f"byte {start}: line over {CAP // 1024} KiB"], Offset(info.st_ino, start + len(data)))
    at = start
    for line in data[:whole].split(b"\n")[:-1]:
        if line.strip():
            try:
                events.append(decode(line, now))
            except CockpitError as error:
                errors.append(f"byte {at}: {error}")
        at += len(line) + 1
    return Lot(events, errors, Offset(info.st_ino, start + whole))


def give_back(path: Path, before: Offset, now: Offset) -> None:
    """Give the disk back what was read before `now`, whenever another `LONG` bytes were.

    The file gets a hole: no name and no writer's place changes, so no line can be lost. Where the file system knows no
    holes the file stays as it is.
    """
    if now.at // LONG == before.at // LONG and now.inode == before.inode:
        return
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if os.fstat(handle).st_ino == now.inode:
            fallocate = ctypes.CDLL(None).fallocate
            fallocate(handle, PUNCH | KEEP_SIZE, ctypes.c_long(0), ctypes.c_long(now.at))
    finally:
        os.close(handle)


def size(path: Path) -> int:
    """Bytes that the spool takes on the disk; 0 when there is none. Raises CockpitError."""
    try:
        info = path.stat()
    except FileNotFoundError:
        return 0
    except OSError as error:
        raise CockpitError(f"cannot write: {error.strerror}", where=str(path)) from error
    return min(info.st_size, info.st_blocks * 512)


def load(path: Path) -> Offset:
    """How far the spool at `path` was read before the engine ended; the beginning when nobody knows."""
    return cache.load(_memory(path), Offset) or Offset()


def save(path: Path, offset: Offset) -> None:
    """Remember how far the spool was read. A lost memory costs no more than old events read again."""
    cache.save(_memory(path), offset)


def sh_line(places: Places) -> str:
    """One line of `sh` for a hook that must cost nothing: no program is started, one line is appended."""
    event = '{"source":"hook","key":"build","state":"failing","what":"the build fails"}'
    return f"printf '%s\\n' {shlex.quote(event)} >> {shlex.quote(str(places.spool))}"


def _memory(path: Path) -> Path:
    return path.with_name(f"{path.name}.offset")
