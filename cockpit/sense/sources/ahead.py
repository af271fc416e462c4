"""What the loop comes to soon, and too much at once, as calm events that close by themselves (R115, R119). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cockpit.sense.events import Event, safe

KEY = "ahead/"
"""Before the name of what comes: that of the fence it leads to, where there is one."""
MUD = "mud"
HELPS = {"drained": "add", "capacity": "review", MUD: "mute"}
"""What one may do before it is there; of a budget: raise it in the spec."""


def ahead_events(coming: Mapping[str, str], mud: str, known: Iterable[str], at: float) -> list[Event]:
    """One event for each transition that is one step away; `known` are the open keys, those that passed are closed."""
    found = {f"{KEY}{name}": words for name, words in (*coming.items(), *([(MUD, mud)] if mud else []))}
    return [_event(key, words, at) for key, words in found.items()] + [
        Event(source="select", kind="ahead", key=key, state="closed", what="it came, or is far again", at=at)
        for key in known
        if key not in found
    ]


def _event(key: str, words: str, at: float) -> Event:
    name = key.removeprefix(KEY)
    event = Event(
        source="select",
        kind="ahead",
        key=key,
        state=MUD if name == MUD else "soon",
        what=words,
        at=at,
        level="warning" if name == MUD else "info",
        action=HELPS.get(name, "why" if name == "whole" else "edit"),
    )
    return safe(event, at)
