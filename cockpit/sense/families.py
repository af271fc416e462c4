"""What sources told last, one entry a slot: so that a source read level by level tells only what is new.

It is no ranking: `ranker` has that. The ledger of the known failures reads it too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from cockpit.sense.events import Event

MOST = 2000
"""Families kept; beyond that the closed and the oldest go first."""


NAMED = frozenset(
    {"queue.state", "queue.item", "pending", "closeout", "route.attempt", "delegate.note", "preflight", "session.check"}
)
"""Kinds whose keys are names of their own: a check and a lane may be called the same."""


def slot(event: Event) -> str:
    """What an event replaces: the last one of its key; of a kind in `NAMED`, the last one of kind, key and item."""
    return f"{event.kind}/{event.key}/{event.item}" if event.kind in NAMED else event.key


@dataclass(frozen=True, slots=True)
class Family:
    """What the events of one key come to. Times are epoch seconds."""

    latest: Event
    first: float
    """When it was first seen."""
    since: float
    """When it last changed: another state, level or evidence of it."""
    count: int = 1
    """How often it was told since it was opened."""
    ended: float = 0.0
    """When it last ended, however short: a pass may see only that it is open again."""

    @property
    def key(self) -> str:
        """The key its events share."""
        return self.latest.key

    @property
    def open(self) -> bool:
        """Whether it still holds."""
        return not self.latest.closes


def fold(families: Mapping[str, Family], events: Iterable[Event]) -> dict[str, Family]:
    """The families after these events. The same event told again changes nothing (sources are read level by level)."""
    after = dict(families)
    for event in events:
        known = after.pop(slot(event), None)  # put back at the end: the order is that of the last event
        after[slot(event)] = _with(known, event) if known else Family(event, event.at, event.at)
    if len(after) > MOST:
        ranked = sorted(after.values(), key=lambda family: (family.open, family.latest.at))
        for family in ranked[: len(after) - MOST]:
            del after[slot(family.latest)]
    return after


def _with(family: Family, event: Event) -> Family:
    last = family.latest
    if event == last:
        return family
    same = (event.state, event.level, event.what) == (last.state, last.level, last.what)
    reopened = last.closes and not event.closes
    return replace(
        family,
        latest=event,
        since=family.since if same else max(event.at, family.since),
        count=1 if reopened else family.count + 1,
        ended=max(event.at, family.ended) if event.closes and not last.closes else family.ended,
    )
