"""A program in a pseudo-terminal, every byte it writes, and when."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Sequence


class Terminal:
    """160x45 cells by default, truecolor, no answers to queries (as tmux 3.3 gives none)."""

    def __init__(self, command: Sequence[str], *, columns: int = 160, rows: int = 45, cwd: str | None = None) -> None:
        self.started = time.perf_counter()
        self.pid, self.handle = pty.fork()
        if self.pid == 0:
            if cwd:
                os.chdir(cwd)
            environ = os.environ | {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
            for name in ("NO_COLOR", "TMUX", "COLUMNS", "LINES"):
                environ.pop(name, None)
            os.execvpe(command[0], list(command), environ)
        fcntl.ioctl(self.handle, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.seen = b""

    def read(self, seconds: float) -> bytes:
        """What comes within `seconds`: returns at the first bytes, empty when nothing came."""
        ready, _, _ = select.select([self.handle], [], [], max(seconds, 0.0))
        if not ready:
            return b""
        try:
            data = os.read(self.handle, 1 << 20)
        except OSError:
            data = b""
        self.seen += data
        return data

    def await_text(self, text: bytes, seconds: float = 20.0) -> float:
        """Seconds from the start until `text` was written."""
        deadline = time.perf_counter() + seconds
        while text not in self.seen:
            if time.perf_counter() > deadline:
                raise TimeoutError(f"{text!r} never came; the end was {self.seen[-400:]!r}")
            self.read(0.5)
        return time.perf_counter() - self.started

    def quiet(self, pause: float = 0.25, limit: float = 10.0) -> int:
        """Read until nothing comes for `pause` seconds; gives the count of bytes."""
        count, deadline = 0, time.perf_counter() + limit
        while time.perf_counter() < deadline:
            data = self.read(pause)
            if not data:
                break
            count += len(data)
        return count

    def press(self, key: bytes, seconds: float = 1.0) -> float | None:
        """Send a key; gives seconds until the first byte of the answer, None when none came."""
        begun = time.perf_counter()
        os.write(self.handle, key)
        return time.perf_counter() - begun if self.read(seconds) else None

    def close(self) -> None:
        """End the program and what it started in its session."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGTERM)
        deadline = time.perf_counter() + 5
        while os.waitpid(self.pid, os.WNOHANG) == (0, 0):
            if time.perf_counter() > deadline:
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
                break
            self.read(0.05)
        os.close(self.handle)
