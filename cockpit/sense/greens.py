"""Which failed tests a green run proves green though it names none of them: most tools print failures only. Pure."""

from __future__ import annotations

from collections import OrderedDict

import msgspec

from cockpit.sense.events import Event

RUNS = 500
"""Runs remembered; the newest."""


class Greens:
    """Remembers which tests failed in which run, and of which job each run is."""

    def __init__(self) -> None:
        self.jobs: dict[str, str] = {}
        self.red: OrderedDict[str, dict[str, Event]] = OrderedDict()
        """By run, the tests that failed in it and were not green since."""

    def feed(self, event: Event) -> list[Event]:
        """What the event proves besides: a pass for each test that failed in a run of the job that is green now."""
        if event.kind == "test.result":
            self._test(event)
        elif event.kind == "ci.run" and event.run:
            self.jobs[event.run] = event.key
            self.red.setdefault(event.run, {})
            if len(self.red) > RUNS:
                run, _ = self.red.popitem(last=False)
                self.jobs.pop(run, None)
            if event.closes:
                return self._green(event)
        return []

    def _test(self, event: Event) -> None:
        if event.closes:
            for tests in self.red.values():
                tests.pop(event.key, None)
        elif event.state == "fail" and event.attrs.get("named") == "failures" and event.run:
            self.red.setdefault(event.run, {})[event.key] = event

    def _green(self, event: Event) -> list[Event]:
        found: dict[str, Event] = {}
        for run, tests in self.red.items():
            if self.jobs.get(run) == event.key:
                found |= tests
                tests.clear()
        return [
            msgspec.structs.replace(
                was,
                state="pass",
                level="info",
                what=f"{was.key} is green",
                at=event.at,
                run=event.run,
                evidence="",
                attrs={},
            )
            for was in found.values()
        ]
