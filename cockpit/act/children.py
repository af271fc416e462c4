"""Starting, stopping and sweeping the processes of one turn (agents, section 3: killing one pid is not enough)."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

from cockpit import facts
from cockpit.act.launch import MARK

PR_SET_PDEATHSIG = 1


def start(
    argv: Sequence[str], env: dict[str, str], cwd: Path, stdin: IO[bytes] | int, output: int | None, *, tty: bool
) -> subprocess.Popen[bytes]:
    """Start an agent that dies with us. tty: it gets the pane's terminal; else a session of its own, without one.

    Without a terminal a password prompt fails at once instead of hanging. Raises OSError when it cannot be started.
    """
    return subprocess.Popen(
        argv,
        env=env,
        cwd=cwd,
        stdin=None if tty else stdin,
        stdout=output,
        stderr=output,
        start_new_session=not tty,
        preexec_fn=_ready(tty),  # we have one thread
    )


def _ready(tty: bool) -> Callable[[], None]:
    libc = ctypes.CDLL(None)

    def ready() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL))
        if tty:
            os.setpgid(0, 0)
            foreground()
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)

    return ready


def foreground() -> None:
    """Make our process group the one that the terminal listens to; nothing when there is no terminal."""
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    try:
        os.tcsetpgrp(0, os.getpgrp())
    except OSError:
        return


def send(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Send a signal to the agent's whole process group."""
    try:
        os.killpg(child.pid, number)
    except (ProcessLookupError, PermissionError):
        return


def marked(folder: Path) -> list[int]:
    """Processes that carry the mark of this turn, ourselves excepted."""
    mark = os.fsencode(f"{MARK}={folder}")
    found: list[int] = []
    for entry in os.scandir("/proc"):
        if not entry.name.isdecimal() or int(entry.name) == os.getpid():
            continue
        try:
            environ = Path(entry.path, "environ").read_bytes()
        except OSError:
            continue
        if mark in environ.split(b"\0"):
            found.append(int(entry.name))
    return found


def sweep(folder: Path, grace: float) -> int:
    """End what a turn left behind: TERM, a grace, KILL. Gives how many processes there were."""
    left = {pid: facts.started(pid) for pid in marked(folder)}
    for number, wait in ((signal.SIGTERM, grace), (signal.SIGKILL, 1.0)):
        for pid, birth in left.items():
            if birth is not None and facts.started(pid) == birth:
                try:
                    os.kill(pid, number)
                except OSError:
                    continue
        limit = time.monotonic() + wait
        while any(birth is not None and facts.started(pid) == birth for pid, birth in left.items()):
            if time.monotonic() > limit:
                break
            time.sleep(0.02)
    return len(left)
