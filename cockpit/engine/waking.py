"""What wakes the engine: the kernel's hints, and what a sweep finds changed that no hint told of."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import time
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path

from watchfiles import Change, awatch  # pyright: ignore[reportUnknownVariableType]

from cockpit import persist
from cockpit.engine.look import Look
from cockpit.engine.senses import Senses
from cockpit.facts import Running
from cockpit.paths import Places
from cockpit.spec import Document

NOISE = (".lock", ".tmp", "pane.log", "events.ndjson", "engine.log", "index", ".offset")
"""Ends of names that change without meaning."""
QUIET = ("silent", "rings")
"""States that end with output, of which the kernel's watch tells nothing: panes write too often for that."""
_CACHE = re.compile(r"/\.cockpit/[^/]+\.json\Z")
"""What passes themselves keep beside the facts: a pass that woke the next one would never end."""


async def changes(folders: list[Path], *, recursive: bool) -> AsyncIterator[set[str]]:
    """The paths that changed below these folders, some at a time. Raises OSError or RuntimeError when a watch ends."""

    def wanted(_change: Change, path: str) -> bool:
        return not path.endswith(NOISE) and "/journal/" not in path and _CACHE.search(path) is None

    existing = [folder for folder in folders if folder.is_dir()]
    async for found in awatch(
        *existing, watch_filter=wanted, step=10, debounce=50, recursive=recursive, raise_interrupt=False
    ):
        yield {path for _, path in found}


def signature(places: Places, senses: Senses, document: Document | None, seen: Look | None) -> tuple[object, ...]:
    """What each sweep compares, cheap however many delegates there are: the spec and whose it is, HEAD, the streams of
    running delegates, and the panes of those that are said to be quiet.
    """
    found: list[object] = [persist.lease(places)]
    paths = [str(places.spec), str(places.git_dir / "HEAD")]
    for item, state in seen.states.items() if seen is not None else ():
        if not state.over:
            folder = seen.turns[item].folder if seen is not None else places.delegates
            paths.append(f"{folder}/{'pane.log' if state.name in QUIET else 'events.ndjson'}")
    found += map(_stamp, paths)
    found.append(senses.reports.stamps(document))
    found.append(senses.hooked.due(time.time()))
    return tuple(found)


def whole(places: Places, senses: Senses) -> tuple[object, ...]:
    """What could have changed unseen in the facts, or with time alone: folders of turns, states of delegates."""
    folders = [(str(folder), _stamp(str(folder))) for folder in sorted(places.delegates.glob("*/*"))]
    return (*folders, *sorted(senses.living(time.time()).items()))


def _stamp(path: str) -> tuple[int, int, int] | None:
    try:
        info = os.stat(path)  # noqa: PTH116 - many of them, often
    except OSError:
        return None
    return info.st_mtime_ns, info.st_size, info.st_ino


class Deaths:
    """Rings when a runner dies: the kernel tells it, nobody asks (pidfd). To be used in the loop's own thread."""

    def __init__(self, ring: Callable[[], None]) -> None:
        self.ring = ring
        self.watched: dict[Running, int] = {}

    def watch(self, running: Iterable[Running]) -> None:
        """Watch these processes, and no others any more."""
        wanted = set(running)
        for gone in self.watched.keys() - wanted:
            self._drop(gone)
        for one in wanted - self.watched.keys():
            with contextlib.suppress(OSError):
                handle = os.pidfd_open(one.pid)
                self.watched[one] = handle
                asyncio.get_running_loop().add_reader(handle, self._died, one)

    def close(self) -> None:
        """Watch nothing."""
        self.watch(())

    def _died(self, running: Running) -> None:
        self._drop(running)
        self.ring()

    def _drop(self, running: Running) -> None:
        handle = self.watched.pop(running)
        asyncio.get_running_loop().remove_reader(handle)
        os.close(handle)


def inode(path: Path) -> int:
    """Which file that is; 0 when there is none."""
    try:
        return path.stat().st_ino
    except OSError:
        return 0
