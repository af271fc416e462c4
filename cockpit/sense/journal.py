"""The journal: every event the engine took in, append-only, bounded, replayed at its start (design, section 3).

One segment after the other; a kill tears at most the last line, which is passed over. A flood of lines, and of events
that say the same of the same again, is kept as a sample and a count, so that it does not push out what happened in the
hour before it.
"""

from __future__ import annotations

import errno
import heapq
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import msgspec

from cockpit.clean import line
from cockpit.errors import CockpitError
from cockpit.sense.events import Event, decode
from cockpit.sense.ranker.masks import erring, mask

SIZE = 1024 * 1024
"""Bytes after which a new segment is begun."""
KEPT = 12
"""Segments kept; the oldest goes when one more is begun."""
SAMPLE = 5
"""How many lines or events that say the same are kept of a minute; the others are only counted."""
PLAIN, TELLING = 200, 400
"""How many lines are kept of a minute: of those that tell of nothing wrong, and of those that do. At this rate, with
the counts, an hour fits."""
SAYINGS = 2000
"""Different lines that are told apart in a minute; what else is said is counted for its run. As many keys."""
COUNTS = 200
"""Counts kept of a minute, the largest."""
MINUTE = 60.0
COPIES = 1000
"""Events that a count stands for in a replay, at most."""
ALL_COPIES = 20_000
"""Events that all counts of a replay stand for: after hours of flood the engine must start as fast as ever."""
LARGEST = 256 * 1024 * 1024
"""Bytes of one file that is replayed."""

_encoder = msgspec.json.Encoder()


@dataclass(slots=True)
class _Saying:
    """Lines or events of this minute that say the same."""

    latest: Event
    count: int = 0
    kept: int = 0

    def folded(self, since: float) -> Event:
        """What was only counted, as one event."""
        attrs = {**self.latest.attrs, "folded": self.count - self.kept, "since": since}
        return msgspec.structs.replace(self.latest, id=0, attrs=attrs)


class Journal:
    """The writer of one folder of segments. One at a time: the engine's."""

    def __init__(self, folder: Path, *, size: int = SIZE) -> None:
        self.folder = folder
        self.size = size
        self.trouble = ""
        """Why the last events could not be kept; empty when they were."""
        self._since = -MINUTE
        self._sayings: dict[tuple[str, str, str], _Saying] = {}
        self._keys: dict[tuple[str, str, str, str], _Saying] = {}
        self._room = {False: PLAIN, True: TELLING}
        self._handle = -1
        self._held = 0
        """The segment that is written, and its bytes; opened anew each minute, in case somebody took it away."""

    def record(self, events: Sequence[Event], now: float) -> None:
        """Append the events. A disk that is full or not to be written is told in `trouble`, never raised."""
        over: list[Event] = []
        if not 0 <= now - self._since < MINUTE:
            over = self._counts(now)
            self._shut()
        kept = over
        for event in events:
            if event.kind == "log.line":
                if self._sampled(event):
                    kept.append(event)
            else:
                kept += self._repeated(event)
        if kept:
            self._write(kept)

    def close(self, now: float) -> None:
        """Write what was only counted until now."""
        if over := self._counts(now):
            self._write(over)
        self._shut()

    def _sampled(self, event: Event) -> bool:
        """Whether the line is kept, not only counted."""
        name = (event.source, event.run, mask(event.what) if len(self._sayings) < SAYINGS else "")
        saying = self._sayings.get(name)
        if saying is None:
            saying = self._sayings[name] = _Saying(event)
        saying.count += 1
        saying.latest = event
        if saying.kept == SAMPLE:
            return False
        telling = event.level not in ("info", "debug") or erring(event.what)
        if not self._room[telling]:
            return False
        self._room[telling] -= 1
        saying.kept += 1
        return True

    def _repeated(self, event: Event) -> Sequence[Event]:
        """What is written of an event: nothing when its key says the same again and again; when it says something else
        at last, first how often it did not."""
        name = (event.source, event.kind, event.key, event.item)
        saying = self._keys.get(name)
        if saying is None or not _alike(saying.latest, event):
            if saying is not None or len(self._keys) < SAYINGS:
                self._keys[name] = _Saying(event, 1, 1)
            return (event,) if saying is None or saying.count == saying.kept else (saying.folded(self._since), event)
        saying.count += 1
        saying.latest = event
        if saying.kept == SAMPLE:
            return ()
        saying.kept += 1
        return (event,)

    def _counts(self, now: float) -> list[Event]:
        """What was only counted in the minute that is over, one line for each saying; a new minute begins."""
        more = [saying for saying in self._sayings.values() if saying.count > saying.kept]
        more = heapq.nlargest(COUNTS, more, key=lambda saying: saying.count)
        more += [saying for saying in self._keys.values() if saying.count > saying.kept]
        since = self._since
        self._since, self._room = now, {False: PLAIN, True: TELLING}
        self._sayings.clear()
        self._keys.clear()
        return [saying.folded(since) for saying in more]

    def _write(self, events: Sequence[Event]) -> None:
        data = _encoder.encode_lines(events)
        try:
            if self._handle < 0 or self._held >= self.size:
                self._open()
            if os.write(self._handle, data) != len(data):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            self._held += len(data)
            self.trouble = ""
        except OSError as error:
            self._shut()
            self.trouble = f"the journal stands still: {line(str(self.folder), 120)}: cannot write: {error.strerror}"

    def _open(self) -> None:
        """Go on in the newest segment, after the end of a line that a kill tore, or begin one."""
        self._shut()
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self._segment()
        self._handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._held = os.fstat(self._handle).st_size
        if self._held and os.pread(self._handle, 1, self._held - 1) != b"\n":
            self._held += os.write(self._handle, b"\n")

    def _shut(self) -> None:
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def _segment(self) -> Path:
        files = segments(self.folder)
        newest = files[-1] if files else self.folder / f"{1:06}.ndjson"
        if not files or newest.stat().st_size < self.size:
            return newest
        for old in files[: -KEPT + 1]:
            old.unlink(missing_ok=True)
        return self.folder / f"{int(newest.stem) + 1:06}.ndjson"


