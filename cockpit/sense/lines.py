"""Bytes of a log or a pipe, read into events: a `log.line` a line, cleaned, grouped by their stream."""

from __future__ import annotations

import msgspec

from cockpit.clean import Cleaner, line
from cockpit.errors import CockpitError
from cockpit.sense.events import Event

SHOWN = 200
"""Characters of a line that are its words; a longer one is whole (to 2,000) in its evidence."""


class Lines:
    """One stream of text. Holds no more than one unfinished line; `about` is what its events have in common."""

    def __init__(self, about: Event) -> None:
        self.about = msgspec.structs.replace(about, kind="log.line")
        self._cleaner = Cleaner()

    def feed(self, data: bytes, now: float) -> list[Event]:
        """The lines that became whole, at `now` (epoch seconds). Raises CockpitError when that is no text."""
        if b"\0" in data:
            raise CockpitError("binary, not text: nothing more of it is read", where=self.about.key)
        return self._events(self._cleaner.feed(data), now)

    def end(self, now: float) -> list[Event]:
        """A last line that lacks its newline."""
        return self._events(self._cleaner.close(), now)

    def _events(self, text: str, now: float) -> list[Event]:
        about = self.about
        return [
            msgspec.structs.replace(
                about,
                what=words if len(words) <= SHOWN else line(words, SHOWN),
                evidence="" if len(words) <= SHOWN else line(words, 2000),
                at=now,
            )
            for entry in text.split("\n")
            if (words := entry.strip())
        ]
