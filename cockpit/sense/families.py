"""Events folded to families: all events of one key, with the state they are in now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from cockpit.sense.events import Event

MOST = 2000
"""Families kept; beyond that the closed and the oldest go first."""


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
        known = after.pop(event.key, None)  # put back at the end: the order is that of the last event
        after[event.key] = _with(known, event) if known else Family(event, event.at, event.at)
    if len(after) > MOST:
        ranked = sorted(after.values(), key=lambda family: (family.open, family.latest.at))
        for family in ranked[: len(after) - MOST]:
            del after[family.key]
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
    )
