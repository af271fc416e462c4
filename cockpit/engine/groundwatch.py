"""Which waiting items a moved target took the ground from (R289): asked only when it moved, only of what it touched."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Mapping

import msgspec

from cockpit import cache, sense
from cockpit.act import claims
from cockpit.engine import unsettling
from cockpit.engine.look import Look
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.spec import Item

FILE = "ground.json"
"""In `.cockpit/`: what was seen last. A cache: without it the next move of the target is the first that is seen."""


class Lost(msgspec.Struct, frozen=True):
    """What an item said that a merge made untrue."""

    digest: str
    """Of the words that said it."""
    words: list[str]


class Ground(msgspec.Struct, frozen=True):
    """What was seen last: the target and its tip, and what was told of each item."""

    target: str
    """The ref that delegates start from and results go to."""
    tip: str
    lost: dict[str, Lost]


class GroundWatch:
    """Remembers the tip that the items were held against, and what was told."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.seen = cache.load(places.local / FILE, Ground) or Ground("", "", {})
        self.data = b""
        """The document that was looked at last."""

    def events(self, seen: Look, known: Collection[str], now: float) -> list[sense.Event]:
        """What holds no more, and what holds again; `known` are the open keys. Nothing while nothing moved.

        Never raises: what git cannot tell is looked at with the next move.
        """
        if not seen.tip or (seen.tip == self.seen.tip and seen.document.data == self.data):
            return []
        self.data = seen.document.data
        waiting = {item.id: item for item in unsettling.waiting(seen.document)}
        moved = self._moved(seen)
        lost = self._settled(seen, waiting, moved=moved is not None)
        if moved is not None:
            rest = [item for id, item in waiting.items() if id not in lost]
            for id, words in unsettling.unsettled(self.places, seen.document, rest, moved).items():
                lost[id] = Lost(claims.digest(waiting[id], seen.document), words)
        after = Ground(seen.target, seen.tip, lost)
        if after != self.seen:
            self.seen = after
            with contextlib.suppress(CockpitError):
                cache.save(self.places.local / FILE, after)
        return sense.stale_events({id: entry.words for id, entry in lost.items()}, known, now)

    def _moved(self, seen: Look) -> unsettling.Move | None:
        """What the target's move touched; None when that is nothing, or another branch is the target now."""
        if not self.seen.tip or seen.tip == self.seen.tip or seen.target != self.seen.target:
            return None
        try:
            moved = unsettling.move(self.places, self.seen.tip, seen.tip)
        except CockpitError:
            return None  # the tip seen last is gone from git
        return moved if moved.files else None

    def _settled(self, seen: Look, waiting: Mapping[str, Item], *, moved: bool) -> dict[str, Lost]:
        """What was told before and still is so: asked again when the item says something else or the tree moved."""
        kept: dict[str, Lost] = {}
        for id, entry in self.seen.lost.items():
            item = waiting.get(id)
            if item is None:
                continue
            digest = claims.digest(item, seen.document)
            if not moved and digest == entry.digest:
                kept[id] = entry
                continue
            with contextlib.suppress(CockpitError):
                now = claims.stale(claims.check(self.places, seen.document, item, seen.tip))
                if now:
                    kept[id] = Lost(digest, [claims.one(claim) for claim in now])
        return kept