def last(folder: Path, key: str, now: float) -> Event | None:
    """The last event of that key in a folder of segments; None when it has none. The newest segment is read first."""
    named = _encoder.encode(key)
    for file in reversed(segments(folder)):
        try:
            lines = file.read_bytes().split(b"\n")
        except OSError:
            continue
        for row in reversed(lines):
            if named not in row:
                continue
            try:
                event = decode(row, now)
            except CockpitError:
                continue
            if event.key == key:
                return event
    return None


class Recorded(NamedTuple):
    """What a journal gave: its events, oldest first, and a line of words for each segment that is lost."""

    events: list[Event]
    trouble: list[str]


def replay(path: Path, now: float) -> Recorded:
    """All events of a folder of segments, or of one file, in the order in which they were taken in.

    A torn line is passed over; a segment that can't be read, or is corrupt for the most part, is told. A count
    stands again for what it counted, so that rates come out as they were (`COPIES`, and less when counts are many).
    """
    events: list[Event] = []
    trouble: list[str] = []
    for file in segments(path) if path.is_dir() else [path]:
        try:
            with file.open("rb") as opened:
                data = opened.read(LARGEST + 1)
        except FileNotFoundError:
            continue  # nothing was ever written, or it was just thrown away
        except OSError as error:
            trouble.append(f"{file.name}: cannot read: {error.strerror}")
            continue
        if len(data) > LARGEST:
            trouble.append(f"{file.name}: over {LARGEST // 1024**2} MiB")
            continue
        lines = data.split(b"\n")
        bad, before = 0, len(events)
        for entry in lines[:-1] if data.endswith(b"\n") else lines:
            try:
                event = decode(entry, now)
            except CockpitError:
                bad += bool(entry.strip())
                continue
            events.append(event)
        if bad > len(events) - before:
            trouble.append(f"{file.name} is corrupt: {bad} {'line' if bad == 1 else 'lines'} can't be read")
    return Recorded(_unfolded(events), trouble)


def _alike(one: Event, other: Event) -> bool:
    """Whether they say the same of their key, but for numbers in the words."""
    return (
        (one.state, one.level, one.run, one.commit, one.delegate)
        == (other.state, other.level, other.run, other.commit, other.delegate)
        and one.attrs == other.attrs
        and one.evidence == other.evidence
        and one.paths == other.paths
        and mask(one.what) == mask(other.what)
    )


def segments(folder: Path) -> list[Path]:
    """The files of a journal, oldest first."""
    return sorted((file for file in folder.glob("*.ndjson") if file.stem.isdecimal()), key=lambda file: int(file.stem))


def _unfolded(events: list[Event]) -> list[Event]:
    """The events with the copies that their counts stand for."""
    counts = [count for event in events if (count := _count(event))]
    if not counts:
        return events
    share = min(1.0, ALL_COPIES / sum(counts))
    found: list[Event] = []
    for event in events:
        count = _count(event)
        found += _copies(event, max(1, int(count * share))) if count else (event,)
    return found


def _count(event: Event) -> int:
    count = event.attrs.get("folded") if event.attrs else None
    return min(count, COPIES) if isinstance(count, int) and count > 0 else 0


def _copies(event: Event, copies: int) -> Iterator[Event]:
    """What was only counted, spread over its minute."""
    attrs = dict(event.attrs)
    del attrs["folded"]
    since = attrs.pop("since", event.at)
    if not isinstance(since, int | float):
        since = event.at
    for number in range(1, copies + 1):
        at = since + (event.at - since) * number / copies
        yield msgspec.structs.replace(event, at=at, attrs=attrs)
