"""The streams of running delegates, read on where the last pass stopped: bounded, never twice, over a restart too."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from pathlib import Path

import msgspec

from cockpit import cache, sense
from cockpit.act import agents, usage
from cockpit.errors import CockpitError
from cockpit.facts import Turn
from cockpit.paths import Places
from cockpit.sense.streams import READERS, Memory, Teller, read

NAME = "events.ndjson"
LOT = 512 * 1024
"""Bytes read of one stream in one pass; what is left waits for the next."""
LINE = 8 * 1024 * 1024
"""A line longer than this is passed over; our runner writes none."""


class Mark(msgspec.Struct):
    """How far a turn's stream was read, and what it told that later lines need."""

    inode: int = 0
    at: int = 0
    memory: Memory = msgspec.field(default_factory=Memory)


class Streams:
    """Reads on in every stream. `save` when what was read is in the journal, not before."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.path = places.local / "streams.json"
        self.marks = cache.load(self.path, dict[str, Mark]) or {}  # lost: streams are read again
        self.changed = False
        self.behind = False
        """There is more than one pass takes."""

    def events(self, turns: Iterable[Turn], now: float) -> list[sense.Event]:
        """What the agents of these turns said since the last pass."""
        self.behind = False
        found: list[sense.Event] = []
        there: set[str] = set()
        for turn in turns:
            name = f"{turn.item}/{turn.number}"
            there.add(name)
            if turn.merge is None:
                found += self._read(turn, name, now)
        if gone := self.marks.keys() - there:
            self.changed = True
            for name in gone:
                del self.marks[name]
        return found

    def save(self) -> None:
        """Remember how far everything was read. Raises CockpitError when the disk will not take it."""
        if not self.changed:
            return
        cache.save(self.path, self.marks)
        self.changed = False

    def _read(self, turn: Turn, name: str, now: float) -> list[sense.Event]:
        path = turn.folder / NAME
        try:
            info = path.stat()
        except OSError:
            return []
        mark = self.marks.get(name)
        if mark is None or mark.inode != info.st_ino or mark.at > info.st_size:
            mark = self.marks[name] = Mark(inode=info.st_ino)
        if mark.at == info.st_size:
            return []
        dialect = dialect_of(turn.dispatch.agent, self.places.root)
        if mark.at == 0:
            mark.memory.counted = usage.counted_before(dialect, turn.folder)
        lines, end = whole(path, mark.at, LOT)
        self.changed = self.changed or end != mark.at
        mark.at = end
        self.behind = self.behind or (bool(lines) and end < info.st_size)
        teller = Teller(dialect, turn.item, turn.item, turn.dispatch.worktree)
        now = min(now, turn.sentinel.at) if turn.sentinel is not None else now
        return [event for line in lines for event in read(dialect, line, mark.memory, teller, now)]


def whole(path: Path, start: int, lot: int) -> tuple[list[bytes], int]:
    """The whole lines from `start`, about `lot` bytes of them, and where to go on; a torn last line waits."""
    try:
        with path.open("rb") as file:
            file.seek(start)
            data = file.read(lot)
            if data and b"\n" not in data:
                data += file.readline(LINE)
    except OSError:
        return [], start
    end = data.rfind(b"\n") + 1
    if not end and len(data) > LINE:
        return [], start + len(data)
    return data[:end].split(b"\n")[:-1], start + end


@functools.lru_cache(maxsize=64)
def dialect_of(agent: str, root: Path) -> str:
    """The dialect that agent speaks; `plain` where nobody knows any more."""
    try:
        dialect = agents.load(agent, root).events
    except CockpitError:
        return "plain"
    return dialect if dialect in READERS else "plain"
