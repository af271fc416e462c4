"""What is remembered between the lines of one stream: the tool that speaks, its run, the block that is open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from cockpit.sense.events import Event, Level
from cockpit.sense.extract.line import Line

Told = Sequence[Event] | None
"""What a recogniser makes of a line: None, it isn't its line; events; or none, the line belongs to something told."""


class Block(Protocol):
    """Lines that mean something together (a traceback)."""

    def take(self, line: Line) -> tuple[Told, bool]:
        """What the next line comes to (None: it isn't of the block), and whether the block goes on after it."""
        ...


class Job:
    """What all runs of one job share: the sender and its key."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.runs = 0
        self.open: dict[str, Event] = {}
        """What a line opened that no line closes by itself, by key: the next passed run does."""


class Stream:
    """One run of one job, line by line."""

    def __init__(self, job: Job, run: str) -> None:
        self.job = job
        self.given = run
        """The run that the sender names: then it tells by itself how the run ends, and no line here does."""
        self.tool = ""
        """The program that speaks: pytest, maven, cargo ..."""
        self.suite = ""
        """The file, class or package that the test results below belong to."""
        self.run = run
        """The run that the lines belong to; without one given, of our own counting."""
        self.block: Block | None = None

    def begin(self, line: Line, tool: str) -> list[Event]:
        """A tool starts to speak; a run begins, unless the sender names the runs."""
        self.tool, self.suite = tool, ""
        if self.given:
            return []
        self.job.runs += 1
        self.run = f"{self._job(tool)}-text-{self.job.runs}"
        return [line.tell("ci.run", self._job(tool), "started", run=self.run, tool=tool)]

    def within(self, line: Line, tool: str) -> list[Event]:
        """As `begin`, if no run of this tool is under way."""
        return self.begin(line, tool) if self.tool != tool or not self.run else []

    def end(self, line: Line, tool: str, passed: bool, what: str = "", counts: str = "") -> list[Event]:
        """A tool tells how its run ended. Where the sender names the runs it's only said there, not decided here."""
        if self.given:
            return []
        began = self.within(line, tool)
        run, self.run, self.tool, self.suite = self.run, "", "", ""
        level: Level = "info" if passed else "error"
        state = "passed" if passed else "failed"
        told = line.tell("ci.run", self._job(tool), state, level, what, run=run, tool=tool, counts=counts)
        return [*began, told]

    def _job(self, tool: str) -> str:
        return self.job.name or tool
