"""What the hooks of agents left in `.cockpit/hooks/`, a file each: read, told, removed when it is in the journal."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from cockpit import cache, facts, sense
from cockpit.clean import line
from cockpit.engine import doing
from cockpit.engine.streams import dialect_of
from cockpit.facts import Doing, Turn
from cockpit.loose import Table, table, text
from cockpit.paths import Places
from cockpit.sense.streams import READERS, Memory, Teller, hooks, told
from cockpit.sense.streams.said import Asked, Over

LOT = 500
"""Files read in one pass; what is left waits for the next."""
LARGEST = 4 * 1024 * 1024
"""A longer file is not read: a tool printed it, and nothing of it is needed."""
TORN = 10.0
"""Seconds after which what is no JSON will not become any."""
SILENT = 12 * 3600.0
"""Seconds after which a session that said nothing more is taken for ended: a killed agent has no last hook."""
STOPPED = 15.0
"""Seconds after which a delegate that has stopped should have been seen to have answered."""
SESSIONS = 256
"""Sessions remembered."""
SCREEN = "screen"
"""The dialect of what is seen on an interactive agent's screen: it tells little, its hooks tell more."""
_NAME = re.compile(r"([a-z][a-z0-9_]*)-\d+")


class Session(msgspec.Struct):
    """A session of an agent: what it told that later hooks need, and when it told something last."""

    agent: str
    who: str
    item: str = ""
    at: float = 0.0
    stopped: float = 0.0
    """When it stopped to wait for words; 0 while it works, or when that was told."""
    memory: Memory = msgspec.field(default_factory=Memory)


class Hooked:
    """Reads what hooks said. `save` when what was read is in the journal, not before."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.path = places.local / "hooked.json"
        self.sessions = cache.load(self.path, dict[str, Session]) or {}
        self.read: list[tuple[Path, int]] = []
        self.doing: dict[Path, Doing] = {}
        """What delegates do by their hooks, by their turn's folder: a fact when the hooks are removed."""
        self.changed = False
        self.behind = False
        """There is more than one pass takes."""
        self.trouble: list[str] = []

    def events(self, turns: Mapping[str, Turn], now: float) -> list[sense.Event]:
        """What was said since the last pass, in the order it was written."""
        found: list[sense.Event] = []
        waiting = sorted(_files(self.places.hooks), key=lambda entry: entry[1].st_mtime_ns)
        self.behind = len(waiting) > LOT
        for path, info in waiting[:LOT]:
            said = _said(path, info)
            if said is None and now - info.st_mtime < TORN:
                continue  # still being written
            self.read.append((path, info.st_mtime_ns))
            if said is not None:
                found += self._events(*said, path.name.partition("-")[0], turns, min(info.st_mtime, now))
            elif info.st_size > 1:
                self.trouble = [f"hooks: {path.name} is no JSON, or too long: passed over"]
        return [*found, *self._left(turns, now), *self._silent(now)]

    def save(self) -> None:
        """Remove what was read. Raises CockpitError when the disk will not take what must be remembered."""
        if self.changed or self.read:
            cache.save(self.path, self.sessions)
        for folder, fact in self.doing.items():
            if folder.is_dir():
                facts.write(folder, fact)
        for path, stamp in self.read:
            try:
                if path.stat().st_mtime_ns == stamp:
                    path.unlink()
            except OSError:
                continue
        self.read, self.doing, self.changed = [], {}, False

    def _events(
        self, whose: str, payload: Table, agent: str, turns: Mapping[str, Turn], at: float
    ) -> Iterable[sense.Event]:
        item, _, named = whose.partition(" ")
        if item.endswith(facts.WHO):
            return []  # it gives an opinion, and works for nobody
        turn = turns.get(item) or self._below(text(payload.get("cwd")), turns)
        dialect = dialect_of(turn.dispatch.agent, self.places.root) if turn is not None else ""
        if dialect in READERS and dialect != SCREEN:
            return []  # its stream tells all of it
        session = self._session(agent, text(payload.get("session_id")), turn)
        session.at = at
        root = turn.dispatch.worktree if turn is not None else str(self.places.root)
        teller = Teller(agent, session.who, session.item, root)
        event = text(payload.get("hook_event_name")) or named
        said = list(hooks.read(event, payload))
        if turn is not None and turn.sentinel is not None:
            said = [entry for entry in said if not isinstance(entry, Asked)]  # the human talks on with it
        if turn is not None and (does := doing.by_hook(event, payload, said, at)) is not None:
            self.doing[turn.folder] = does
        if said:
            session.stopped = at if any(isinstance(entry, Over) and entry.waits for entry in said) else 0.0
        return [event for entry in said for event in told(entry, session.memory, teller, at)]

    def _session(self, agent: str, id: str, turn: Turn | None) -> Session:
        item = turn.item if turn is not None else ""
        key = f"{agent}/{item}/{line(id, 80)}"
        session = self.sessions.pop(key, None) or Session(agent, item or f"{agent} {line(id, 80)[:8]}".strip(), item)
        self.sessions[key] = session
        while len(self.sessions) > SESSIONS:
            del self.sessions[next(iter(self.sessions))]
        return session

    def _below(self, cwd: str, turns: Mapping[str, Turn]) -> Turn | None:
        """The delegate in whose worktree the session works."""
        here = Path(cwd)
        if not here.is_absolute() or not here.is_relative_to(self.places.worktrees):
            return None
        parts = here.relative_to(self.places.worktrees).parts
        return turns.get(parts[0]) if parts else None

    def due(self, now: float) -> bool:
        """Whether a session has stopped so long ago that it must be told, though nothing happens."""
        return any(session.item and 0 < session.stopped < now - STOPPED for session in self.sessions.values())

    def _left(self, turns: Mapping[str, Turn], now: float) -> list[sense.Event]:
        """What no hook tells: a delegate that stopped without an answer; a question whose turn has ended."""
        found: list[sense.Event] = []
        for session in self.sessions.values():
            turn = turns.get(session.item)
            running = turn is not None and turn.sentinel is None
            said = None
            if session.memory.asks and not running:
                said = Over()
            elif 0 < session.stopped < now - STOPPED:
                session.stopped = 0.0
                said = Asked("it has stopped, and there is no answer", idle=True) if running else None
                if turn is not None and isinstance(said, Asked):
                    self.doing[turn.folder] = Doing(state="asks", words=said.words, at=now)
                    self.changed = True
            if session.item and said is not None:
                self.changed = True
                found += told(said, session.memory, Teller(session.agent, session.who, session.item), now)
        return found

    def _silent(self, now: float) -> list[sense.Event]:
        gone = [key for key, session in self.sessions.items() if now - session.at > SILENT]
        self.changed = self.changed or bool(gone)
        ended = [self.sessions.pop(key) for key in gone]
        events = [(session, Teller(session.agent, session.who, session.item).tell(Over(), now)) for session in ended]
        return [event for session, event in events if event is not None and not session.item]


def _files(folder: Path) -> Iterable[tuple[Path, os.stat_result]]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if _NAME.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                    yield Path(entry.path), entry.stat(follow_symlinks=False)
    except OSError:
        return


def _said(path: Path, info: os.stat_result) -> tuple[str, Table] | None:
    """Whose it is, in the hook's own words, and the payload; None for what is no whole JSON."""
    if info.st_size > LARGEST:
        return None
    try:
        whose, _, data = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    payload = table(data)
    return (line(whose, 80), payload) if payload is not None else None
