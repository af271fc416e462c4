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
from cockpit.act.prices import Prices, listed, priced, prices
from cockpit.act.usage import of_turn
from cockpit.clean import line
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.spent import Billing, Part, Usage

NAME = "loop.json"


class Begun(msgspec.Struct, frozen=True):
    """`.cockpit/loop.json`: since when the budget of the loop counts, and what the control said when we looked last."""

    loop: str = ""
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Spending:
    """What was spent, by which turns, in the order of dispatch."""

    account: select.Account = field(default_factory=select.Account)
    turns: tuple[select.Billed, ...] = ()
    loop: select.Bill = field(default_factory=lambda: select.bill(()))
    day: select.Bill = field(default_factory=lambda: select.bill(()))
    since: float = 0.0
    """When the loop was last set on, epoch seconds; 0: never."""
    trouble: str = ""
    """Why prices could not be read."""

    @property
    def by_item(self) -> dict[str, list[select.Billed]]:
        """The turns of each item."""
        found: dict[str, list[select.Billed]] = {}
        for turn in self.turns:
            found.setdefault(turn.item, []).append(turn)
        return found


def spending(places: Places, now: float) -> Spending:
    """Everything that the turns on disk tell. `now` is epoch seconds; a day begins at local midnight."""
    trouble = ""
    known: Prices = {}
    try:
        known = prices(places.root)
    except CockpitError as error:
        trouble = str(error)
    told = [(folder, one) for folder in folders(places.delegates) if (one := _told(folder, places.root))]
    stated: dict[str, Billing] = {agent: _stated(agent, places.root) for agent in {one.agent for _, one in told}}
    turns = [_billed(folder, one, known, stated, now) for folder, one in told]
    turns.sort(key=lambda turn: (turn.at, turn.item, turn.turn))
    since, midnight = _begun(places).at, _midnight(now)
    loop = select.bill(turn for turn in turns if turn.at >= since)
    day = select.bill(turn for turn in turns if turn.at >= midnight)
    items: dict[str, select.Spent] = {}
    for turn in turns:
        items[turn.item] = items.get(turn.item, select.Spent()) + turn.spent
    return Spending(select.Account(loop.whole, day.whole, items), tuple(turns), loop, day, since, trouble)


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
    """The folders of all turns, and of the opinions of their results: those are paid for too."""
    found: list[Path] = []
    with contextlib.suppress(OSError), os.scandir(delegates) as items:
        for item in items:
            with contextlib.suppress(OSError), os.scandir(item) as turns:
                names = (turn.name for turn in turns if turn.name.partition(facts.ASIDE)[0].isdecimal())
                found += [delegates / item.name / name for name in names]
    return found


@dataclass(frozen=True, slots=True)
class Told:
    """What one turn's folder says of its cost."""

    at: float
    """When it was dispatched, epoch seconds."""
    begun: float | None
    """When its runner began, None before."""
    usage: Usage
    text: str
    agent: str
    model: str
    """The one that was asked for, empty: the agent's own."""
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
    begun = running.at if running else None
    return Told(dispatch.at, begun, usage, line(dispatch.text, 200), dispatch.agent, dispatch.model, seconds)


@functools.lru_cache(maxsize=4096)
def _usage(folder: Path, agent: str, model: str, root: Path, _size: int) -> Usage:
    with contextlib.suppress(CockpitError):
        return of_turn(agents.load(agent, root).events, folder, model)
    return Usage()


def _billed(folder: Path, told: Told, known: Prices, stated: Mapping[str, Billing], now: float) -> select.Billed:
    """One turn with its money, and who pays: as its stream tells, else as its agent's file says."""
    usage = priced(told.usage, known)
    usage = replace(usage, billing=usage.billing or stated[told.agent])
    return select.Billed(
        item=folder.parent.name,
        turn=int(folder.name.partition(facts.ASIDE)[0]),
        text=told.text,
        agent=told.agent,
        models=tuple(part.model for part in usage.parts if part.model) or ((told.model,) if told.model else ()),
        at=told.at,
        billing=usage.billing,
        spent=_spent(told, usage, now),
        listed=listed(told.usage, known),
        opinion=facts.ASIDE in folder.name,
    )


def _stated(agent: str, root: Path) -> Billing:
    with contextlib.suppress(CockpitError):
        return agents.load(agent, root).billing
    return ""


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
        flow=sum(usage.parts, Part("")) if usage.parts else None,
    )


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None
