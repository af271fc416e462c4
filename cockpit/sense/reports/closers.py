"""What a report closes, and what of it is told: pure, from what the job's last reports had opened."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from cockpit.sense.events import Event

KINDS = ("finding", "test.result")
PASSES = 1000
"""Passed tests of one run that are told; beyond these, only those that were open."""
OPEN = 5000
"""Open keys of one job that are remembered, the last ones."""
_OPENS = ("open", "fail")


class Told(NamedTuple):
    """What a report comes to: the events to tell, and the keys that stand open after it, by job."""

    events: list[Event]
    open: dict[str, dict[str, str]]


def opened(before: Mapping[str, str], events: Iterable[Event]) -> dict[str, str]:
    """The keys that stand open after these events, each with its kind; `before` are those that did."""
    after = dict(before)
    for event in events:
        if event.kind in KINDS:
            if event.state in _OPENS:
                after[event.key] = event.kind
            elif event.closes:
                after.pop(event.key, None)
    return after


def closers(open_keys: Mapping[str, str], events: Sequence[Event]) -> list[Event]:
    """The events that end what the job had opened before (key to kind, as `opened` gives it), where `events` do not.

    `events` are one whole report, or the last part of one. A linter's report is its whole truth: what it tells no more
    is closed. A run of tests may have been some of them only: what it doesn't tell is closed by a green one.
    """
    end = events[-1] if events else None
    if end is None or end.kind != "ci.run" or end.state not in ("passed", "failed"):
        return []
    told = {event.key for event in events if event.state in _OPENS}
    findings = any(event.kind == "finding" for event in events)
    return [
        Event(
            source=end.source,
            what=f"{key} is gone" if kind == "finding" else f"{key}: the run is green",
            at=end.at,
            kind=kind,
            key=key,
            state="closed",
            run=end.run,
            commit=end.commit,
            item=end.item,
            delegate=end.delegate,
        )
        for key, kind in opened(open_keys, events).items()
        if end.state == "passed" or (findings and kind == "finding" and key not in told)
    ]


def tell(open: Mapping[str, Mapping[str, str]], events: Sequence[Event], job: str = "", passes: int = 0) -> Told:
    """What is told of a report's events, its closers put before the end of each run.

    `open` is what each job left open. `job` names it when the events begin in the middle of a run, of which `passes`
    passed tests have been told before.
    """
    after = {name: dict(keys) for name, keys in open.items()}
    told: list[Event] = []
    for part in _runs(events):
        name = part[0].key if part[0].kind == "ci.run" else job
        before = after.get(name, {})
        ends = closers(before, part)
        for event in part:
            if event.kind == "test.result" and event.state == "pass" and event.key not in before:
                passes += 1
                if passes > PASSES:
                    continue
            if event.kind == "ci.run" and event.state != "started":
                told += ends
            told.append(event)
        left = opened(before, (*part, *ends))
        after[name] = dict(list(left.items())[-OPEN:])
    return Told(told, {name: keys for name, keys in after.items() if keys})


def _runs(events: Sequence[Event]) -> Iterable[Sequence[Event]]:
    """The events of each run; a report may tell several."""
    starts = [at for at, event in enumerate(events) if event.kind == "ci.run" and event.state == "started"]
    bounds = sorted({0, *starts, len(events)})
    return [events[start:end] for start, end in itertools.pairwise(bounds)]
