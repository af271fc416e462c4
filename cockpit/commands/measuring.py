"""The command that measures now, or tells what was measured (R156)."""

from __future__ import annotations

import time

import msgspec

from cockpit import gauges, needs
from cockpit.clean import line
from cockpit.commands.given import Given, here
from cockpit.engine.carry.measure import measure as take
from cockpit.engine.look import look
from cockpit.errors import CockpitError
from cockpit.gauges import Gauge


def measure(given: Given) -> int:
    """Each measured criterion on the tip that results go to; 0 when all are at their targets, else 1."""
    needs.require(needs.GIT)
    found = here(given)
    seen = look(found, None, time.time())
    named = given.target.removeprefix("^")
    ids = [gauge.measure.id for gauge in seen.gauges if named in ("", gauge.measure.id)]
    if not ids:
        what = "no measured criterion of that id" if named else "the spec has no measured criteria"
        raise CockpitError(what, where=line(named, 60) or found.spec_name, remedy="docs/measuring.md has the form")
    if not given.history:
        if not seen.tip:
            raise CockpitError("no commit yet to measure", where=str(found.root))
        able = [gauge.measure.id for gauge in seen.gauges if gauge.measure.id in ids and gauge.measure.target]
        take(found, seen, able)
        seen = look(found, None, time.time())
    wanted = [gauge for gauge in seen.gauges if gauge.measure.id in ids]
    if given.json:
        print(msgspec.json.format(msgspec.json.encode([_data(gauge) for gauge in wanted]), indent=2).decode())
    else:
        for gauge in wanted:
            print(f"{line(gauge.measure.id, 40):6} {line(gauges.words(gauge), 200)}")
            if given.history:
                print("\n".join(f"       {line(words, 200)}" for words in gauges.rows(gauge)))
    return 0 if all(gauge.met for gauge in wanted) else 1


def _data(gauge: Gauge) -> dict[str, object]:
    measure = gauge.measure
    return {
        "id": measure.id,
        "name": measure.name,
        "target": str(measure.target) if measure.target else None,
        "unit": measure.target.unit if measure.target else None,
        "met": gauge.met,
        "fresh": gauge.fresh,
        "words": gauges.words(gauge),
        "history": gauge.history,
    }
