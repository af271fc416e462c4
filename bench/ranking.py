"""The ranking under load: a million events of many families, ten thousand open ones ranked again.

python -m bench.ranking [EVENTS]    events a second, memory grown, families kept; ms to rank again, against sorting rows
"""

from __future__ import annotations

import random
import resource
import sys
import time
from collections.abc import Callable

from cockpit.sense.events import Event
from cockpit.sense.ranker import Ranker

BEGIN = 1_790_000_000.0
OPEN = 10_000


def flood(events: int) -> None:
    """Events of all sorts, each of many families, ranked every five seconds of their time."""
    rng = random.Random(1)
    ranker, now = Ranker(), BEGIN
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    fed = ranked = 0.0
    for number in range(events):
        now += 0.002
        event = _event(rng, number, now)
        start = time.perf_counter()
        ranker.feed(event)
        fed += time.perf_counter() - start
        if number % 2_500 == 0:
            start = time.perf_counter()
            ranker.rank(now)
            ranked += time.perf_counter() - start
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    kept = ranker.board.families
    print(f"{events} events: {events / fed:.0f}/s fed, {ranked / (events / 2_500) * 1000:.1f} ms a ranking")
    print(f"  {grown:.0f} MB grown, {len(kept.all)} families kept, {len(kept.live)} of them open")


def _event(rng: random.Random, number: int, now: float) -> Event:
    name = rng.randrange(200_000)
    good = rng.random() < 0.5
    match rng.randrange(6):
        case 0:
            key = f"t/test_{name}.py::test"
            state, what = ("pass", f"PASSED {key}") if good else ("fail", f"FAILED {key} - E{name}: x")
            run = f"suite-{number // 5000}"
            return Event(source="ci", kind="test.result", key=key, state=state, what=what, run=run, at=now, id=number)
        case 1:
            what = f"compiling part {name} of {'x' * (name % 50)}"
            run = f"build-{number // 9000}"
            return Event(source="ci", kind="log.line", key="build", what=what, run=run, at=now, id=number)
        case 2:
            state, what = "closed" if good else "open", f"rule {name} is broken"
            return Event(source="lint", kind="finding", key=f"r{name}", state=state, what=what, level="error", at=now)
        case 3:
            state = "ok" if good else "fail"
            return Event(source="gate", kind="preflight", key=f"c{name}", state=state, what=f"check {name}", at=now)
        case 4:
            what = f"error: shard {name} of {name % 97} gave up"
            return Event(source="log", kind="log.line", what=what, level="error", at=now, id=number)
        case _:
            claim = {"type": "claim", "claim": str(name % 2)}
            key, who = f"topic{name}", f"d{name % 40}"
            return Event(source="agent", kind="delegate.note", key=key, what=key, delegate=who, attrs=claim, at=now)


def again() -> None:
    """Ten thousand open families ranked again, and as many rows sorted."""
    ranker = Ranker()
    for number in range(OPEN):
        what, at = f"check {number} fails somehow", BEGIN + number / 100
        ranker.feed(Event(source="ci", kind="preflight", key=f"c{number}", state="fail", what=what, at=at))
    ranker.rank(BEGIN + 200)
    rng = random.Random(2)
    rows = [(rng.random(), f"row {number}") for number in range(OPEN)]
    ours = min(_spent(lambda turn=turn: ranker.rank(BEGIN + 200 + turn)) for turn in range(9))
    sorting = min(_spent(lambda: sorted(rows, reverse=True)) for _ in range(9))
    print(f"{OPEN} open families ranked again: {ours * 1000:.1f} ms, {ours / sorting:.1f} x sorting as many rows")


def _spent(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


if __name__ == "__main__":
    again()
    flood(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
