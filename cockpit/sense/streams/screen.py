"""What our runner saw on the screen of an interactive agent (`act.screen`)."""

from __future__ import annotations

from collections.abc import Iterator

from cockpit.loose import Table, text
from cockpit.sense.streams.said import Asked, Begun, Call, Said


def read(event: Table, _calls: dict[str, Call]) -> Iterator[Said]:
    """What one glance says."""
    match event.get("state"):
        case "works":
            yield Begun()
        case "asks" | "waits":
            # One question may follow another without work between them.
            yield Begun()
            yield Asked(text(event.get("words")), idle=event.get("state") == "waits")
        case _:
            pass
