"""What a flood of events costs: from a line in the socket to its row, events a second, memory, a big ranking, keys.

python -m bench.flood [EVENTS]      all but the keys, which `make bench` measures; EVENTS: how many for the memory
"""

from __future__ import annotations

import asyncio
import json
import random
import socket
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from bench.rows import Row, ratio
from cockpit import wire
from cockpit.paths import Places
from cockpit.sense import Event, Ranker

LOT = 500
FLOOD = 5_000
"""Events a second while keys are pressed."""
MANY = 60_000
PER_SECOND = 60_000
FAMILIES = 10_000
BOUND = 256
"""MiB that the engine may hold after a million events."""


def event(number: int) -> dict[str, object]:
    """A mix as a busy day gives it: six of ten are lines of a build, two are tests, the others states and steps."""
    run, of = number // 20_000, number % 10
    if of < 6:
        what = f"[INFO] Downloaded thing-{number % 997} from central (12 kB at {number % 89} kB/s)"
        return {"source": "ci", "kind": "log.line", "key": "build", "run": f"build-{run}", "what": what}
    if of < 8:
        key = f"tests/test_a{number % 50}.py::test_{number % 400}"
        state = "fail" if number % 400 in (6, 7) else "pass"
        return {
            "source": "pytest", "kind": "test.result", "key": key, "state": state, "run": f"py-{run}", "what": key,
        }  # fmt: skip
    if of < 9:
        return {"source": "bench", "key": f"bench:{number % 40}", "what": f"event {number}", "state": "open"}
    return {"source": "d", "kind": "agent.step", "key": "step/q1", "state": "ok", "what": f"Read src/a{number % 40}.py"}


def lots(count: int, start: int = 0) -> Iterator[bytes]:
    """`count` events as lines, in lots as a program would write them."""
    for first in range(start, start + count, LOT):
        yield b"".join(json.dumps(event(n)).encode() + b"\n" for n in range(first, min(first + LOT, start + count)))


class Sender:
    """A client of the socket."""

    def __init__(self, places: Places) -> None:
        self.connection = socket.socket(socket.AF_UNIX)
        self.connection.settimeout(120)
        self.connection.connect(str(places.events))

    def send(self, data: bytes) -> None:
        """Wait until the engine has read it, but for what the kernel holds."""
        self.connection.sendall(data)

    def taken(self) -> None:
        """Wait until all that was sent is ranked."""
        self.send(b'{"op":"ping"}\n')
        answer = b""
        while not answer.endswith(b"}\n"):
            answer += self.connection.recv(65_536)
        if b"error" in answer:
            raise ValueError(answer[:300])

    def close(self) -> None:
        """Hang up."""
        self.connection.close()


def to_row(places: Places, rounds: int) -> Row:
    """From a line in the socket to the snapshot that has its row, the engine at rest; medians."""

    async def measure() -> list[float]:
        sender, taken = Sender(places), list[float]()
        snapshots = wire.listen(places.socket)
        await anext(snapshots)
        for number in range(rounds):
            await asyncio.sleep(0.5)
            key = f"row-{time.time_ns()}-{number}"
            line = {"source": "bench", "key": key, "what": "the gate is shut", "state": "open", "level": "critical"}
            begun = time.perf_counter()
            sender.send(json.dumps(line).encode() + b"\n")
            async with asyncio.timeout(20):
                while key not in {signal.key for signal in (await anext(snapshots)).signals}:
                    pass
            taken.append(time.perf_counter() - begun)
            sender.send(json.dumps(line | {"state": "closed"}).encode() + b"\n")
        await snapshots.aclose()  # pyright: ignore[reportAttributeAccessIssue]
        sender.close()
        return taken

    taken = asyncio.run(measure())
    sender, floor = Sender(places), list[float]()
    for _ in range(rounds):
        begun = time.perf_counter()
        sender.taken()
        floor.append(time.perf_counter() - begun)
    sender.close()
    return ratio(
        "line in the socket to its row published",
        statistics.median(taken),
        statistics.median(floor),
        None,
        "a ping answered",
    )


