"""The measured criteria and what is on record of them; read when the spec has any (R156)."""

from __future__ import annotations

import functools
import os
from pathlib import Path

from cockpit import facts
from cockpit.errors import CockpitError
from cockpit.gauges import Gauge
from cockpit.paths import Places
from cockpit.persist import branches
from cockpit.spec import Document, Measure, measures


def gauges(places: Places, document: Document, tip: str) -> tuple[Gauge, ...]:
    """Each measured criterion with its comparable measurements; fresh where the last is of the code at `tip`."""
    found: list[Gauge] = []
    for measure in measures(document):
        history = tuple(one for one in history_of(places, measure.id) if one.digest == measure.digest)
        fresh = bool(history) and bool(tip) and not moved(places, history[-1].commit, tip)
        found.append(Gauge(measure, history, fresh))
    return tuple(found)


def history_of(places: Places, id: str) -> tuple[facts.Measurement, ...]:
    """All that was measured of that criterion, the oldest first."""
    path = facts.measurements(places.local, id)
    try:
        info = os.stat(path)  # noqa: PTH116 - each pass asks
    except OSError:
        return ()
    return _history(path, info.st_mtime_ns, info.st_size)


@functools.lru_cache(maxsize=64)
def _history(path: Path, _changed: int, _size: int) -> tuple[facts.Measurement, ...]:
    return tuple(facts.lines(path, facts.Measurement))


def keep(places: Places, measure: Measure, found: facts.Measurement) -> None:
    """Put a measurement on record. Raises CockpitError when that cannot be written."""
    path = facts.measurements(places.local, measure.id)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        facts.append(path, [found])
    except OSError as error:
        raise CockpitError(f"cannot write a measurement: {error.strerror}", where=str(path)) from error


def moved(places: Places, old: str, new: str) -> bool:
    """Whether anything but the spec is another in these commits; a commit that is gone counts as another."""
    return old != new and _moved(places, old, new)


@functools.lru_cache(maxsize=256)
def _moved(places: Places, old: str, new: str) -> bool:
    try:
        return branches.moved(places, old, new)
    except CockpitError:
        return True
