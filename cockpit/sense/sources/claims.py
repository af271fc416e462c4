"""Items whose ground a merge took away: what they said of the code held before it, and does not hold now (R289)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from cockpit.sense.events import Event, safe

KEY = "claims/"
"""Before the item's id."""
TOLD = 3
"""Claims that the row names."""


def stale_events(lapsed: Mapping[str, Sequence[str]], known: Iterable[str], at: float) -> list[Event]:
    """For each item what no longer holds, in words; `known` are the open keys: those that hold again are closed."""
    found = [safe(_event(item, words, at), at) for item, words in lapsed.items() if words]
    told = {event.key for event in found}
    return found + [
        Event(source="spec", kind="stale", key=key, state="closed", what="its claims hold", at=at)
        for key in known
        if key not in told
    ]


def _event(item: str, words: Sequence[str], at: float) -> Event:
    more = f" and {len(words) - TOLD} more" if len(words) > TOLD else ""
    return Event(
        source="spec",
        kind="stale",
        key=f"{KEY}{item}",
        state="open",
        what=f"{item} says what no longer holds: {'; '.join(words[:TOLD])}{more}",
        at=at,
        level="warning",
        item=item,
        evidence=f"cockpit scope {item}",
        action="reword",
        attrs={"claims": len(words)},
    )
