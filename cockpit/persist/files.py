"""Reading and swapping one file beside editors that know nothing of us (limits-substrate, section 2)."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import os
import signal
import stat
import threading
import time
from pathlib import Path

from cockpit.errors import CockpitError
from cockpit.plain import opened, plain

AT_FDCWD = -100
RENAME_EXCHANGE = 2
PATIENCE = 1.0
"""Seconds to wait for a writer to close the file, or for a vim-style save to bring the name back."""
STEP = 0.002

_libc = ctypes.CDLL(None, use_errno=True)


def look(path: Path, limit: int | None = None) -> tuple[bytes, bool]:
    """The file's bytes, and whether nobody had it open for writing while we read (False: we waited in vain).

    A read lease is refused while a writer has the file open, so a half-written save is never seen. Where there are no
    leases the file counts as quiet when its size and time stand still. Raises FileNotFoundError when the name stays
    away longer than an editor's save takes, OSError otherwise, and what `opened` raises.
    """
    deadline = time.monotonic() + PATIENCE
    while True:
        late = time.monotonic() > deadline
        try:
            with opened(path, limit) as file:
                leased = _lease(file.fileno())
                if leased is None or (late and not leased):
                    data = _still(path, file.fileno(), limit)
                    if data is not None:
                        return data, not late
                elif leased:
                    return file.read(), True
        except FileNotFoundError:
            if late:
                raise
        if late and time.monotonic() > deadline + PATIENCE:
            return plain(path, limit), False
        time.sleep(STEP)


def _lease(fd: int) -> bool | None:
    """Take a read lease: True held (until the file is closed), False a writer is there, None not possible here."""
    _ignore_breaks()
    try:
        fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except OSError as error:
        return False if error.errno == errno.EAGAIN else None
    return True


def _ignore_breaks() -> None:
    # A broken lease sends SIGIO, whose default ends the process. Only the main thread may say so; Python's other
    # threads share the disposition. A program that handles SIGIO itself keeps its handler.
    if signal.getsignal(signal.SIGIO) == signal.SIG_DFL:
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGIO, signal.SIG_IGN)
        else:
            _libc.signal(signal.SIGIO, ctypes.c_void_p(1))


def _still(path: Path, fd: int, limit: int | None) -> bytes | None:
    before = os.fstat(fd)
    data = plain(path, limit)
    time.sleep(0.005)
    after = path.stat()
    same = (before.st_ino, before.st_size, before.st_mtime_ns) == (after.st_ino, after.st_size, after.st_mtime_ns)
    return data if same and len(data) == after.st_size else None


def put(fresh: Path, data: bytes, like: Path | None) -> None:
    """Write a file that nobody looks at yet, on disk when this returns, with the mode and owner of `like`.

    Raises FileNotFoundError when `like` is away, CockpitError when the disk is full or the folder cannot be written;
    nothing is left behind then.
    """
    try:
        fd = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o666)
        try:
            if like is not None:
                info = like.stat()
                if (info.st_uid, info.st_gid) != (os.getuid(), os.getgid()):
                    with contextlib.suppress(PermissionError):
                        os.fchown(fd, info.st_uid, info.st_gid)
                os.fchmod(fd, stat.S_IMODE(info.st_mode))
            view = memoryview(data)
            while view:
                view = view[os.write(fd, view) :]
            os.fsync(fd)
        finally:
            os.close(fd)
    except OSError as error:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)
        if isinstance(error, FileNotFoundError):
            raise
        raise unwritable(error, fresh) from error


def unwritable(error: OSError, path: Path) -> CockpitError:
    """What to tell when a write fails: nothing was changed, and what to do."""
    return CockpitError(
        f"cannot write: {error.strerror}; nothing was changed",
        where=str(path),
        remedy="make room on the disk" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "make it writable",
    )


def swap(one: Path, other: Path) -> bool:
    """Exchange two files atomically. True done; False where the file system cannot. Raises FileNotFoundError."""
    result = _libc.renameat2(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE)
    if result == 0:
        return True
    number = ctypes.get_errno()
    if number in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
        return False
    raise OSError(number, os.strerror(number), str(one))
