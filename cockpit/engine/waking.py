"""What wakes the engine: the kernel's hints, and what a sweep finds changed that no hint told of."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import AsyncIterator
from pathlib import Path

from watchfiles import Change, awatch  # pyright: ignore[reportUnknownVariableType]

from cockpit import persist
from cockpit.engine.senses import Senses
from cockpit.paths import Places
from cockpit.spec import Document

NOISE = (".lock", ".tmp", "pane.log", "events.ndjson", "engine.log", "index", ".offset")
"""Ends of names that change without meaning."""
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


def signature(places: Places, senses: Senses, document: Document | None) -> tuple[object, ...]:
    """What could have changed unseen: the spec and whose it is, HEAD, refs, the facts, how delegates are."""
    found: list[object] = [persist.lease(places)]
    paths = [places.spec, places.git_dir / "HEAD"]
    paths += sorted(places.delegates.glob("*/*"))
    paths += sorted(places.delegates.glob("*/*/events.ndjson"))
    for path in paths:
        with contextlib.suppress(OSError):
            info = path.stat()
            found.append((str(path), info.st_mtime_ns, info.st_size, info.st_ino))
    found.append(tuple(sorted(senses.living(time.time()).items())))
    found.append(senses.reports.stamps(document))
    found.append(senses.hooked.due(time.time()))
    return tuple(found)


def inode(path: Path) -> int:
    """Which file that is; 0 when there is none."""
    try:
        return path.stat().st_ino
    except OSError:
        return 0
