"""The socket for events: who sends badly, slowly, too much or not at all disturbs nobody else."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import stat
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from cockpit.engine import intake
from cockpit.engine.intake import Intake
from cockpit.paths import Places
from cockpit.sense import Event
from tests.stage import Stage, until

DEADLINE = 30.0


def say(what: str, **more: object) -> bytes:
    return json.dumps({"source": "test", "what": what, "key": what, **more}).encode() + b"\n"


class Ear:
    """What an intake has taken."""

    def __init__(self) -> None:
        self.whats: list[str] = []
        self.most = 0

    def take(self, events: Sequence[Event], _now: float) -> None:
        self.whats += [event.what for event in events]
        self.most = max(self.most, len(events))


@contextlib.contextmanager
def listening(places: Places, take: Callable[[Sequence[Event], float], None]) -> Iterator[Path]:
    way = Intake(places.events, take, lambda: None)
    way.open()
    try:
        yield places.events
    finally:
        way.close()


async def soon(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(DEADLINE):
        while not condition():
            await asyncio.sleep(0.01)


async def talk(path: Path, data: bytes) -> list[dict[str, object]]:
    """Send all of it, say that that was all, and read the answers to their end."""
    reader, writer = await asyncio.open_unix_connection(path)
    writer.write(data)
    writer.write_eof()
    answers = await asyncio.wait_for(reader.read(), DEADLINE)
    writer.close()
    return [json.loads(line) for line in answers.splitlines()]


async def test_the_socket_is_private(places: Places):
    with listening(places, Ear().take) as path:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert not path.exists()


async def test_a_bad_line_is_answered_and_costs_nothing_else(places: Places):
    ear = Ear()
    with listening(places, ear.take) as path:
        answers = await talk(path, say("a") + b"nonsense\n" + say("b") + b'{"op":"ping"}\n')
    assert ear.whats == ["a", "b"]
    assert [answer["line"] for answer in answers[:1]] == [2]
    assert answers[1:] == [{"ok": 4}]


async def test_a_sender_that_hangs_up_without_reading_its_answers_loses_nothing(places: Places):
    ear = Ear()
    lines = [say(f"n{number}") for number in range(3000)]
    with listening(places, ear.take) as path:
        client = socket.socket(socket.AF_UNIX)
        client.connect(str(path))
        await asyncio.to_thread(client.sendall, b"bad\n" + b"".join(lines))
        client.close()
        await soon(lambda: len(ear.whats) == 3000)
    assert ear.whats[-1] == "n2999"


async def test_a_thousand_senders_at_once_are_all_heard(places: Places):
    ear = Ear()
    with listening(places, ear.take) as path:
        clients = [await asyncio.open_unix_connection(path) for _ in range(1000)]
        for number, (_, writer) in enumerate(clients):
            writer.write(say(f"client {number}"))
        await soon(lambda: len(ear.whats) == 1000)
        for _, writer in clients:
            writer.close()
    assert len(set(ear.whats)) == 1000


async def test_more_senders_than_there_is_room_for_are_told_so(places: Places, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(intake, "SENDERS", 2)
    ear = Ear()
    with listening(places, ear.take) as path:
        first = [await asyncio.open_unix_connection(path) for _ in range(2)]
        third, writer = await asyncio.open_unix_connection(path)
        assert json.loads(await asyncio.wait_for(third.read(), DEADLINE))["error"] == "too many senders at once"
        first[0][1].write(say("still heard"))
        await soon(lambda: ear.whats == ["still heard"])
        for each in (writer, *(w for _, w in first)):
            each.close()


async def test_a_sender_that_never_reads_its_answers_is_dropped_and_delays_nobody(
    places: Places, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(intake, "PATIENCE", 0.3)
    ear = Ear()
    with listening(places, ear.take) as path:
        deaf = socket.socket(socket.AF_UNIX)
        deaf.settimeout(DEADLINE)
        deaf.connect(str(path))

        def shout() -> None:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                while True:
                    deaf.sendall(b"bad\n" * 10_000)

        shouting = asyncio.create_task(asyncio.to_thread(shout))
        for number in range(20):
            assert await talk(path, say(f"n{number}")) == []
        await asyncio.wait_for(shouting, DEADLINE)  # it was hung up on
        assert await talk(path, b'{"op":"ping"}\n') == [{"ok": 1}]
        deaf.close()
    assert len(ear.whats) == 20


async def test_a_sender_waits_while_what_it_sent_is_taken(places: Places):
    """Nobody reads faster than is ranked: what is not taken yet stays with its sender."""
    gate, taking = threading.Event(), threading.Event()
    ear = Ear()

    def slowly(events: Sequence[Event], now: float) -> None:
        taking.set()
        gate.wait(DEADLINE)
        ear.take(events, now)

    lines = b"".join(say(f"n{number}", evidence="x" * 500) for number in range(10_000))
    with listening(places, slowly) as path:
        client = socket.socket(socket.AF_UNIX)
        client.connect(str(path))
        sent = client.send(lines[:1000])
        await soon(taking.is_set)
        client.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while sent < len(lines):
                sent += client.send(lines[sent:])
        assert sent < len(lines)  # 6 MB don't fit into the kernel's buffer
        client.setblocking(True)
        sending = asyncio.create_task(asyncio.to_thread(client.sendall, lines[sent:]))
        gate.set()
        await asyncio.wait_for(sending, DEADLINE)
        client.close()
        await soon(lambda: len(ear.whats) == 10_000)
    assert ear.most < 2 * intake.CHUNK / 500


async def test_a_line_of_a_gigabyte_is_refused_at_the_cap(places: Places):
    ear = Ear()
    with listening(places, ear.take) as path:
        client = socket.socket(socket.AF_UNIX)
        client.connect(str(path))

        def endless() -> bytes:
            for _ in range(256):  # 256 MB say the same as a gigabyte; the unit test reads all of it
                client.sendall(b"x" * 1024 * 1024)
            client.sendall(b"\n" + say("after"))
            client.shutdown(socket.SHUT_WR)
            return client.recv(4096)

        answer = await asyncio.wait_for(asyncio.to_thread(endless), DEADLINE)
        await soon(lambda: ear.whats == ["after"])
        client.close()
    assert json.loads(answer) == {"error": "line over 64 KiB, passed over", "line": 1}


def test_a_line_in_the_socket_becomes_a_signal_in_the_live_engine(places: Places):
    stage = Stage(places)
    stage.spec("- [ ] Do it ^q1\n", loop="hold")
    stage.start()
    try:
        until("the engine", stage.alive)
        client = socket.socket(socket.AF_UNIX)
        client.connect(str(places.events))
        client.sendall(say("the gate is shut", state="open", level="error") + b'{"op":"ping"}\n')
        assert json.loads(client.recv(100)) == {"ok": 2}
        client.close()
        until("the signal", lambda: "the gate is shut" in [row.what for row in stage.snapshot().signals])
        stage.stop()
        assert not places.events.exists()
        stage.start()
        until("the engine", stage.alive)
        until("the signal again", lambda: "the gate is shut" in [row.what for row in stage.snapshot().signals])
    finally:
        stage.kill()


def test_a_flood_does_not_make_the_engine_look_at_everything(places: Places):
    """Passes stay rare while events pour in, and an act is carried out in between."""
    stage = Stage(places)
    stage.spec("- [ ] Do it ^q1\n", loop="hold")
    stage.start()
    try:
        until("the engine", stage.alive)
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(DEADLINE)
        client.connect(str(places.events))
        for number in range(200):
            client.sendall(b"".join(say(f"n{number}", state="open", level="warning") for _ in range(100)))
        client.sendall(b'{"op":"ping"}\n')
        assert json.loads(client.recv(100)) == {"ok": 20_001}
        client.close()
        until("the rows", lambda: len(stage.snapshot().signals) >= 10)
        stage.steer("defer", "q1")
        until("the act", lambda: stage.snapshot().head == "")
        assert os.path.getsize(places.journal / "000001.ndjson") > 0
    finally:
        stage.stop()
        stage.kill()
