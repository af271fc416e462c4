"""Measured goals: measuring the tip, and the next item of one that drives the loop (R156)."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit import gauges, verify
from cockpit.clean import line
from cockpit.engine import gauging, proving
from cockpit.engine.carry.acts import record
from cockpit.engine.look import Look
from cockpit.gauges import Gauge
from cockpit.paths import Places
from cockpit.spec import Mark, edit, parse


def measure(places: Places, seen: Look, ids: Sequence[str]) -> str:
    """Measure the tip. What was not written when we are killed is measured again, nothing twice."""
    wanted = [gauge.measure for gauge in seen.gauges if gauge.measure.id in ids]
    controls, beside = seen.document.controls, seen.plan.running
    said: list[str] = []
    red = proving.not_green(places, seen.document, seen.tip)
    for one, found in verify.measure(places, seen.tip, wanted, controls, red, beside):
        gauging.keep(places, one, found)
        before = next((gauge.history for gauge in seen.gauges if gauge.measure.id == one.id), ())
        said.append(gauges.words(Gauge(one, (*before, found), fresh=True)))
    return f"{seen.tip[:9]}: {'; '.join(said)}"


def drive(places: Places, gauge: Gauge) -> str:
    """Put the goal's next item at the end of the queue, unless one of it stands there."""
    measure, last = gauge.measure, gauge.last
    if last is None or last.value is None or measure.target is None:
        return f"{measure.id}: nothing to go by"
    now = measure.target.words(last.value)
    words = f"Bring {line(measure.name, 60)} from {now} to {measure.target}"
    because = f"measured at {last.commit[:9]}: {line(gauges.words(gauge), 160)}"

    def add(data: bytes) -> bytes:
        document = parse(data)
        goal = document.item(measure.id)
        standing = any(item.value("from") == measure.id and not item.mark.over for item in document.queue)
        if standing or goal is None or goal.mark is not Mark.OPEN or document.controls.loop == "hold":
            return data
        data, id = edit.add_item(data, words)
        data = edit.set_field(data, id, "from", measure.id)
        return edit.set_field(data, id, "because", because)

    record(places, "add", measure.id, add, because, f"Add: {words}")
    return f"{measure.id}: {words}"