def through(places: Places, rounds: int) -> Row:
    """Events a second through socket, decoding, cleaning, journal and ranking of a live engine, the best of a few."""
    decode = msgspec.json.Decoder(Event).decode
    ours: list[float] = []
    floor: list[float] = []
    sender = Sender(places)
    for number in range(rounds):
        data = list(lots(MANY, number * MANY))
        lines = [line for lot in data for line in lot.split(b"\n")[:-1]]
        begun = time.perf_counter()
        for line in lines:
            decode(line)
        floor.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        for lot in data:
            sender.send(lot)
        sender.taken()
        ours.append(time.perf_counter() - begun)
    sender.close()
    rate, alone = MANY / min(ours), MANY / min(floor)
    return Row(
        "events a second, socket to ranking", f"{rate:,.0f}", f"{alone:,.0f} (decoding alone)", alone / rate,
        f">= {PER_SECOND:,}", rate >= PER_SECOND,
    )  # fmt: skip


def memory(places: Places, count: int) -> Row:
    """What the engine holds after so many events, and what it held after half of them."""
    sender, half = Sender(places), 0.0
    before = resident(places)
    for number, lot in enumerate(lots(count)):
        sender.send(lot)
        if number == count // LOT // 2:
            sender.taken()
            half = resident(places)
    sender.taken()
    sender.close()
    after = resident(places)
    return Row(
        f"memory after {count:,} events", f"{after:.0f} MiB (half of them: {half:.0f})", f"{before:.0f} MiB (before)",
        after / before, f"<= {BOUND} MiB", after <= BOUND,
    )  # fmt: skip


def resident(places: Places) -> float:
    """MiB that the engine holds now."""
    seen = wire.latest(places.socket)
    status = Path(f"/proc/{seen.pid if seen else 0}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024


def reranking(rounds: int) -> Row:
    """10,000 open families ranked again after one of them changed, against sorting as many rows by a number."""
    ranker, rows = Ranker(), list[tuple[float, str]]()
    chance = random.Random(4)
    for number in range(FAMILIES):
        level = ("warning", "error", "critical")[number % 3]
        what = f"gate {number} is shut"
        ranker.feed(Event(source="bench", key=f"gate-{number}", what=what, state="open", level=level, at=1000.0))
        rows.append((chance.random(), what))
    ranker.rank(1001.0, 200)

    def again(number: int) -> None:
        state = "open" if number % 2 else "closed"
        ranker.feed(Event(source="bench", key="gate-7", what="gate 7", state=state, at=1001.0 + number))
        ranker.rank(1002.0 + number, 200)

    ours = _timed(rounds, again)
    chance.shuffle(rows)
    floor = _timed(rounds, lambda _number: sorted(rows, reverse=True))
    return ratio(f"{FAMILIES:,} open families ranked again", ours, floor, None, "sorting as many pairs")


def _timed(rounds: int, work: Callable[[int], object]) -> float:
    taken: list[float] = []
    for number in range(rounds):
        begun = time.perf_counter()
        work(number)
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


class Flood:
    """5,000 events a second into the socket, from its entry to its exit."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.sent = 0
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._pour)

    def __enter__(self) -> Flood:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._thread.join()

    def _pour(self) -> None:
        sender = Sender(self.places)
        step = LOT / FLOOD
        data = list(lots(20 * LOT))
        due = time.monotonic()
        while not self._ending.is_set():
            sender.send(data[self.sent // LOT % 20])
            self.sent += LOT
            due += step
            time.sleep(max(0.0, due - time.monotonic()))
        sender.close()


def figures(places: Places, rounds: int, count: int) -> Iterator[Callable[[], Row]]:
    """All but the keys."""
    yield lambda: to_row(places, rounds)
    yield lambda: through(places, max(rounds // 3, 2))
    yield lambda: reranking(rounds)
    yield lambda: memory(places, count)


if __name__ == "__main__":
    from bench.__main__ import flight, table

    with flight() as found:
        for figure in figures(found, 9, int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000):
            print(table([figure()]).splitlines()[-1], flush=True)
