"""Ways in which editors save a file, and how the stress keeps blind writers from overwriting each other unseen."""

from __future__ import annotations

import contextlib
import fcntl
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.writer import Writer
from cockpit.persist import journal
from cockpit.persist.objects import store
from cockpit.spec.parse import left_by_git


def save(writer: Writer, way: Callable[[], None], data: bytes | None, times: int = 1) -> None:
    """Save, and let no other blind writer save until somebody has looked."""
    with turn(writer):
        for _ in range(times):
            way()
            writer.think(0.1 if times > 1 else 0)
        if data is None:
            data = load(writer.places.spec)
        began, mine = time.monotonic(), blob(writer, data)
        while mine not in journal.ids(writer.places):
            time.sleep(0.002)
            if time.monotonic() > began + 30:
                raise TimeoutError(f"{writer.name}: nobody has seen the save")
        writer.log.say([], notice=str(time.monotonic() - began))


@contextlib.contextmanager
def turn(writer: Writer) -> Iterator[None]:
    """One blind writer at a time."""
    with (writer.root.parent / "blind").open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def in_place(path: Path, data: bytes) -> None:
    """As nano and VS Code."""
    with path.open("wb") as file:
        file.write(data)


def by_rename(path: Path, data: bytes) -> None:
    """As editors that write beside it first."""
    fresh = path.with_name("saving")
    fresh.write_bytes(data)
    fresh.replace(path)


def like_vim(path: Path, data: bytes) -> None:
    """As vim: the old file is the backup for a moment."""
    backup = path.with_name(path.name + "~")
    with contextlib.suppress(FileNotFoundError):
        path.rename(backup)
    path.write_bytes(data)
    backup.unlink(missing_ok=True)


def load(path: Path) -> bytes:
    """What an editor that is started now shows: a whole file."""
    while True:
        with contextlib.suppress(FileNotFoundError):
            data = path.read_bytes()
            if data.endswith(b"\n") and b"## Done" in data and not left_by_git(data):
                return data
        time.sleep(0.001)


def blob(writer: Writer, data: bytes) -> str:
    """The name of these bytes in git."""
    return store(writer.places).id_of("blob", data)
