"""What measured criteria say now: how they changed, whether by more than noise, whether they are there (R156). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cockpit.clean import line
from cockpit.facts import Measurement
from cockpit.spec import Measure

LEAST = 0.02
"""Part of a value below which a change is noise, however steady the runs were."""
SINGLE = 0.1
"""The same where a measurement was one run: nothing tells how steady it is."""
ROW = 3
"""Measurements without progress after which nothing is driven on."""


@dataclass(frozen=True, slots=True)
class Gauge:
    """A measured criterion with all its comparable measurements, the oldest first."""

    measure: Measure
    history: tuple[Measurement, ...] = ()
    fresh: bool = False
    """The last of them is of the code as it is now."""

    @property
    def last(self) -> Measurement | None:
        """The latest one, with a value or without."""
        return self.history[-1] if self.history else None

    @property
    def values(self) -> Sequence[Measurement]:
        """Those that have a value: the base checks were green and a number came."""
        return [one for one in self.history if one.value is not None]

    @property
    def met(self) -> bool:
        """Whether the latest one is at the target."""
        last, target = self.last, self.measure.target
        return last is not None and last.value is not None and target is not None and target.met(last.value)


def noise(before: Measurement, after: Measurement) -> float:
    """How much two measurements may differ by chance: half of what their runs differed, and no less than a share."""
    share = LEAST if min(before.runs, after.runs) > 1 else SINGLE
    return max(share * abs(before.value or 0.0), before.spread / 2, after.spread / 2)


def gain(gauge: Gauge) -> float:
    """By how much the latest value is better than the one before; negative: worse; 0 within the noise, or without."""
    values, target = gauge.values, gauge.measure.target
    if len(values) < 2 or target is None:
        return 0.0
    return _gain(gauge, values[-2], values[-1])


def stuck(gauge: Gauge) -> bool:
    """Whether the last measurements brought no progress over the best one before them."""
    values, target = gauge.values, gauge.measure.target
    if len(values) <= ROW or target is None:
        return False
    best = max(values[:-ROW], key=lambda one: target.gain(0.0, one.value or 0.0))
    return all(_gain(gauge, best, one) <= 0 for one in values[-ROW:])


def words(gauge: Gauge) -> str:
    """`p95 212 ms, target < 200 ms, 4 measurements, better by 12%`, or why there is no number."""
    measure, last = gauge.measure, gauge.last
    name = line(measure.name, 60)
    if measure.target is None:
        return f"{name}: {line(measure.trouble, 160)}"
    target = f"target {line(str(measure.target), 40)}"
    if last is None:
        return f"{name} not measured yet, {target}"
    if last.value is None:
        why = f"not used while the base checks are red: {last.red}" if last.red else f"no number: {last.trouble}"
        return f"{name} {line(why, 200)}, {target}"
    count = len(gauge.values)
    there = " (reached)" if gauge.met else ""
    parts = [
        f"{name} {measure.target.words(last.value)}",
        target + there,
        f"{count} measurement{'s' * (count != 1)}",
        change(gauge),
        "" if gauge.fresh else "to be measured again",
    ]
    return ", ".join(part for part in parts if part)


def change(gauge: Gauge) -> str:
    """`better by 12%`, `worse by 3%`, `as before`; empty for the first."""
    values = gauge.values
    if len(values) < 2:
        return ""
    found, before = gain(gauge), abs(values[-2].value or 0.0)
    if not found:
        return "as before"
    amount = f"{abs(found) / before:.0%}" if before else "more than nothing"
    return f"{'better' if found > 0 else 'worse'} by {amount}"


def told(gauge: Gauge) -> str:
    """For a brief: what it is now, what it was before the last change, how to see it; empty without a number."""
    measure, values = gauge.measure, gauge.values
    if measure.target is None or not values:
        return ""
    now = values[-1]
    before = values[-2] if len(values) > 1 else None
    parts = [
        f"{line(measure.item.text, 120)} ({measure.id}): {measure.target.words(now.value or 0.0)} at {now.commit[:9]}",
        f"before that {measure.target.words(before.value or 0.0)} at {before.commit[:9]}, {change(gauge)}"
        if before is not None
        else "",
        f"the target is {measure.target}",
    ]
    said = "; ".join(part for part in parts if part)
    return f"- {said}. `{line(measure.command, 200)}` measures it."


def rows(gauge: Gauge) -> list[str]:
    """Each measurement in words, the last one first: `11-21 14:05 3f9c2a1b7: 212 ms (3 runs, within 4 ms)`."""
    return [_row(gauge, one) for one in reversed(gauge.history)]


def regressed(gauge: Gauge) -> str:
    """What got worse by more than noise: against the measurement before, or below a target that was reached once."""
    values, target = gauge.values, gauge.measure.target
    last = gauge.last
    if target is None or last is None or last.value is None:
        return ""
    if not gauge.measure.open and not gauge.met:
        return f"{words(gauge)}: it was reached once"
    return words(gauge) if len(values) > 1 and gain(gauge) < 0 else ""


def _row(gauge: Gauge, one: Measurement) -> str:
    at = f"{datetime.fromtimestamp(one.at):%m-%d %H:%M} {one.commit[:9]}"
    target = gauge.measure.target
    if one.value is None or target is None:
        return f"{at}: {'base checks red: ' + one.red if one.red else one.trouble}"
    runs = f"{one.runs} run{'s' * (one.runs != 1)}"
    spread = f", within {target.words(one.spread)}" if one.runs > 1 else ""
    beside = f", {one.beside} delegate{'s' * (one.beside != 1)} ran beside" if one.beside else ""
    return f"{at}: {target.words(one.value)} ({runs}{spread}{beside})"


def _gain(gauge: Gauge, before: Measurement, after: Measurement) -> float:
    target = gauge.measure.target
    if target is None or before.value is None or after.value is None:
        return 0.0
    found = target.gain(before.value, after.value)
    return found if abs(found) > noise(before, after) else 0.0
