"""Logs as events: a file that grows, a pipe, a command that is run; line by line, as they come."""

from __future__ import annotations

import os
import selectors
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import IO, cast

import msgspec

from cockpit.clean import line
from cockpit.commands.sending import Way
from cockpit.errors import CockpitError
from cockpit.sense import Event
from cockpit.sense.lines import Lines

CHUNK = 262_144
BATCH = 0.05
"""Seconds in which lines are gathered before they are sent."""
MANY = 2000
"""Lines that are sent at once."""
LAST = 0.5
"""Seconds that a command's children may still say something after its end."""
LOOK = 1.0
"""Seconds after which a file is looked at though nothing told that it has changed (network folders tell nothing)."""


class Told:
    """What is read of one place, on its way. What is no text is told once and then only passed by."""

    def __init__(self, way: Way, about: Event) -> None:
        self.way = way
        self.about = about
        self.binary = ""
        self._waiting: list[Event] = []

    def lines(self) -> Lines:
        """One more stream of the same place: a command has two."""
        return Lines(self.about)

    def feed(self, lines: Lines, data: bytes) -> None:
        """Take a chunk; empty at the stream's end."""
        if not self.binary:
            try:
                self._waiting += lines.feed(data, time.time()) if data else lines.end(time.time())
            except CockpitError as error:
                self.binary = str(error)
            if len(self._waiting) >= MANY:
                self.flush()

    @property
    def waiting(self) -> bool:
        """Whether there are lines to be sent."""
        return bool(self._waiting)

    def flush(self) -> None:
        """Send what waits."""
        self.way.send(self._waiting)
        self._waiting = []

    def complain(self) -> None:
        """Say on stderr what was not taken."""
        if self.binary:
            print(f"cockpit: {line(self.binary, 300)}", file=sys.stderr)
        if self.way.lost:
            words = f"{self.way.lost} lines were not kept: no engine runs, and the spool is full"
            print(f"cockpit: {words} (cockpit run --detach starts one)", file=sys.stderr)


def follow_file(told: Told, path: Path, *, from_start: bool) -> None:
    """Tell the lines of a file as it grows, until interrupted. Raises CockpitError when it is no text to be read."""
    lines = told.lines()
    try:
        for data in tail(path, from_start=from_start, wait=_watch(path)):
            told.feed(lines, data)
            told.flush()
            if told.binary:
                raise CockpitError("a binary file", where=line(str(path), 200), remedy="follow a log of text")
    except KeyboardInterrupt:
        told.feed(lines, b"")
        raise
    finally:
        told.flush()


def follow_pipe(told: Told) -> int:
    """Pass stdin through to stdout unchanged, and tell its lines."""
    _pump(told, {0: 1}, lambda: False)
    told.complain()
    return 0


def run_job(told: Told, command: Sequence[str], folder: Path) -> int:
    """Run a command without a shell, pass its output through, tell its lines and how it ended; gives its exit status.

    An interrupt from the keyboard reaches the command itself, a SIGTERM is passed on. Raises CockpitError when it
    can't be started.
    """
    about = told.about
    begun = time.monotonic()
    try:
        process = subprocess.Popen(list(command), cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    except OSError as error:
        raise CockpitError(f"cannot start: {error.strerror}", where=line(command[0], 100)) from error
    except ValueError as error:
        raise CockpitError("no command", where=line(command[0], 100)) from error

    def pass_on(number: int, _frame: FrameType | None) -> None:
        process.send_signal(number)

    before = signal.signal(signal.SIGINT, signal.SIG_IGN), signal.signal(signal.SIGTERM, pass_on)
    words = line(" ".join(command), 120)
    told.way.send([_run(about, "started", f"{words}: started")])
    with process:
        out, bad = cast(IO[bytes], process.stdout).fileno(), cast(IO[bytes], process.stderr).fileno()
        _pump(told, {out: 1, bad: 2}, lambda: process.poll() is not None)
    signal.signal(signal.SIGINT, before[0])
    signal.signal(signal.SIGTERM, before[1])
    status = process.returncode
    how = f"exit {status}" if status >= 0 else f"ended by {_named(-status)}"
    ended = _run(about, "failed" if status else "passed", f"{words}: {how if status else 'passed'}")
    attrs = {"exit": status, "seconds": round(time.monotonic() - begun, 3)}
    level = "error" if status else "info"
    told.way.send([msgspec.structs.replace(ended, attrs=attrs, level=level)])
    told.complain()
    return status if status >= 0 else 128 - status


def tail(path: Path, *, from_start: bool, wait: Callable[[], object]) -> Iterator[bytes]:
    """What is written to a file, for ever: through its rotation (another file has its name) and its truncation.

    `wait` is called whenever there is nothing. Raises CockpitError when it can't be read at the beginning.
    """
    handle = _open(path)
    try:
        if not from_start:
            os.lseek(handle, 0, os.SEEK_END)
        while True:
            if data := os.read(handle, CHUNK):
                yield data
                continue
            info = os.fstat(handle)
            if info.st_size < os.lseek(handle, 0, os.SEEK_CUR):
                os.lseek(handle, 0, os.SEEK_SET)
                continue
            if _other(path, info):
                if data := os.read(handle, CHUNK):  # what was written before its name was given away
                    yield data
                    continue
                os.close(handle)
                handle = -1
                handle = _open(path)
                continue
            wait()
    finally:
        if handle >= 0:
            os.close(handle)


def _other(path: Path, info: os.stat_result) -> bool:
    """Whether the name belongs to another file now; while it belongs to none, the old one is read on."""
    try:
        now = path.stat()
    except OSError:
        return False
    return (now.st_dev, now.st_ino) != (info.st_dev, info.st_ino) and stat.S_ISREG(now.st_mode)


def _open(path: Path) -> int:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise CockpitError(f"cannot read: {error.strerror}", where=line(str(path), 200)) from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise CockpitError("no file", where=line(str(path), 200), remedy="a pipe is read with --follow -")
    return handle


def _watch(path: Path) -> Callable[[], object]:
    """Waits until something happened to that file, or a second."""
    from watchfiles import Change, watch

    def ours(_change: Change, changed: str) -> bool:
        return Path(changed).name == path.name

    changes = watch(
        path.parent, watch_filter=ours, recursive=False, step=20, debounce=100, rust_timeout=int(LOOK * 1000),
        yield_on_timeout=True, raise_interrupt=True,
    )  # fmt: skip
    return lambda: next(changes, None)


def _pump(told: Told, ways: dict[int, int], over: Callable[[], bool]) -> None:
    """Copy each file descriptor to its other, and tell its lines, until all have ended; once `over` says that who
    writes there has ended, until nothing more comes."""
    with selectors.PollSelector() as selector:
        for source, sink in ways.items():
            selector.register(source, selectors.EVENT_READ, (sink, told.lines()))
        due = time.monotonic()
        while selector.get_map():
            ended = over()
            ready = selector.select(BATCH if told.waiting else LAST)
            for key, _ in ready:
                data = os.read(key.fd, CHUNK)
                sink, lines = key.data
                _write(sink, data)
                told.feed(lines, data)
                if not data:
                    selector.unregister(key.fd)
            if told.waiting and (not ready or time.monotonic() >= due):
                told.flush()
                due = time.monotonic() + BATCH
            if ended and not ready:
                break
    told.flush()


def _write(sink: int, data: bytes) -> None:
    while data:
        data = data[os.write(sink, data) :]


def _run(about: Event, state: str, what: str) -> Event:
    return msgspec.structs.replace(about, kind="ci.run", state=state, what=what, at=time.time())


def _named(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
