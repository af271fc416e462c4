"""What the runner shares with its pane: signals that come, words that go, pipes that are read."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
from collections.abc import Callable, Generator
from pathlib import Path

LOG_CAP = 16 * 1024 * 1024
"""Bytes that the log of a pane may have."""
KEPT = 4 * 1024 * 1024
"""Bytes of its end that stay when it was cut."""


def say(words: str) -> None:
    """Print to the pane; a pane that is gone is no reason to stop."""
    data = words.encode(errors="replace")
    with contextlib.suppress(OSError):
        while data:
            data = data[os.write(1, data) :]


def hush(_words: str) -> None:
    """Print nothing: an interactive agent owns the screen."""


@contextlib.contextmanager
def bells() -> Generator[socket.socket]:
    """A socket that rings for INT, TERM, HUP and USR1 from now on."""
    ear, mouth = socket.socketpair()
    ear.setblocking(False)
    mouth.setblocking(False)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1):
        signal.signal(number, _rung)
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    signal.set_wakeup_fd(mouth.fileno(), warn_on_full_buffer=False)
    with ear, mouth:
        yield ear


def _rung(_number: int, _frame: object) -> None:
    """The wakeup socket has the number already."""


def ring(bell: socket.socket) -> signal.Signals | None:
    """The next signal that came, None when there is none."""
    try:
        data = bell.recv(1)
    except BlockingIOError:
        return None
    return signal.Signals(data[0]) if data else None


def trim(path: Path) -> bool:
    """Keep the last `KEPT` bytes, from a whole line on, of a log that is over `LOG_CAP`; whether it was.

    It is cut in place, for tmux appends to that very file; what it appends in this instant may be lost.
    """
    try:
        if path.stat().st_size <= LOG_CAP:
            return False
        with path.open("r+b", buffering=0) as file:
            file.seek(-KEPT, os.SEEK_END)
            tail = file.read(KEPT).partition(b"\n")[2]
            file.truncate(0)
        with path.open("ab", buffering=0) as file:
            file.write(b"[what stood here was cut off: the log was too long]\n" + tail)
    except OSError:
        return False
    return True


def pump(handle: int, feed: Callable[[bytes], None]) -> bool:
    """Give what can be read now, 1 MiB at most, to `feed`; False when the other side has closed."""
    for _ in range(16):
        try:
            data = os.read(handle, 65536)
        except BlockingIOError:
            return True
        except OSError:
            return False
        if not data:
            return False
        feed(data)
    return True
