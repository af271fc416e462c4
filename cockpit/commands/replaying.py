"""The command that ranks a recorded journal again, by the class that ranks live: what was shown then, and why."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from cockpit.clean import line
from cockpit.commands.given import Given, here
from cockpit.errors import CockpitError
from cockpit.sense import Event, Ranker, Signal, journal

STEP = 1.0
"""Seconds of the journal's time between two rankings when each change is asked for."""
SETTLE = 10.0
"""Seconds after the last event at which the end is ranked: what waits for its cause has been told by then."""


def replay(given: Given) -> int:
    """Rank a journal (a folder of segments, or one file of events) as it was ranked then. Raises CockpitError."""
    import msgspec

    path = Path(given.directory) / given.path if given.path else here(given, spec=False).journal
    if not path.exists():
        raise CockpitError("there is no journal", where=line(str(path), 200), remedy="an engine writes one as it runs")
    recorded = journal.replay(path, time.time())
    for words in recorded.trouble:
        print(f"cockpit: {line(words, 200)}", file=sys.stderr)
    if not recorded.events:
        raise CockpitError("no events", where=line(str(path), 200))
    end = moment(given.at) if given.at else max(event.at for event in recorded.events) + SETTLE
    for at, signals in rankings(recorded.events, end, given.rows, every=given.changes):
        if given.json:
            print(msgspec.json.encode({"at": at, "rows": signals}).decode())
        else:
            print("\n".join(page(at, signals)))
    return 0


def rankings(
    events: Sequence[Event], end: float, most: int, *, every: bool = False
) -> Iterator[tuple[float, list[Signal]]]:
    """What ranked at `end` (epoch seconds) by the events until then; with `every`, also each time that it had changed.

    Events count in the order in which they were taken in, at their own times.
    """
    ranker = Ranker()
    due = 0.0
    shown: list[tuple[str, str]] = []
    for event in events:
        if event.at > end:
            continue
        if every and event.at >= due:
            if due and (rows := _names(signals := ranker.rank(due, most))) != shown:
                shown = rows
                yield due, signals
            due = event.at + STEP
        ranker.feed(event)
    signals = ranker.rank(end, most)
    if not every or _names(signals) != shown:
        yield end, signals


def page(at: float, signals: Sequence[Signal]) -> Iterator[str]:
    """The rows as lines of text, below their time."""
    from cockpit.report import ago

    yield f"{datetime.fromtimestamp(at):%Y-%m-%d %H:%M:%S}" + ("" if signals else "  nothing")
    for number, signal in enumerate(signals, 1):
        why = f" ({line(', '.join(signal.reasons), 100)})" if signal.reasons else ""
        notify = " !" if signal.notify else ""
        yield f"{number:>3}  {line(signal.what, 80)}: {line(signal.state, 20)} {ago(at - signal.since)}{why}{notify}"


def moment(words: str) -> float:
    """The time in epoch seconds that is meant: such a number, a date with a time (of this clock's zone where it names
    none), or a time of today. Raises CockpitError."""
    try:
        return float(words)
    except ValueError:
        pass
    for said in (words, f"{datetime.now():%Y-%m-%d} {words}"):
        try:
            return datetime.fromisoformat(said).timestamp()
        except ValueError:
            continue
    raise CockpitError(f"no time: {line(words, 40)!r}", remedy="like 14:05, 2026-11-21 14:05:30, or epoch seconds")


def _names(signals: Sequence[Signal]) -> list[tuple[str, str]]:
    return [(signal.family, signal.state) for signal in signals]
