"""Measured criteria as signals: the target is reached, it got worse by more than noise, there is no number. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cockpit import gauges
from cockpit.gauges import Gauge
from cockpit.sense.events import Event, safe

KEY = "measure/"
"""Before the criterion's id."""


def measure_events(found: Sequence[Gauge], known: Iterable[str], at: float) -> list[Event]:
    """One event for each measured criterion that wants the human; `known` are the open keys, the others are closed."""
    told = [event for gauge in found if (event := _wants(gauge, at)) is not None]
    keys = {event.key for event in told}
    return told + [
        Event(source="engine", kind="measure", key=key, state="closed", what="measured anew, or yours by now", at=at)
        for key in known
        if key not in keys
    ]


def _wants(gauge: Gauge, at: float) -> Event | None:
    measure, last = gauge.measure, gauge.last
    worse = gauges.regressed(gauge)
    if measure.trouble:
        state, what, action = "broken", f"{measure.id}: {measure.trouble}", "reword"
    elif last is None:
        return None
    elif worse:
        state, what, action = "worse", f"{measure.id} got worse: {worse}", "inspect"
    elif gauge.met and measure.open:
        state, what, action = "reached", f"{measure.id} is reached: {gauges.words(gauge)}", "tick"
    elif last.trouble or last.red:
        state, what, action = "broken", f"{measure.id}: {gauges.words(gauge)}", "inspect"
    else:
        return None
    rows = gauges.rows(gauge)[:2]
    event = Event(
        source="engine",
        kind="measure",
        key=f"{KEY}{measure.id}",
        state=state,
        what=what,
        at=last.at if last is not None else at,
        level="warning",
        item=measure.id,
        commit=last.commit if last is not None else "",
        evidence="; ".join(rows),
        action=action,
    )
    return safe(event, at)
