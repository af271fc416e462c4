"""Queues: what the head waits for, and heads that stay although all is done (R80, R83, R88, R89, R91)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, cast

from cockpit.sense.events import Event
from cockpit.sense.ranker.board import Board
from cockpit.sense.ranker.changes import files
from cockpit.sense.ranker.family import Family
from cockpit.sense.ranker.kept import Kept

STALE = 3
"""Clean closeouts without a new head that make the supervisor stale (R83)."""
TRIES = 3
"""Routes that must fail for an item that no lane has at its head before it is a signal."""
TWICE = 10.0
"""Seconds within which what a lane says is the same thing told again."""
FOUND = 0.8
"""Weight of a block that a file or words tell, not an id."""
HEALS = 15.0
"""Seconds that another route has to be found."""
_ID = re.compile(r"[\w.~/#^-]+")


@dataclass(slots=True)
class Lane:
    """One queue."""

    head: str = ""
    paused: bool = False
    roots: tuple[str, ...] = ()
    """What its head waits for."""
    closeouts: int = 0
    closed: float = 0.0
    """When the last closeout came."""
    told: float = 0.0
    """When it last told its state."""
    again: int = 0
    """How often it told the same head though no closeout was heard before: one was lost, or it talks much."""
    proof: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])


class Lanes:
    """Takes in what queues, closeouts, routes and pending items say."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.lanes: Kept[str, Lane] = Kept(1000)
        self.pending: Kept[str, Family] = Kept(5000)
        """Open pending items by name."""
        self.tried: Kept[str, int] = Kept(2000)
        """Item to routes that failed since one was found."""
        self.found: Kept[str, str] = Kept(1000)
        """Pending item to the head that it keeps from starting, as failed routes say by a file or by words."""
        self.later: Kept[str, tuple[str, ...]] = Kept(1000)
        """One of the next items to what it waits for."""

    def lane(self, name: str) -> Lane:
        """The lane of that name."""
        return self.lanes.setdefault(name, Lane())

    def state(self, event: Event) -> None:
        """A lane told its head and state."""
        lane = self.lane(event.key)
        head = "" if event.state == "empty" else event.item or lane.head
        if head != lane.head:
            self._advance(event.key, lane, head, event.at)
        elif head and event.at - max(lane.told, lane.closed) > TWICE:
            lane.again += 1
            self._stalled(event, lane)
        lane.told = event.at
        lane.paused = event.state == "paused"
        roots = _roots(event) if event.state == "blocked" or (event.attrs.get("blocked_by") and not lane.paused) else ()
        if event.paths:
            self.board.paths = set(event.paths)
        lane.proof.append((event.id, event.what))
        del lane.proof[:-10]
        if lane.paused:
            self.board.families.close(f"stall:{event.key}", event.at, "paused")
        if roots != lane.roots or (roots and event.state == "blocked"):
            lane.roots = roots
            self._mark(event.at)
            self._blocked(event, lane)

    def closeout(self, event: Event) -> None:
        """An item of a lane was closed out; only a clean one counts."""
        if event.state and not event.closes:
            return
        lane = self.lane(event.key)
        if event.at - lane.closed < TWICE:
            return  # told twice
        lane.closed = event.at
        if event.item and lane.head and event.item != lane.head:
            if not lane.proof or lane.closeouts:  # it moved, and nobody said so
                self._advance(event.key, lane, event.item, event.at)
            else:
                return
        lane.head = lane.head or event.item
        lane.closeouts += 1
        lane.proof.append((event.id, event.what))
        del lane.proof[:-10]
        self._stalled(event, lane)

    def _stalled(self, event: Event, lane: Lane) -> None:
        """Closed out again and again, and still the head (R83)."""
        again = lane.again if lane.again <= lane.closeouts else 0
        count = lane.closeouts + again if lane.closeouts >= STALE - 1 else 0
        if count < STALE or lane.paused or event.state == "paused":
            return
        families = self.board.families
        family = families.of(event, "stall", event.key)
        family.what = f"head {lane.head} stays after {count} clean closeouts"
        family.item = lane.head
        family.action = "recycle"
        family.closes = f"another head of {event.key}"
        families.tell(family, event)
        for id, words in lane.proof:
            family.cite(id, words, tell=True)
            families.own(id, family)
        families.show(family, event.at, state="stale", level="error")
        family.mark("stall", min(1.0, count / 5), f"{count} clean closeouts, head not advancing")

    def item(self, event: Event) -> None:
        """An item behind the head waits, or is ready."""
        position = event.attrs.get("position")
        near = not isinstance(position, int) or 0 < position <= 3
        roots = _roots(event) if event.state == "blocked" and near else ()
        if roots != self.later.get(event.item or event.key, ()):
            self.later[event.item or event.key] = roots
            self._mark(event.at)

    def todo(self, event: Event) -> None:
        """A pending item is open or done."""
        families = self.board.families
        family = families.of(event, "pending", event.key)
        family.paths |= set(event.paths)
        if event.closes:
            family.touch(event)
            self.pending.pop(event.key, None)
            self.found.pop(event.key, None)
            families.close(family.key, event.at, "done")
            for lane in self.lanes.values():
                if lane.roots and set(lane.roots) <= {event.key, event.item, event.key.rpartition("/")[2]}:
                    lane.roots = ()
            for key, other in list(families.live.items()):
                if other.under == family.key:
                    families.close(key, event.at, "its block is gone")
            self._mark(event.at)
            return
        family.what = event.what
        family.item = event.item or event.key
        family.action = "open"
        family.closes = "being done"
        families.tell(family, event, tell=False)
        self.pending[event.key] = family
        if family.status != "open":
            families.show(family, event.at, state="open", level="info")
            self._mark(event.at)

    def route(self, event: Event) -> None:
        """A route for an item was tried."""
        families = self.board.families
        name = event.item or event.key
        if event.closes:
            self.tried.pop(name, None)
            families.close(f"route.attempt:{name}", event.at, "routed")
            self._started(event.item, event.at)
            return
        count = self.tried[name] = self.tried.get(name, 0) + 1
        root = self._named(event) if event.item in self.board.heads.values() or not event.item else None
        if root is not None:
            families.tell(root, event)
            if self.found.get(root.name) != event.item:
                self.found[root.name] = event.item
                self._mark(event.at)
            return
        family = families.of(event, "route.attempt", name)
        family.what = event.what
        family.item = event.item
        family.action = "open"
        family.closes = "a route that takes it"
        families.tell(family, event)
        weight, words = self.board.block(event.item)
        family.ready = family.since + HEALS if count == 1 else 0.0
        if weight < 0.5 and count < TRIES:
            return
        families.show(family, event.at, state="no route", level="error" if event.level == "error" else "warning")
        if count == 1:
            family.ready = event.at + HEALS
        family.mark(
            "block", weight * (1.0 if count > 1 else 0.5), f"no route for head {event.item}" if weight >= 1 else words
        )
        family.mark("streak", min(1.0, (count - 1) / 12), f"{count} routes failed")

    def _started(self, item: str, at: float) -> None:
        """A route takes it: what was found to keep it from that by a file or by words keeps it no more."""
        for name in [name for name, head in self.found.items() if head == item]:
            del self.found[name]
            self._mark(at)

    def _named(self, event: Event) -> Family | None:
        """The open pending item that a failed route of the head means: by id, by file, by its words."""
        words = set(_ID.findall(event.what))
        paths = {*event.paths, *files(event.what)}
        best: Family | None = None
        for name, family in self.pending.items():
            if name in words or (name.rpartition("/")[2] in words and "/" in name):
                return family
            if (paths & family.paths or paths & files(family.what)) and best is None:
                best = family
        return best

    def _advance(self, name: str, lane: Lane, head: str, at: float) -> None:
        families = self.board.families
        lane.head = head
        lane.closeouts = lane.again = 0
        lane.proof = []
        lane.roots = ()
        families.close(f"stall:{name}", at, "moved on")
        families.close(f"lane:{name}", at, "moved on")
        self.board.moved += 1
        self.found.clear()
        self._mark(at)

    def _mark(self, at: float) -> None:
        """Say anew what the heads wait for, and mark all that is about it."""
        board = self.board
        board.heads = {name: lane.head for name, lane in self.lanes.items() if lane.head and not lane.paused}
        board.waited = {
            root: lane.head for lane in self.lanes.values() if not lane.paused for root in lane.roots
        }  # fmt: skip
        board.soon = {root: item for item, roots in self.later.items() for root in roots}
        for family in [*board.families.live.values()]:
            self.relate(family)
        for name, family in self.pending.items():
            weight, words = max(board.block(name), board.block(family.item), key=lambda found: found[0])
            if name in self.found and weight < FOUND:
                weight, words = FOUND, f"blocks head {self.found[name]}"
            if weight >= FOUND and "block" not in family.marks:
                board.families.show(family, at, state="blocks")
                family.since = at
            family.mark("block", weight, words)

    def relate(self, family: Family) -> None:
        """Mark the family when it is what the queue waits for."""
        if family.kind not in _WAITED:
            return
        weight, words = self.board.block(family.item)
        if family.kind == "route.attempt":
            if weight < 1 and "block" in family.marks:
                family.mark("block", 0.0, "")
            return
        family.mark("block", weight, words)

    def _blocked(self, event: Event, lane: Lane) -> None:
        """The head waits: for a known pending item, or for something that only its name tells."""
        families = self.board.families
        root = next((family for name in lane.roots if (family := self._pending(name)) is not None), None)
        if root is not None:
            families.tell(root, event)
            families.show(root, event.at, state="blocks")
            root.dirty = True
        if root is not None or not lane.roots or any(self.board.families.opened(key) for key in self._waiting(lane)):
            families.close(f"lane:{event.key}", event.at, "its block is known")
            return
        family = families.of(event, "lane", event.key)
        family.what = event.what
        family.item = lane.head
        family.action = "open"
        family.closes = f"the end of {', '.join(lane.roots)}"
        families.tell(family, event)
        families.show(family, event.at, state="blocked", level="warning")
        family.mark("block", 0.8, f"{lane.roots[0]} blocks head {lane.head}")

    def _pending(self, name: str) -> Family | None:
        return self.pending.get(name) or self.pending.get(f"pending/{name}")

    def _waiting(self, lane: Lane) -> list[str]:
        return [
            key
            for key, family in self.board.families.live.items()
            if family.item in lane.roots and family.kind in _WAITED
        ]


_WAITED = frozenset(
    {
        "delegate.state", "asks", "blocked", "died", "review", "silent", "finished", "verification", "checks",
        "conflict", "correction", "outside", "route.attempt", "loop",
    }
)  # fmt: skip
"""Kinds that, when they are about what the head waits for, hold the queue up."""


def _roots(event: Event) -> tuple[str, ...]:
    named: Any = event.attrs.get("blocked_by") or ()
    if isinstance(named, str):
        return tuple(named.replace(",", " ").split())
    return tuple(str(entry) for entry in cast("list[object]", named)) if isinstance(named, (list, tuple)) else ()
