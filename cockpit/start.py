"""Starting and ending the engine's process from outside: the screen and the shell do it alike (design, section 3)."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import time

from cockpit import wire
from cockpit.errors import CockpitError
from cockpit.paths import Places

PATIENCE = 20.0
"""Seconds an engine may take to answer, or to end."""


def holder(places: Places) -> tuple[int, str] | None:
    """Process id and spec of the engine that holds the lock; None when none runs."""
    try:
        handle = os.open(places.lock, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CockpitError(f"cannot read: {error.strerror}", where=str(places.lock)) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        pid, _, spec = os.pread(handle, 8192, 0).decode(errors="replace").partition("\n")
        return (int(pid) if pid.isdecimal() else 0), spec.strip()
    finally:
        os.close(handle)
    return None


def check(places: Places) -> None:
    """Raise CockpitError when the engine that runs here is for another spec: there is one engine a repository."""
    running = holder(places)
    if running is not None and running[1] not in ("", str(places.spec)):
        raise CockpitError(
            f"the engine of this repository runs {running[1]}",
            where=str(places.spec),
            remedy="cockpit stop ends it, or open that spec",
        )


def engine(places: Places) -> bool:
    """Start the engine of this repository unless it runs; True when it was us. Returns once it answers.

    It gets a session of its own, so that neither the screen's end nor the terminal's takes it along. Raises
    CockpitError with its own words when it ends at once, or when the running one is for another spec.
    """
    places.make()
    check(places)
    if wire.latest(places.socket) is not None:
        return False
    words = places.local / "engine.out"
    with words.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "cockpit", "-C", str(places.root), "run", str(places.spec)],
            cwd=places.root,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if wire.latest(places.socket) is not None:
            return process.poll() is None
        if process.poll() is not None and holder(places) is None:
            told = words.read_text(errors="replace").strip().removeprefix("cockpit: ")
            raise CockpitError(f"the engine ended at once: {told or f'status {process.returncode}'}", where=str(words))
        time.sleep(0.02)
    raise CockpitError(f"the engine does not answer after {PATIENCE:.0f} s", where=str(places.local / "engine.log"))


def stop(places: Places) -> bool:
    """End the engine and wait until it has let go of its lock; False when none ran. Delegates go on.

    Raises CockpitError when it does not end.
    """
    running = holder(places)
    if running is None:
        return False
    deadline = time.monotonic() + PATIENCE
    while not wire.ask(places.socket, "stop") and holder(places) is not None:  # it may only just have started
        if time.monotonic() > deadline:
            break
        time.sleep(0.05)
    while holder(places) is not None:
        if time.monotonic() > deadline:
            raise CockpitError(f"process {running[0]} does not end", remedy=f"kill {running[0]}: nothing is lost")
        time.sleep(0.02)
    return True
