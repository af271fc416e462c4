"""What the human says of the ranking: mutes, pins, "not the real issue", corrections; what is learned from it."""

from __future__ import annotations

import math
import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from cockpit.sense.events import Event
from cockpit.sense.ranker.board import Board
from cockpit.sense.ranker.family import Family
from cockpit.sense.ranker.kept import Kept
from cockpit.sense.ranker.masks import mask
from cockpit.spec import targets

HALVES = 14 * 86400.0
"""Seconds after which what was learned counts half."""
TWICE = 10.0
"""Seconds within which the same words are one correction told twice."""
CAP = 0.75
"""Taste can reorder peers, never hide a blocker."""
ISSUE_COSTS = math.e - 1
"""What “not the real issue” counts as in mutes: once takes a quarter off each facet."""
_MINUTES = re.compile(r"(\d+)\s*(m|min|minutes?|h|hours?)\b")


@dataclass(slots=True)
class Mute:
    """One mute: what it means, and until when."""

    name: str
    """Key of the event that made it."""
    target: str
    until: str
    """`change`, `head`, `always` or `time`."""
    end: float
    moved: int
    """How often the head had changed when it was made."""
    reason: str
    held: dict[str, str] = field(default_factory=dict[str, str])
    """Family to the state it was in when it was muted."""
    made: tuple[str, ...] = ()
    """What was said when it was made: said anew, it is another."""
    ended: str = ""
    """Why it means nothing any more, in words."""
    woken: set[str] = field(default_factory=set[str])
    """Families it holds no more: of a mute of many, those that changed wake, the others stay on the shelf."""


@dataclass(slots=True)
class Count:
    """Acts and mutes on one facet."""

    acts: float = 0.0
    mutes: float = 0.0
    at: float = 0.0

    def worth(self, now: float) -> float:
        """What it adds to a score, above 0 for what is acted on."""
        fade = 0.5 ** (max(0.0, now - self.at) / HALVES)
        return 0.25 * math.log((self.acts * fade + 1) / (self.mutes * fade + 1))


