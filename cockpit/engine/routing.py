"""The ranking of the last pass, kept beside the facts for those who write briefs; and the log of what went where."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path

from cockpit import cache, sense
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.spec import Document, Item, Mark, targets

FILE = "signals.json"
"""In `.cockpit/`: what ranked in the last pass, best first. A cache: the journal makes it again."""
FIRST = 20
"""Rows whose routing is decided and logged: what ranks lower is on nobody's way."""


def save(places: Places, signals: Sequence[sense.Signal], shelf: Sequence[sense.Signal]) -> None:
    """Keep the first signals for `load`, and those of the shelf that are not the real issue, says the human.

    A disk that is full costs the briefs their signals, nothing else.
    """
    with contextlib.suppress(CockpitError):
        dismissed = [signal for signal in shelf if signal.muted.startswith(targets.ISSUE)]
        cache.save(_path(places), [*dismissed[:FIRST], *signals[:FIRST]])


def load(places: Places) -> list[sense.Signal]:
    """What ranked in the last pass; nothing when nobody knows."""
    return cache.load(_path(places), list[sense.Signal]) or []


def events(signals: Sequence[sense.Signal], document: Document, now: float) -> list[sense.Event]:
    """Where each of the first signals goes, told again at each pass: the journal gets what changed."""
    routed = sense.route(signals[:FIRST], _items(document))
    return [
        sense.Event(
            source="routing",
            kind="routing",
            key=f"routing/{entry.key}",
            state=entry.way,
            what=f"{entry.key}: {_where(entry)} ({entry.rule})",
            at=now,
            item=entry.item,
        )
        for entry in routed
    ]


def _where(entry: sense.Routed) -> str:
    return {"brief": f"into the next brief of {entry.item}", "pause": "pauses the loop"}.get(
        entry.way, "stays on the screen"
    )


def _items(document: Document) -> list[Item]:
    """Items that are worked on, and those that may come next."""
    there = [item for item in document.queue if not item.mark.over and item.mark is not Mark.DEFERRED]
    return sorted(there[:10], key=lambda item: item.mark not in (Mark.RUNNING, Mark.NEEDS_YOU))


def _path(places: Places) -> Path:
    return places.local / FILE
