"""Ticking the task that an item came from, where it came from, once the item is done (R145: both sides stay true)."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

from cockpit import persist, track
from cockpit.clean import line
from cockpit.engine.look import Look
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import beside
from cockpit.spec import SpecError


def tick(places: Places, seen: Look) -> list[str]:
    """Tick what is due; gives a line for each that has to wait, with the reason.

    Nothing is remembered: the box itself says whether it is ticked. A task that was taken out of its file is nobody's.
    """
    due = track.due(seen.document)
    if not due or not seen.readable or not seen.home_tip or persist.busy(places):
        return []
    waits: list[str] = []
    for item, origin in due:
        try:
            left = _left(places, seen.home_tip, origin.path)
            if left is not None:
                if origin.name in left:
                    act = persist.Act("tick", item.id, "engine", str(origin), f"Tick {line(str(origin), 60)}")
                    words = beside.amend(places, seen.home, origin.path, _ticked(places, seen, origin), act)
                    waits += [f"{item.id}: its task waits to be ticked: {words}"] if words else []
            elif track.is_open(beside.on_disk(places, origin.path), origin.name):
                beside.swap(places, origin.path, _ticked(places, seen, origin))
        except (CockpitError, SpecError) as error:
            waits.append(f"{item.id}: its task cannot be ticked in {line(origin.path, 80)}: {line(str(error), 120)}")
    return waits


def _ticked(places: Places, seen: Look, origin: track.Origin) -> Callable[[bytes], bytes]:
    status = track.last_status(_config(places, seen.home_tip, origin.path))

    def op(data: bytes) -> bytes:
        try:
            return track.tick(data, origin.name, status)
        except track.NoSuchTask:  # taken out in this very moment
            return data

    return op


@functools.lru_cache(maxsize=64)
def _left(places: Places, tip: str, path: str) -> frozenset[str] | None:
    """Names of the tasks that are open in that file as a commit has it; None when it has none. A tip is read once."""
    data = beside.committed(places, tip, path)
    return None if data is None else frozenset(task.name for task in track.tasks(data) if not task.done)


def _config(places: Places, tip: str, path: str) -> bytes:
    """Backlog.md's own `config.yml`, which names the statuses; empty for other files."""
    folder = Path(path).parent
    if folder.name != "tasks":
        return b""
    name = (folder.parent / "config.yml").as_posix()
    return beside.committed(places, tip, name) or b""
