"""A document that agent-doc drives itself is read and left alone; the tables are those of its version 0.35.342."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest

from cockpit import persist, wire
from cockpit.errors import Refused
from cockpit.paths import Places
from cockpit.persist.lease import FRESH, OPEN, lease
from cockpit.steer import steer
from tests.stage import Stage, until

TABLES = """
CREATE TABLE registry_entries (document_id TEXT, pane TEXT, pid INTEGER, cwd TEXT, started TEXT, session_id TEXT,
  file TEXT, window TEXT, supervisor_instance_id TEXT);
CREATE TABLE supervisor_leases (document_id TEXT, generation INTEGER, supervisor_pid INTEGER, supervisor_socket TEXT,
  last_heartbeat INTEGER, runtime_state TEXT);
CREATE TABLE coordination_leases (scope_kind TEXT, scope_id TEXT, holder TEXT, holder_pid INTEGER,
  heartbeat_secs INTEGER);
CREATE TABLE state_events (id INTEGER PRIMARY KEY, event_id TEXT, document_hash TEXT, domain TEXT, fact_type TEXT,
  payload_json TEXT, timestamp INTEGER, document_version INTEGER);
"""
Say = Callable[..., None]


@pytest.fixture
def say(places: Places) -> Say:
    """Runs a statement in agent-doc's database of the repository."""
    folder = places.root / ".agent-doc"
    folder.mkdir()
    with closing(sqlite3.connect(folder / "state.db")) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.executescript(TABLES)

    def run(statement: str, *values: object) -> None:
        with closing(sqlite3.connect(folder / "state.db")) as connection, connection:
            connection.execute(statement, values)

    return run


@pytest.fixture
def process() -> Iterator[subprocess.Popen[bytes]]:
    """A process that lives until it is killed."""
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    yield child
    child.kill()
    child.communicate()


def key(places: Places) -> str:
    return hashlib.sha256(str(places.spec).encode()).hexdigest()


def claim(say: Say, places: Places, pid: int, started: str = "") -> None:
    now = started or f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    row = (str(places.spec), "%7", pid, str(places.root), now, "s", str(places.spec), "@0", "")
    say("INSERT INTO registry_entries VALUES (?,?,?,?,?,?,?,?,?)", *row)


def cycle(say: Say, places: Places, phase: str, at: float) -> None:
    state = json.dumps({"phase": phase, "updated_at": int(at)})
    payload = json.dumps({"fact": {"type": "turn_intent_checkpointed", "state_json": state}})
    say(
        "INSERT INTO state_events VALUES (NULL,?,?,'closeout','turn_intent_checkpointed',?,?,1)",
        f"e{phase}",
        key(places),
        payload,
        int(at),
    )


def test_a_repository_without_agent_doc_has_no_lease(places: Places):
    assert lease(places) is None


def test_a_controller_that_only_idles_holds_nothing(places: Places, say: Say):
    say("INSERT INTO coordination_leases VALUES ('preflight_auto_gc', 'project', 'x', NULL, ?)", int(time.time()))
    assert lease(places) is None


def test_a_claimed_pane_holds_as_long_as_its_process_lives(places: Places, say: Say, process: subprocess.Popen[bytes]):
    claim(say, places, process.pid)
    found = lease(places)
    assert found is not None
    assert f"(process {process.pid}) drives SPEC.md since" in found.words
    assert "%7" in found.words
    process.kill()
    process.wait()
    assert lease(places) is None


def test_a_process_that_got_the_number_later_is_not_the_one_that_claimed(
    places: Places, say: Say, process: subprocess.Popen[bytes]
):
    claim(say, places, process.pid, started="2020-01-01T00:00:00Z")
    assert lease(places) is None


