"""Tests that are red together: one error of many, many at once, are one signal (salience, A1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from cockpit.sense.events import Event
from cockpit.sense.ranker.board import Board
from cockpit.sense.ranker.family import Family
from cockpit.sense.ranker.jobs import Job, Run, since
from cockpit.sense.ranker.kept import Kept
from cockpit.sense.ranker.masks import environment, telling
from cockpit.sense.ranker.runs import Runs

SHARED = 4
"""Tests of one run with one error, or red for the first time, that are one signal instead of many."""
ERRORS = 512


@dataclass(slots=True)
class Group:
    """Tests of one run with one error."""

    run: str
    tests: dict[str, tuple[int, str]] = field(default_factory=dict[str, tuple[int, str]])


class Together:
    """Which red tests stand below another row."""

    def __init__(self, board: Board, runs: Runs) -> None:
        self.board = board
        self.runs = runs
        self.groups: Kept[str, Group] = Kept(ERRORS)
        """The last run in which tests had an error, and which."""
        self.members: Kept[str, set[str]] = Kept(2000)
        """Family that stands for many tests to those that are red."""

    def error(self, test: Family, error: str, event: Event) -> None:
        """The test failed with that error."""
        group = self.groups.get(error)
        if group is None or group.run != event.run:
            group = self.groups[error] = Group(event.run)
        group.tests[test.key] = (event.id, event.what)
        if len(group.tests) < SHARED or not telling(event.what):
            return
        broken = environment(event.what)
        family = self.board.families.of(event, "environment" if broken else "error", broken or error)
        count = len(group.tests)
        family.what = f"{count} tests: {event.what.partition(' - ')[2] or event.what}"
        family.signature = error
        if count == SHARED:
            self._cite(family, list(group.tests.values()))
        self.board.families.tell(family, event)
        self._stand(family, list(group.tests), self.runs.job(self.runs.run(event).job), event.run, event.at)
        family.mark("novel", 1.0, f"{count} tests, one error")
        if broken:
            family.mark("broken", 1.0, broken)

    def many(self, tests: Sequence[Family], run: Run, job: Job) -> Family | None:
        """Tests that turned red in one run, none of them below another row: one row when they are many."""
        alone = [test for test in tests if not test.under]
        if len(alone) < SHARED:
            return None
        event = Event(
            source=alone[0].source, what=run.job, at=run.last, kind="tests", run=run.id, delegate=run.delegate
        )
        family = self.board.families.of(event, "tests", job.name)
        family.what = f"{len(alone)} tests of {job.name} turned red: {alone[0].name}"
        family.signature = f"{len(alone).bit_length() // 2}"
        family.touch(event)
        self._cite(family, [test.proof[0] for test in alone if test.proof])
        self._stand(family, [test.key for test in alone], job, run.id, event.at)
        family.mark("novel", 1.0, since(job))
        return family

    def parted(self, key: str, now: float) -> None:
        """A test passes again: what stands for many ends with its last test."""
        for group, tests in list(self.members.items()):
            tests.discard(key)
            if not tests:
                del self.members[group]
                if not group.startswith("environment:"):
                    self.board.families.close(group, now, "passing")

    def _cite(self, family: Family, proof: Sequence[tuple[int, str]]) -> None:
        for id, words in reversed(proof):
            family.cite(id, words, tell=True)
            self.board.families.own(id, family)

    def _stand(self, family: Family, tests: Sequence[str], job: Job, run: str, at: float) -> None:
        families = self.board.families
        family.action = "inspect"
        family.closes = "a run in which they pass"
        if family.status != "open":
            family.born = run
        families.show(family, at, state="red", level="error")
        family.jobs[job.name] = None
        job.causes.add(family.key)
        self.members.setdefault(family.key, set()).update(tests)
        for key in tests:
            test = families.all.get(key)
            if test is None:
                continue  # forgotten: too many others came since
            test.under = family.key
            if "after" in test.marks and "after" not in family.marks:
                family.mark("after", *test.marks["after"])
                family.suspects, family.brought = test.suspects, test.brought