class People:
    """Takes in what the human does with signals."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.mutes: dict[str, Mute] = {}
        self.pins: Kept[str, str] = Kept(1000)
        self.taste: Kept[str, Count] = Kept(5000)
        self.version = 0
        self.corrected: OrderedDict[str, int] = OrderedDict()

    def mute(self, event: Event, cost: float = 1.0) -> None:
        """A mute was made or taken back; `cost` is how much it counts against its like."""
        name = event.key or f"event/{event.id}/{event.at}"
        if event.closes:
            self.mutes.pop(name, None)
            return
        target = self._target(event)
        if not target:
            return
        said = str(event.attrs.get("until") or event.attrs.get("mode") or "it changes")
        made = (target, said, str(event.attrs.get("made", "")))
        if event.key and name in self.mutes and self.mutes[name].made == made:
            return
        until, end = ends(said, event.at)
        mute = self.mutes[name] = Mute(name, target, until, end, self.board.moved, event.what, made=made)
        if len(self.mutes) > 1000:
            del self.mutes[next(iter(self.mutes))]
        for family in self._meant(target):
            mute.held[family.key] = family.contract
            family.woken = ""
        self._learn(self._meant(target), event.at, mutes=cost)

    def pin(self, event: Event) -> None:
        """A pin was set or taken back."""
        name = event.key or f"event/{event.id}/{event.at}"
        if event.closes:
            target = self.pins.pop(name, "")
            for family in self._meant(target):
                family.pinned = False
            return
        target = self._target(event)
        if target and name not in self.pins:
            self.pins[name] = target
            for family in self._meant(target):
                self._pinned(family)

    def _pinned(self, family: Family) -> None:
        family.pinned = True
        self.board.families.live[family.key] = family
        if family.status == "quiet":
            family.status = "open"

    def accept(self, event: Event) -> None:
        """A signal was opened and acted on."""
        meant = self._meant(self._target(event))
        self._learn(meant, event.at, acts=1.0)
        for family in meant:
            if family.status == "once" or (family.kind == "finding" and family.level != "critical"):
                self.board.families.close(family.key, event.at, "acted on")

    def correct(self, event: Event) -> None:
        """A correction: of the ranking, or of what is done, for the n-th time."""
        kind = str(event.attrs.get("type", "")).replace("_", " ")
        target = self._target(event) if "target" in event.attrs else ""
        if target and "issue" in kind:
            of_spec = event.key.startswith("mute/")
            self.mute(event if of_spec else msgspec.structs.replace(event, key=""), ISSUE_COSTS)
            return
        name = event.key or mask(event.what)
        known = self.board.families.get("user.correction", name)
        if known is not None and known.what == event.what and event.at - known.last < TWICE:
            return
        count = self.corrected[name] = self.corrected.get(name, 0) + 1
        if len(self.corrected) > 2000:
            self.corrected.popitem(last=False)
        families = self.board.families
        family = families.of(event, "user.correction", name)
        family.what = event.what
        family.action = "open"
        family.closes = "a decision on it"
        families.tell(family, event)
        if count >= 2:
            families.show(family, event.at, state="said again", level="info" if count == 2 else "warning")
            family.since = event.at
            family.mark("again", 1.0 if count > 2 else 0.4, f"corrected {count} times")

    def expire(self, now: float) -> None:
        """End the mutes whose time is over, or whose head is no longer the head."""
        for mute in self.mutes.values():
            if mute.until == "time" and now >= mute.end:
                mute.ended = "its time is over"
            elif mute.until == "head" and self.board.moved > mute.moved:
                mute.ended = "new head"

    def muted(self, family: Family) -> Mute | None:
        """The mute that holds for the family now; None when none does. A broken one is told on the row."""
        for mute in self.mutes.values():
            if family.key in mute.woken or not concerns(mute.target, family):
                continue
            why = self._over(mute, family)
            if not why:
                mute.held.setdefault(family.key, family.contract)
                return mute
            if family.key in mute.held:
                mute.woken.add(family.key)
                family.woken = f"unmuted: {why}"
        return None

    def _over(self, mute: Mute, family: Family) -> str:
        """Why the mute holds the family no more, in words; empty while it does."""
        if mute.until == "change" and not mute.ended:
            held = mute.held.get(family.key, family.contract)
            if held == family.contract:
                return ""
            changed = f"{_changed(held, family.contract)} changed"
            if targets.wide(mute.target):
                return changed
            mute.ended = changed
        return mute.ended

    @property
    def ended(self) -> dict[str, str]:
        """Mutes of the spec that are over: their keys, and why."""
        return {name: mute.ended for name, mute in self.mutes.items() if mute.ended and name.startswith("mute/")}

    def pinned(self, family: Family) -> bool:
        """Whether a pin means the family."""
        return family.pinned or any(concerns(target, family) for target in self.pins.values())

    def liking(self, family: Family, now: float) -> tuple[float, str]:
        """What was learned, -0.75 to 0.75, and of what most of it."""
        whole = 0.0
        most = (0.0, "")
        for facet in facets(family):
            count = self.taste.get(facet)
            if count is not None:
                value = count.worth(now)
                whole += value
                most = max(most, (value, facet), key=lambda part: abs(part[0]))
        words = f"you usually {'act on' if whole > 0 else 'mute'} {most[1].partition(' ')[2]}"
        return max(-CAP, min(CAP, whole)), words

    def _learn(self, families: Sequence[Family], at: float, *, acts: float = 0.0, mutes: float = 0.0) -> None:
        """Count one act on each facet of these, once however many they are."""
        for facet in dict.fromkeys(facet for family in families for facet in facets(family)):
            count = self.taste.setdefault(facet, Count(at=at))
            fade = 0.5 ** (max(0.0, at - count.at) / HALVES)
            count.acts = count.acts * fade + acts
            count.mutes = count.mutes * fade + mutes
            count.at = at
        self.version += 1

    def _target(self, event: Event) -> str:
        target = event.attrs.get("target", "")
        if isinstance(target, int) and not isinstance(target, bool):
            key = self.board.families.targets.get(target)
            return f"={key}" if key else ""
        return str(target or "")

    def _meant(self, target: str) -> list[Family]:
        families = self.board.families
        if target.startswith("="):
            family = families.all.get(target[1:])
            return [family] if family is not None else []
        return [family for family in families.all.values() if concerns(target, family)] if target else []


def concerns(target: str, family: Family) -> bool:
    """Whether a target means the family: `=` and its key for ours, else as the spec's grammar says."""
    return target[1:] == family.key if target.startswith("=") else targets.means(target, family.subject)


def facets(family: Family) -> list[str]:
    """What taste is learned of: source, kind, tool, top directory, delegate."""
    found = [f"source {family.source}"] if family.source != family.tool else []
    if family.tool:
        found.append(f"tool {family.tool}")
    else:
        found.append(f"kind {family.kind}")
    top = next(iter(sorted(family.paths)), "").partition("/")[0]
    if top:
        found.append(f"directory {top}")
    return [*found, *(f"delegate {name}" for name in list(family.delegates)[:1])]


def ends(words: str, at: float) -> tuple[str, float]:
    """When a mute ends that says `until` so; what can't be read is `it changes`."""
    said = words.strip().lower().replace("_", " ").removeprefix("until ")
    if "head" in said:
        return "head", 0.0
    if said.startswith("always"):
        return "always", 0.0
    minutes = _MINUTES.search(said)
    if minutes:
        return "time", at + int(minutes[1]) * (3600.0 if minutes[2].startswith("h") else 60.0)
    try:
        return "time", datetime.fromisoformat(words.strip().removeprefix("until ")).timestamp()
    except ValueError:
        return "change", 0.0


def _changed(before: str, after: str) -> str:
    names = ("level", "error", "state", "reach")
    return next((name for name, a, b in zip(names, _parts(before), _parts(after), strict=False) if a != b), "state")


def _parts(contract: str) -> list[str]:
    level, _, rest = contract.partition("|")
    return [level, *rest.rsplit("|", 2)]
