"""The end gate as a signal: the feature branch as a whole waits for the human. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from cockpit.persist.landing import Landing
from cockpit.sense.events import Event, safe


def landing_events(landing: Landing | None, said: bool, known: Iterable[str], at: float) -> list[Event]:
    """One event while a reviewed whole waits for the human's yes; `known` are the open keys, the others are let go.

    `said`: the yes is given already, so nothing waits.
    """
    told = _waits(landing, at) if landing is not None and not said else None
    key = told.key if told else ""
    gone = [
        Event(
            source="engine", kind="delegate.state", key=name, state="closed", what="landed, or under way again", at=at
        )
        for name in known
        if name != key
    ]
    return [*([told] if told else []), *gone]


def _waits(landing: Landing, at: float) -> Event | None:
    review = landing.review
    if review is None or landing.stale or not landing.ahead:
        return None
    results = [check.result for check in review.checks]
    red = [check.name for check in review.checks if check.bad]
    count = f"{len(landing.items)} item{'s' * (len(landing.items) != 1)} merged"
    judged = f"{len(red)} fail ({', '.join(red[:3])}): look" if red else f"{results.count('pass')} pass: land it"
    event = Event(
        source="engine",
        kind="delegate.state",
        key=f"land/{landing.name}",
        state="reviewed",
        what=f"{landing.name}: {count}, {judged}",
        at=review.at,
        item=landing.name,
        level="warning",
        evidence=f"{review.stat} ({', '.join(landing.items)}), {review.head[:12]} onto {review.base[:12]}",
        action="land",
    )
    return safe(event, at)
