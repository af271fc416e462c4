"""What waits for the human before anything runs: a brief at the scope gate, a question of the loop itself. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from cockpit.clean import line
from cockpit.facts import STALE
from cockpit.sense.events import Event, safe
from cockpit.spec import Document, Item, Mark, clear, gates, sizes
from cockpit.spec.questions import ASKS

KEY = "gate/"
"""Before the item's id."""
_BEST = {sizes.ASKS: "split", clear.ASKS: "reword"}
"""What answers the loop's own questions best."""


def gate_events(document: Document, begun: Collection[str], known: Iterable[str], at: float) -> list[Event]:
    """One event for each item of the queue that waits before a turn (R143, R240, R243).

    `begun`: items that had a turn; what their delegates ask, these tell themselves. `known` are the open keys: those
    that wait no more are closed.
    """
    found = [event for item in document.queue if (event := _waits(item, item.id in begun, at)) is not None]
    told = {event.key for event in found}
    return found + [
        Event(source="select", kind="delegate.state", key=key, state="closed", what="it waits no more", at=at)
        for key in known
        if key not in told
    ]


def _waits(item: Item, begun: bool, at: float) -> Event | None:
    if item.mark is not Mark.NEEDS_YOU:
        return None
    asks = item.value("asks")
    if gates.at_scope(item):
        what = f"the brief of {item.id} waits: a sends it, enter shows it"
        return _event(item, "brief", what, item.value("scope"), "brief", at)
    if asks and (not begun or asks.startswith((STALE, *ASKS))):
        action = next((verb for words, verb in _BEST.items() if asks.startswith(words)), "answer")
        return _event(item, "asks", f"{item.id} asks: {line(asks, 160)}", asks, action, at)
    return None


def _event(item: Item, state: str, what: str, evidence: str, action: str, at: float) -> Event:
    event = Event(
        source="select",
        kind="delegate.state",
        key=f"{KEY}{item.id}",
        state=state,
        what=what,
        at=at,
        level="warning",
        item=item.id,
        evidence=evidence,
        action=action,
    )
    return safe(event, at)
