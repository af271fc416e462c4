"""What the delegates have used, told by their turns: one that has ended is read once, one that runs as it grows."""

from __future__ import annotations

import contextlib
import functools
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import msgspec

from cockpit import cache, facts, persist, select
from cockpit.act import agents
from cockpit.act.prices import Prices, priced, prices
from cockpit.act.usage import of_turn
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.spent import Usage

NAME = "loop.json"


class Begun(msgspec.Struct, frozen=True):
    """`.cockpit/loop.json`: since when the budget of the loop counts, and what the control said when we looked last."""

    loop: str = ""
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Spending:
    """What was spent, and by which turn: `turns` is keyed by the turn's folder."""

    account: select.Account = field(default_factory=select.Account)
    turns: Mapping[Path, Usage] = field(default_factory=dict[Path, Usage])
    trouble: str = ""
    """Why prices could not be read."""


def spending(places: Places, now: float) -> Spending:
    """Everything that the turns on disk tell. `now` is epoch seconds; a day begins at local midnight."""
    trouble = ""
    known: Prices = {}
    try:
        known = prices(places.root)
    except CockpitError as error:
        trouble = str(error)
    since, midnight = _begun(places).at, _midnight(now)
    loop = day = select.Spent()
    items: dict[str, select.Spent] = {}
    used: dict[Path, Usage] = {}
    for folder in folders(places.delegates):
        told = _told(folder, places.root)
        if told is None:
            continue
        usage = used[folder] = priced(told.usage, known)
        one = _spent(told, usage, now)
        item = folder.parent.name
        items[item] = items.get(item, select.Spent()) + one
        loop += one if told.at >= since else select.Spent()
        day += one if told.at >= midnight else select.Spent()
    return Spending(select.Account(loop, day, items), used, trouble)


def note(places: Places, loop: str) -> bool:
    """Remember what the control of the loop says; true when it was set on just now, by whomever: its budget is new.

    Raises CockpitError when that cannot be written.
    """
    before = _begun(places)
    if before.loop == loop:
        return False
    begins = bool(before.loop) and loop == "on"
    cache.save(places.local / NAME, Begun(loop, time.time() if begins else before.at))
    return begins


def _begun(places: Places) -> Begun:
    """What was noted last; without it the timeline knows when the loop was set on."""
    noted = cache.load(places.local / NAME, Begun)
    if noted is not None:
        return noted
    with contextlib.suppress(CockpitError):
        for act in persist.timeline(places, limit=1, verb="loop on"):
            return Begun(at=act.at)
    return Begun()


def _midnight(now: float) -> float:
    return datetime.fromtimestamp(now).replace(hour=0, minute=0, second=0, microsecond=0).timestamp()


def folders(delegates: Path) -> list[Path]:
    """The folders of all turns."""
    found: list[Path] = []
    with contextlib.suppress(OSError), os.scandir(delegates) as items:
        for item in items:
            with contextlib.suppress(OSError), os.scandir(item) as turns:
                found += [delegates / item.name / turn.name for turn in turns if turn.name.isdecimal()]
    return found


@dataclass(frozen=True, slots=True)
class Told:
    """What one turn's folder says of its cost."""

    at: float
    """When it was dispatched, epoch seconds."""
    begun: float | None
    """When its runner began, None before."""
    usage: Usage
    seconds: float | None = None
    """How long it took, None while it goes on."""


def _told(folder: Path, root: Path) -> Told | None:
    """None without a readable dispatch. What has ended is read once; of what runs the events when they grew."""
    end, events = _stat(folder / "sentinel"), _stat(folder / "events.ndjson")
    size = events.st_size if events else -1
    return _under_way(folder, root, size) if end is None else _ended(folder, root, size, end.st_mtime_ns, end.st_size)


@functools.lru_cache(maxsize=65536)
def _ended(folder: Path, root: Path, events: int, changed: int, _size: int) -> Told | None:
    told = _under_way(folder, root, events)
    if told is None:
        return None
    with contextlib.suppress(CockpitError):
        if end := facts.read(folder, facts.Sentinel):
            return replace(told, seconds=end.seconds)
    return replace(told, seconds=changed / 1e9 - told.begun if told.begun else 0.0)  # a torn one: its file has an age


def _under_way(folder: Path, root: Path, events: int) -> Told | None:
    try:
        dispatch, running = facts.read(folder, facts.Dispatch), facts.read(folder, facts.Running)
    except CockpitError:
        return None
    if dispatch is None:
        return None
    seconds = None
    if running is not None and not facts.alive(running):  # it died without a word: its log says when it was last heard
        log = _stat(folder / "pane.log")
        seconds = max(0.0, (log.st_mtime if log else running.at) - running.at)
    usage = _usage(folder, dispatch.agent, dispatch.model, root, events)
    return Told(dispatch.at, running.at if running else None, usage, seconds)


@functools.lru_cache(maxsize=4096)
def _usage(folder: Path, agent: str, model: str, root: Path, _size: int) -> Usage:
    with contextlib.suppress(CockpitError):
        return of_turn(agents.load(agent, root).events, folder, model)
    return Usage()


def _spent(told: Told, usage: Usage, now: float) -> select.Spent:
    seconds = told.seconds if told.seconds is not None else max(0.0, now - (told.begun or now))
    over = told.seconds is not None
    return select.Spent(
        turns=1,
        minutes=seconds / 60,
        tokens=usage.tokens,
        usd=usage.usd,
        no_tokens=int(over and usage.tokens is None),
        no_usd=int(over and usage.usd is None),
        on_plan=(usage.usd or 0.0) if usage.billing == "subscription" else 0.0,
    )


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None