def test_a_claim_on_another_document_is_not_ours(places: Places, say: Say, process: subprocess.Popen[bytes]):
    now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    other = str(places.root / "other.md")
    say("INSERT INTO registry_entries VALUES (?,?,?,?,?,?,?,?,?)", other, "%7", process.pid, "", now, "", other, "", "")
    assert lease(places) is None


def test_a_drain_lease_holds_ninety_seconds_after_its_last_sign(places: Places, say: Say):
    now = time.time()
    row = ("queue_drain", key(places), "claude_loop", 2**22 + 1, int(now))
    say("INSERT INTO coordination_leases VALUES (?,?,?,?,?)", *row)
    found = lease(places, now)
    assert found is not None
    assert "loop claude_loop" in found.words
    assert "drain-claim --release SPEC.md" in found.remedy
    assert lease(places, now + FRESH + 2) is None


def test_a_controller_that_drains_the_queue_holds_until_it_is_shut_down(
    places: Places, say: Say, process: subprocess.Popen[bytes]
):
    now = time.time()
    row = ("queue_orphan_drain_backoff", key(places), "controller_orphan_drain", process.pid, int(now))
    say("INSERT INTO coordination_leases VALUES (?,?,?,?,?)", *row)
    found = lease(places, now + 1000)
    assert found is not None
    assert f"agent-doc's controller (process {process.pid})" in found.words
    assert "controller shutdown" in found.remedy


def test_a_cycle_is_open_until_it_is_committed_or_given_up(places: Places, say: Say):
    now = time.time()
    for phase in ("preflight_started", "response_captured", "write_applied"):
        cycle(say, places, phase, now)
        found = lease(places, now)
        assert found is not None
        assert phase.replace("_", " ") in found.words
    assert lease(places, now + OPEN + 2) is None, "one that was left does not hold for ever"
    cycle(say, places, "committed", now)
    assert lease(places, now) is None


def test_reading_leaves_agent_docs_folder_as_it_is(places: Places, say: Say):
    folder = places.root / ".agent-doc"
    before = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()}
    lease(places)
    assert {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()} == before


def test_a_database_that_cannot_be_read_holds_nothing(places: Places):
    (places.root / ".agent-doc").mkdir()
    (places.root / ".agent-doc" / "state.db").write_bytes(b"SQLite format 3\0 and then nothing of use" * 40)
    assert lease(places) is None


def test_verbs_are_refused_with_the_reason_and_work_again_when_it_ends(
    places: Places, say: Say, process: subprocess.Popen[bytes]
):
    persist.create(places, b"## Queue\n- [ ] Mend it ^q1\n")
    claim(say, places, process.pid)
    with pytest.raises(Refused, match=r"drives SPEC\.md since") as refusal:
        steer(places, "strike", "q1")
    assert "agent-doc resync" in refusal.value.remedy
    assert places.spec.read_bytes() == b"## Queue\n- [ ] Mend it ^q1\n"
    process.kill()
    process.wait()
    steer(places, "strike", "q1")
    assert b"- [-] Mend it ^q1" in places.spec.read_bytes()


def test_the_engine_dispatches_and_writes_nothing_and_goes_on_by_itself_when_the_lease_ends(
    places: Places, say: Say, process: subprocess.Popen[bytes]
):
    stage = Stage(places)
    stage.spec("- [ ] Mend it ^q1\n")
    stage.script("q1", [{"write": {"done.txt": "yes\n"}}, {"answer": {"status": "done", "summary": "done"}}])
    before = places.spec.read_bytes()
    claim(say, places, process.pid)
    try:
        stage.start()
        shown: wire.Snapshot = until("a snapshot", lambda: wire.latest(places.socket))
        assert "drives SPEC.md" in shown.why
        assert "drives SPEC.md" in shown.notes[0]
        assert places.spec.read_bytes() == before
        assert list(places.delegates.iterdir()) == []
        process.kill()
        process.wait()
        until("the delegate", lambda: (places.delegates / "q1" / "1" / "sentinel").exists())
    finally:
        stage.stop()
