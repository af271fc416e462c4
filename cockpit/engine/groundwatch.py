"""Which waiting items a moved target took the ground from (R289): asked only when it moved, only of what it touched."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Mapping, Sequence

import msgspec

from cockpit import cache, sense
from cockpit.act import claims
from cockpit.engine.look import Look
from cockpit.errors import CockpitError
from cockpit.facts import STALE
from cockpit.paths import Places
from cockpit.persist import branches
from cockpit.spec import Document, Item, Mark, fields

FILE = "ground.json"
"""In `.cockpit/`: what was seen last. A cache: without it the next move of the target is the first that is seen."""
ITEMS = 30
"""Items that one move of the target has checked."""


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
        waiting = {item.id: item for item in seen.document.queue if _waits(item)}
        changed = self._changed(seen)
        lost = self._settled(seen, waiting, moved=bool(changed))
        if changed:
            lost |= self._taken(seen, [item for id, item in waiting.items() if id not in lost], changed)
        after = Ground(seen.target, seen.tip, lost)
        if after != self.seen:
            self.seen = after
            with contextlib.suppress(CockpitError):
                cache.save(self.places.local / FILE, after)
        return sense.stale_events({id: entry.words for id, entry in lost.items()}, known, now)

    def _changed(self, seen: Look) -> frozenset[str]:
        """The files that the target's move touched, the spec aside; none when another branch is the target now."""
        if not self.seen.tip or seen.tip == self.seen.tip or seen.target != self.seen.target:
            return frozenset()
        try:
            names = branches.changed_files(self.places, self.seen.tip, seen.tip)
        except CockpitError:
            return frozenset()  # the tip seen last is gone from git
        return frozenset(names) - {self.places.spec_name}

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

    def _taken(self, seen: Look, items: Sequence[Item], changed: Collection[str]) -> dict[str, Lost]:
        """What the move from the tip seen last made untrue of those items that name a file it touched."""
        names = {path.rpartition("/")[2] for path in changed}
        touched = [item for item in items if _names(item, seen.document, names, changed)]
        found: dict[str, Lost] = {}
        for item in touched[:ITEMS]:
            with contextlib.suppress(CockpitError):
                now = claims.check(self.places, seen.document, item, seen.tip)
                if not claims.stale(now):
                    continue
                before = claims.check(self.places, seen.document, item, self.seen.tip)
                if words := [claims.one(claim) for claim in claims.lapsed(before, now)]:
                    found[item.id] = Lost(claims.digest(item, seen.document), words)
        return found


def _waits(item: Item) -> bool:
    return item.mark in (Mark.OPEN, Mark.NEEDS_YOU) and not item.value("asks").startswith(STALE)


def _names(item: Item, document: Document, names: Collection[str], changed: Collection[str]) -> bool:
    """Whether the item names one of these files, or a folder that holds one."""
    said = {mention.path for mention in claims.mentions(claims.words(item, document)) if mention.path}
    said |= set(fields.paths(item))
    return any(
        path.rpartition("/")[2] in names or any(f"/{path.rstrip('/')}/" in f"/{each}" for each in changed)
        for path in said
    )
