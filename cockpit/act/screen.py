"""What the screen of an interactive agent shows: a prompt that waits, work, a dialog. Pure; its patterns are data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import msgspec

from cockpit.clean import line
from cockpit.loose import Table


class Patterns(msgspec.Struct, frozen=True):
    """Regular expressions on the text of a screen. `dialogs` may name the words of the question: `(?P<words>...)`."""

    ready: str = ""
    """Its prompt is empty and takes input."""
    busy: str = ""
    """It works, though its prompt may be there too."""
    dialogs: tuple[str, ...] = ()
    """It asks something before it goes on."""


@dataclass(frozen=True, slots=True)
class Glance:
    """What a screen shows. Only into one that is `ready` anything may be typed."""

    state: Literal["ready", "busy", "dialog", "unknown"]
    words: str = ""
    """The dialog's question, or the last line of a screen that we do not understand."""


def understand(shown: str, patterns: Patterns) -> Glance:
    """What the screen shows. A prompt counts for more than a dialog's words above it, work for more than the prompt."""
    ready = bool(patterns.ready) and re.search(patterns.ready, shown) is not None
    if patterns.busy and re.search(patterns.busy, shown):
        return Glance("busy")
    if ready:
        return Glance("ready")
    for pattern in patterns.dialogs:
        if found := re.search(pattern, shown):
            return Glance("dialog", line(found.groupdict().get("words") or found[0], 200))
    last = next((row for row in reversed(shown.splitlines()) if row.strip()), "")
    return Glance("unknown", line(last.strip(), 200))


def event(glance: Glance) -> Table:
    """The glance as an event of the turn's record."""
    match glance.state:
        case "dialog":
            return {"type": "screen", "state": "asks", "words": f"its screen shows a dialog: {glance.words}"}
        case "ready":
            return {"type": "screen", "state": "waits", "words": "its prompt waits for words"}
        case "unknown":
            words = f"its screen stands still at: {glance.words}" if glance.words else "its screen is empty"
            return {"type": "screen", "state": "waits", "words": words}
        case "busy":
            return {"type": "screen", "state": "works"}
