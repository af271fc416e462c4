"""Measuring a commit: each number, in a scratch worktree of it (R156)."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from cockpit.clean import line
from cockpit.facts import Measurement
from cockpit.paths import Places
from cockpit.spec import Controls, Measure, fields
from cockpit.verify.command import Run, run
from cockpit.verify.readings import Unread, reading
from cockpit.verify.scratch import bare

RUNS = 3
"""Runs of one measurement; the median counts."""
PATIENCE = 60.0
"""Seconds that the runs of one measurement may take together before they are enough."""


def measure(
    places: Places,
    commit: str,
    measures: Sequence[Measure],
    controls: Controls,
    red: str,
    beside: int = 0,
) -> Iterator[tuple[Measure, Measurement]]:
    """Each measure with what it came to on that commit; nothing is measured where the base checks are `red`, in words.

    Raises CockpitError when there is no scratch, Cut when a command was cut short.
    """
    with bare(places, commit, "measure") as folder:
        begun = time.time()
        for one in measures:
            found = Measurement(commit=commit, digest=one.digest, at=begun, red=line(red, 200), beside=beside)
            if not red:
                found = _measured(one, found, folder, (fields.minutes(one.item, controls) or controls.timeout) * 60)
            yield one, found


def _measured(one: Measure, found: Measurement, folder: Path, timeout: float) -> Measurement:
    """Run it up to three times, as long as that takes little."""
    values: list[float] = []
    begun = time.monotonic()
    while len(values) < RUNS:
        took = time.monotonic() - begun
        if values and took + took / len(values) > min(PATIENCE, timeout):
            break
        ran = run(one.command, folder, timeout - took)
        if ran.code != 0:
            return msgspec.structs.replace(found, seconds=ran.seconds, trouble=line(_said(one.command, ran), 200))
        try:
            values.append(reading(ran.output, one.metric, one.target.unit if one.target else ""))
        except Unread as error:
            return msgspec.structs.replace(found, seconds=ran.seconds, trouble=line(str(error), 200))
    spread = max(values) - min(values)
    value, took = statistics.median(values), time.monotonic() - begun
    return msgspec.structs.replace(found, value=value, spread=spread, runs=len(values), seconds=took)


def _said(command: str, ran: Run) -> str:
    """The command, how it ended, and the last thing it said."""
    last = next((text.strip() for text in reversed(ran.output.split("\n")) if text.strip()), "")
    return f"`{line(command, 80)}` {ran.words}" + (f": {line(last, 100)}" if last else "")
