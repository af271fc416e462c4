"""What is remembered between the lines of one stream: the tool that speaks, its run, the block that is open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from cockpit.sense.events import Event, Level
from cockpit.sense.extract.line import Line

Told = Sequence[Event] | None
"""What a recogniser makes of a line: None, it isn't its line; events; or none, the line belongs to something told."""

MOST = 300
"""Findings of a tool, and openings of a job, that wait for their closer."""


class Block(Protocol):
    """Lines that mean something together (a traceback, a diagnostic with its excerpt)."""

    def take(self, line: Line) -> tuple[Told, bool]:
        """What the next line comes to (None: it isn't of the block), and whether the block goes on after it."""
        ...

    def left(self) -> Sequence[Event]:
        """What was held back when the block ends."""
        ...


class Job:
    """What all runs of one job share: the sender and its key."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.runs = 0
        self.open: dict[str, Event] = {}
        """What a line opened that no line closes by itself, by key: the next passed run does."""
        self.before: dict[str, dict[str, Event]] = {}
        """By tool, what its last whole report found."""
        self.now: dict[str, dict[str, Event]] = {}
        """By tool, what its report under way has found so far."""
        self.passes = False
        """Whether tests that pass have lines of their own."""
        self.failed: dict[str, set[str]] = {}
        """By class, its tests that failed and haven't passed since."""
        self.versions: dict[str, str] = {}
        """By package, the version that was taken away and not yet replaced."""


def job_passed(job: Job, run: Event) -> list[Event]:
    """All that lines of the job had opened ends with its passed run."""
    gone = [
        Event(
            source=was.source, what=was.what, at=run.at, id=run.id, kind=was.kind, key=key, state="closed", run=run.run
        )
        for key, was in job.open.items()
    ]
    job.open.clear()
    return gone


class Stream:
    """One run of one job, line by line."""

    def __init__(self, job: Job, run: str) -> None:
        self.job = job
        self.given = run
        """The run that the sender names: then it tells by itself how the run ends, and no line here does."""
        self.run = run
        """The run that the lines belong to; without one given, of our own counting."""
        self.tool = ""
        """The program that speaks: pytest, maven, cargo ..."""
        self.suite = ""
        """The file, class or package that the lines below belong to."""
        self.was = ""
        """The tool whose run ended last: some speak on."""
        self.aside = 0
        """Lines of a report's details (sources, values) that may still come; they mean nothing alone."""
        self.groups: set[str] = set()
        """Names of describe blocks: no tests."""
        self.failed = ""
        """The test that failed last, in the run under way."""
        self.names: dict[str, str] = {}
        """Tests that failed in the run, by the shorter name under which their details come."""
        self.failing = False
        """Whether something below the total to come has failed."""
        self.error: Event | None = None
        """The exception whose frames are being read."""
        self.last = ""
        """The last line that nobody knew."""
        self.block: Block | None = None

    def begin(self, line: Line, tool: str) -> list[Event]:
        """A tool starts to speak; a run begins, unless the sender names the runs."""
        self._reset(tool)
        if self.given:
            return []
        self.job.runs += 1
        self.run = f"{self._job(tool)}-text-{self.job.runs}"
        return [line.tell("ci.run", self._job(tool), "started", run=self.run, tool=tool)]

    def within(self, line: Line, tool: str) -> list[Event]:
        """As `begin`, if no run of this tool is under way."""
        return self.begin(line, tool) if self.tool != tool or not self.run else []

    def end(self, line: Line, tool: str, passed: bool, what: str = "", counts: str = "") -> list[Event]:
        """A tool tells how its run ended. Where the sender names the runs, the sender decides and nothing is told."""
        began = self.within(line, tool)
        run = self.run
        self._reset("")
        self.was = tool
        if self.given:
            return []
        self.run = ""
        level: Level = "info" if passed else "error"
        state = "passed" if passed else "failed"
        told = line.tell("ci.run", self._job(tool), state, level, what, run=run, tool=tool, counts=counts)
        closed = job_passed(self.job, told) if passed else []
        return [*began, told, *closed]

    def fails(self, test: str, short: str = "") -> None:
        """A test failed: the exceptions that come now are its."""
        self.failed = test
        if short and len(self.names) < MOST:
            self.names[short] = test

    def opened(self, event: Event) -> list[Event]:
        """An event that holds until the job's next passed run (or until a line says otherwise)."""
        if len(self.job.open) < MOST:
            self.job.open[event.key] = event
        return [event]

    def closed(self, line: Line, key: str) -> list[Event]:
        """A line says that it holds no more."""
        was = self.job.open.pop(key, None)
        return [] if was is None else [line.tell(was.kind, key, "closed")]

    def found(self, tool: str, event: Event) -> None:
        """A finding of a tool's report under way."""
        report = self.job.now.setdefault(tool, {})
        if len(report) < MOST:
            report[event.key] = event

    def reported(self, line: Line, tool: str) -> list[Event]:
        """A tool's report is whole: what its last one found and this one doesn't is closed."""
        now = self.job.now.pop(tool, {})
        gone = [was for key, was in self.job.before.pop(tool, {}).items() if key not in now]
        self.job.before[tool] = now
        return [line.tell("finding", was.key, "closed", what=was.what, paths=was.paths, tool=tool) for was in gone]

    def _reset(self, tool: str) -> None:
        self.tool, self.suite, self.failed, self.aside, self.failing = tool, "", "", 0, False
        self.groups.clear()
        self.names.clear()

    def _job(self, tool: str) -> str:
        return self.job.name or tool
