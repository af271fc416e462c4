"""Whether agent-doc drives this document itself: its claims, leases and open cycles, read and never written.

agent-doc (0.35.342, run) keeps them in `.agent-doc/state.db` of the project, by path and by the SHA-256 of the path:

- `registry_entries`: a pane that claimed the document; holds while the process of the pane lives;
- `supervisor_leases`: the process that keeps a harness on it; holds while that process lives;
- `coordination_leases`: a loop that drains its queue, or the controller that does it for nobody; holds while the holder
  lives, and `FRESH` seconds after its last sign (the holder of `drain-claim` is a command that ended at once);
- a closeout that isn't committed: a cycle somebody is answering; holds for `OPEN` seconds after its last sign.

A controller alone drives nothing: every `agent-doc` command starts one.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit import facts
from cockpit.clean import line
from cockpit.errors import Refused
from cockpit.paths import Places

if TYPE_CHECKING:
    import sqlite3

FRESH = 90.0
"""Seconds a drain lease holds after its heartbeat (agent-doc's own default)."""
OPEN = 3600.0
"""Seconds an open cycle of which nothing is heard keeps us from writing: long turns are silent, lost ones forever."""
CYCLE = ("preflight_started", "response_captured", "write_applied")
SLACK = 60.0
"""Seconds by which the clock may have been set since a process started."""


@dataclass(frozen=True, slots=True)
class Lease:
    """Who drives the document, and how that is ended; both in words."""

    words: str
    remedy: str

    def refused(self) -> Refused:
        """What a writer is told."""
        return Refused(self.words, remedy=self.remedy)


@dataclass(frozen=True, slots=True)
class _Row:
    """A claim as the database has it. `pid` 0 is nobody; `fresh` is how many seconds it holds without a living pid."""

    who: str
    pid: int
    at: float
    fresh: float
    remedy: str


def lease(places: Places, now: float | None = None) -> Lease | None:
    """The live claim of agent-doc on this spec; None when it has none. Cheap when nothing changed."""
    base = _project(places.spec.parent)
    if base is None:
        return None
    database = base / ".agent-doc" / "state.db"
    now = time.time() if now is None else now
    name = places.spec_name
    for row in _rows(database, places.spec, _stamp(database)):
        if _lives(row.pid, row.at):
            since = f"(process {row.pid}) drives {name} since {_clock(row.at, now)}"
        elif row.fresh and now - row.at <= row.fresh:
            since = f"drives {name} since {_clock(row.at, now)}"
        else:
            continue
        return Lease(f"agent-doc's {row.who} {since}: read-only", row.remedy.format(name=name))
    return None


def _project(folder: Path) -> Path | None:
    """The folder whose `.agent-doc/` counts for a document in `folder`: the nearest one upwards."""
    return next((base for base in (folder, *folder.parents) if (base / ".agent-doc" / "state.db").is_file()), None)


def _stamp(database: Path) -> tuple[tuple[int, int, int], ...]:
    """What tells that the database was written: its log grows or is folded back into it."""
    found: list[tuple[int, int, int]] = []
    for path in (database, database.with_name("state.db-wal")):
        try:
            info = path.stat()
            found.append((info.st_ino, info.st_mtime_ns, info.st_size))
        except OSError:
            found.append((0, 0, 0))
    return tuple(found)


@lru_cache(maxsize=4)
def _rows(database: Path, document: Path, stamp: tuple[tuple[int, int, int], ...]) -> tuple[_Row, ...]:
    """The claims on the document. Another version's tables are passed over; so is a database that can't be read."""
    import sqlite3  # only where agent-doc is

    # Without a log beside it nobody has it open: read as it lies, so that SQLite makes no files of its own there.
    mode = "mode=ro" if stamp[1][0] else "immutable=1"
    found: list[_Row] = []
    with (
        contextlib.suppress(sqlite3.Error),
        contextlib.closing(sqlite3.connect(f"{database.as_uri()}?{mode}", uri=True, timeout=1.0)) as connection,
    ):
        for read in (_panes, _supervisors, _coordination, _cycle):
            with contextlib.suppress(sqlite3.Error, ValueError, TypeError, KeyError):
                found.extend(read(connection, str(document)))
    return tuple(found)


def _panes(connection: sqlite3.Connection, document: str) -> list[_Row]:
    query = "SELECT pane, pid, started FROM registry_entries WHERE document_id = ? OR file = ?"
    return [
        _Row(
            f"session in pane {line(pane, 20)}", pid or 0, _epoch(started), 0, "end that session, then agent-doc resync"
        )
        for pane, pid, started in connection.execute(query, (document, document))
    ]


def _supervisors(connection: sqlite3.Connection, document: str) -> list[_Row]:
    query = "SELECT supervisor_pid, last_heartbeat FROM supervisor_leases WHERE document_id = ?"
    remedy = "agent-doc admin kill-supervisor {name} stops it"
    return [_Row("supervisor", pid or 0, beat or 0, 0, remedy) for pid, beat in connection.execute(query, (document,))]


def _coordination(connection: sqlite3.Connection, document: str) -> list[_Row]:
    query = "SELECT holder, holder_pid, heartbeat_secs FROM coordination_leases WHERE scope_id = ?"
    rows: list[_Row] = []
    for holder, pid, beat in connection.execute(query, (_hash(document),)):
        controller = "controller" in holder
        remedy = "agent-doc controller shutdown" if controller else "agent-doc drain-claim --release {name}"
        who = "controller" if controller else f"loop {line(holder, 40)}"
        rows.append(_Row(who, pid or 0, beat, FRESH, f"{remedy} stops it"))
    return rows


def _cycle(connection: sqlite3.Connection, document: str) -> list[_Row]:
    """The last cycle's state, when it is neither committed nor given up."""
    query = (
        "SELECT payload_json FROM state_events WHERE document_hash = ? AND domain = 'closeout'"
        " AND fact_type = 'turn_intent_checkpointed' ORDER BY id DESC LIMIT 1"
    )
    last = connection.execute(query, (_hash(document),)).fetchone()
    if last is None:
        return []
    import json

    state = json.loads(json.loads(last[0])["fact"]["state_json"])
    if state["phase"] not in CYCLE:
        return []
    remedy = "wait for its commit; agent-doc cancel {name} or agent-doc repair {name} closes one that was left"
    return [_Row(f"open cycle ({state['phase'].replace('_', ' ')})", 0, float(state["updated_at"]), OPEN, remedy)]


def _hash(document: str) -> str:
    return hashlib.sha256(document.encode(errors="surrogateescape")).hexdigest()


def _epoch(stamp: str) -> float:
    return datetime.fromisoformat(stamp.replace("Z", "+00:00")).timestamp()


def _lives(pid: int, at: float) -> bool:
    """Whether that process lives and is the one of the claim: one that started later only has its number."""
    ticks = facts.started(pid) if pid > 0 else None
    return ticks is not None and _booted() + int(ticks) / os.sysconf("SC_CLK_TCK") <= at + SLACK


@lru_cache(maxsize=1)
def _booted() -> float:
    try:
        lines = Path("/proc/stat").read_text().split("\n")
    except OSError:
        return 0.0
    return float(next((entry.split()[1] for entry in lines if entry.startswith("btime ")), 0))


def _clock(at: float, now: float) -> str:
    form = "%H:%M" if now - at < 12 * 3600 else "%Y-%m-%d %H:%M"
    return f"{datetime.fromtimestamp(at):{form}}"
