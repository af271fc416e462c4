"""Running one command of the human's in a folder: its own process group, a time-out, the tail of its output."""

from __future__ import annotations

import contextlib
import os
import select
import selectors
import signal
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from cockpit.clean import clean
from cockpit.errors import CockpitError

TAIL = 65_536
"""Bytes of output kept, the last ones: that is where test runners say what failed."""
GRACE = 2.0
"""Seconds between asking a group to end and killing it."""


_under_way: set[int] = set()
_cut: set[int] = set()
_lock = threading.Lock()


class Cut(CockpitError):
    """The command was ended by `cut`: what it was for has no result and is done again."""


@dataclass(frozen=True, slots=True)
class Run:
    """How a command ended. `code` is the shell's exit status, negative for a signal; None when the time was up."""

    code: int | None
    seconds: float
    output: str
    """Standard output and error as they came, cleaned; the last 64 KiB."""

    @property
    def words(self) -> str:
        """`exit 1`, `killed by SIGSEGV`, `time-out`."""
        if self.code is None:
            return "time-out"
        if self.code < 0:
            return f"killed by {signal.Signals(-self.code).name}"
        return f"exit {self.code}" + {126: " (not executable)", 127: " (command not found)"}.get(self.code, "")


def run(command: str, folder: Path, timeout: float) -> Run:
    """Run `command` with `sh -c` in `folder` for at most `timeout` seconds.

    The text is the human's own, from the spec; nothing of an agent's is ever in it. Standard input is closed, git's
    variables are gone. Whatever the command started in its group is killed when it ends. Raises CockpitError when it
    cannot be started, Cut when it was cut short.
    """
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    begun = time.monotonic()
    try:
        process = subprocess.Popen(
            ["sh", "-c", command],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            bufsize=0,
        )
    except OSError as error:
        raise CockpitError(f"cannot run the verification: {error.strerror}", where=str(folder)) from error
    pipe = process.stdout
    assert pipe is not None  # noqa: S101
    try:
        end = os.pidfd_open(process.pid)
    except OSError as error:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        pipe.close()
        raise CockpitError("this kernel has no pidfd", remedy="Linux 5.3 or newer") from error
    _under_way.add(process.pid)
    ended = False
    try:
        tail, ended = _follow(pipe.fileno(), end, begun + timeout)
    finally:
        _end_group(process.pid, end, ask=not ended)
        with _lock:
            _under_way.discard(process.pid)
            process.wait()  # only now may the number be used again
            was_cut = process.pid in _cut
            _cut.discard(process.pid)
        os.close(end)
        pipe.close()
    if was_cut:
        raise Cut("the verification was cut short")
    return Run(process.returncode if ended else None, time.monotonic() - begun, clean(tail))


def cut() -> None:
    """End every command under way, from any thread: the engine stops. `run` then raises Cut."""
    with _lock:
        for pid in _under_way:
            _cut.add(pid)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)


def _follow(pipe: int, end: int, deadline: float) -> tuple[bytes, bool]:
    """The tail of the output, and whether the command ended before `deadline` (`end` is its pidfd).

    Not until the pipe's end: a child left behind may hold it for ever. After the command has ended, at most a
    pipe full is read.
    """
    tail = bytearray()
    dropped = False
    ended = False
    after = 0
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        selector.register(end, selectors.EVENT_READ)
        while not ended and (left := deadline - time.monotonic()) > 0:
            ready = {key.fd for key, _ in selector.select(left)}
            after += end in ready
            if pipe in ready and after <= 16:
                chunk = os.read(pipe, TAIL)
                if not chunk:
                    selector.unregister(pipe)
                tail += chunk
            else:
                ended = end in ready
            if len(tail) > 2 * TAIL:
                dropped = True
                del tail[:-TAIL]
    if dropped or len(tail) > TAIL:
        return b"... the beginning is cut off ...\n" + tail[-TAIL:].partition(b"\n")[2], ended
    return bytes(tail), ended


def _end_group(pid: int, end: int, *, ask: bool) -> None:
    """End what is left of the group. Its leader isn't reaped yet, so the number is still its own."""
    with contextlib.suppress(ProcessLookupError):
        if ask:
            os.killpg(pid, signal.SIGTERM)
            select.select([end], [], [], GRACE)
        os.killpg(pid, signal.SIGKILL)
