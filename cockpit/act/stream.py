"""The JSON lines of a stream agent: recorded clean in `events.ndjson`, shown as a transcript in the pane."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import cast

import msgspec

from cockpit.act import dialects
from cockpit.act.launch import Dialect
from cockpit.clean import Cleaner, clean
from cockpit.loose import Table, table

LINE_CAP = 8 * 1024 * 1024
"""A line longer than this is dropped while it comes in: nothing an agent says is that long."""
STRING_CAP = 64 * 1024
"""Longest text kept inside an event; the rest of a tool's output adds nothing to the record."""
RECORD_CAP = 32 * 1024 * 1024
"""Bytes of a turn's record from which it takes only what tells its end, errors and use; at twice that nothing more."""


class Stream:
    """Cuts bytes into events. `session_id` and `failure` hold what the events said last, `opened` whether one told
    that a conversation has begun or goes on.
    """

    def __init__(
        self,
        dialect: Dialect,
        folder: Path,
        say: Callable[[str], None],
        hear: Callable[[Table], None] = lambda _: None,
    ) -> None:
        self.dialect: Dialect = dialect
        self.session_id = ""
        self.failure = ""
        self.opened = False
        self._say = say
        self._hear = hear
        """Gets each event as it came."""
        self._path = folder / "events.ndjson"
        self._file: int | None = None
        self._size = 0
        self._full = False
        self._rest = b""
        self._skipping = False
        self._aside = Cleaner(colour=True)

    def feed(self, data: bytes) -> None:
        """Bytes of the agent's stdout."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            if not self._skipping:
                self._line(line)
            self._skipping = False
        if len(self._rest) > LINE_CAP:
            self._rest, self._skipping = b"", True

    def hear(self, events: Iterable[dialects.Event]) -> None:
        """Events that came another way than by stdout."""
        for event in events:
            self._event(event)

    def tell(self, data: bytes) -> None:
        """Bytes of the agent's stderr: shown, not recorded."""
        self._say(self._aside.feed(data))

    def close(self) -> None:
        """Take an unfinished last line for a line and close the record."""
        rest, self._rest = self._rest, b""
        if rest and not self._skipping:
            self._line(rest)
        self._say(self._aside.close())
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _line(self, line: bytes) -> None:
        if not line.strip():
            return
        found = table(line) or dialects.worded(self.dialect, line)
        if found is None:
            self._say(f"{clean(line)}\n")
            return
        self._event(found)

    def _event(self, found: dialects.Event) -> None:
        event = cast(dialects.Event, scrub(found))
        if self._room(event):
            self._record(msgspec.json.encode(event) + b"\n")
        self.session_id = dialects.session_id(self.dialect, event) or self.session_id
        self.opened = self.opened or dialects.opens(self.dialect, event)
        failed = dialects.failure(self.dialect, event)
        self.failure = self.failure if failed is None else failed
        self._say(dialects.transcript(self.dialect, event))
        self._hear(found)

    def _room(self, event: dialects.Event) -> bool:
        """Whether the record takes this event. What it leaves out is still heard by us and shown in the pane."""
        if self._size < RECORD_CAP:
            return True
        if not self._full:
            self._full = True
            self._say(f"! {self._path.name} is full: from here on it has ends, errors and tokens only\n")
        return self._size < 2 * RECORD_CAP and dialects.weighs(self.dialect, event)

    def _record(self, line: bytes) -> None:
        try:
            if self._file is None:
                self._file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
                self._size = os.fstat(self._file).st_size
            self._size += os.write(self._file, line)
        except OSError as error:  # a full disk must not end the agent's work
            self._say(f"! {self._path.name}: {error.strerror}\n")


def scrub(value: object) -> object:
    """The same JSON value with every text in it made harmless, free of secrets and capped."""
    match value:
        case str():
            return clean(value if len(value) <= STRING_CAP else value[:STRING_CAP] + "…")
        case list():
            return [scrub(entry) for entry in cast(list[object], value)]
        case dict():
            return {clean(key): scrub(entry) for key, entry in cast(dict[str, object], value).items()}
        case _:
            return value
