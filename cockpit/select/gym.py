"""What a measured goal does to the loop: when it is measured, when it stops it, how it drives it (R156). Pure."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit import gauges
from cockpit.gauges import Gauge
from cockpit.select.fences import Fence
from cockpit.select.steps import Drive, Measure, World
from cockpit.spec import Document


def due(document: Document, world: World) -> Measure | None:
    """What is to be measured now: the code has changed since, or its base checks are green by now, or it never was and
    the loop is meant to run.
    """
    on, green = document.controls.loop != "hold", world.base.state == "green"
    ids = tuple(
        gauge.measure.id
        for gauge in world.gauges
        if gauge.measure.target is not None
        and (not gauge.fresh or (green and gauge.last is not None and gauge.last.red))
        and (on or gauge.history)
    )
    return Measure(ids) if ids else None


def reached(found: Sequence[Gauge]) -> Fence | None:
    """The fence of a loop whose goal is reached: all that is measured and still open is at its target."""
    wanted = [gauge for gauge in found if gauge.measure.open]
    if not wanted or not all(gauge.met for gauge in wanted):
        return None
    said = "; ".join(gauges.words(gauge) for gauge in wanted)
    ids = ", ".join(gauge.measure.id for gauge in wanted)
    words = f"target reached: {said}; tick {ids} to go on with the queue, or set another target"
    return Fence("target", words, item=wanted[0].measure.id)


def drive(document: Document, world: World, closed: Fence | None) -> Drive | Fence | None:
    """The next item of a goal that drives the loop, once the queue is drained; a fence where that is no use."""
    if closed is None or closed.name != "drained":
        return None
    for gauge in world.gauges:
        most, last = cap(gauge), gauge.last
        if not most or not gauge.measure.open or not gauge.fresh or last is None or last.value is None or gauge.met:
            continue
        said = gauges.words(gauge)
        if gauges.stuck(gauge):
            return Fence("plateau", f"no progress in {gauges.ROW} measurements: {said}; add an item, or another target")
        if sum(gauge.measure.id == item.value("from") for item in document.walk()) >= most:
            return Fence("drained", f"the queue is drained, and so is drive: {most} of {gauge.measure.id}: {said}")
        return Drive(gauge)
    return None


def cap(gauge: Gauge) -> int:
    """How many items the goal may add by itself: its `drive:`; 0 without one."""
    words = gauge.measure.item.value("drive").strip().strip("`")
    return int(words) if words.isdecimal() and len(words) < 4 else 0
