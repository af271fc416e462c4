"""A run while it may still say something, and what is remembered of a job between its runs."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field

from cockpit.sense.ranker.diagnosis import Line, loud
from cockpit.sense.ranker.masks import mask, said

ENDS = 8
"""Last lines of a run that are remembered: by them a run is known to have come to its end."""
JOBS = 300
"""Jobs remembered; the one that ran longest ago is forgotten."""
HELD = 200_000
"""Masked lines kept of all runs under way together, and of the green runs of all jobs together."""
LINES = 20_000
"""Masked lines kept of one run, and of all green runs of one job."""


@dataclass(slots=True)
class Run:
    """One run of a job, while it may still say something."""

    id: str
    job: str
    at: float
    last: float
    commit: str = ""
    delegate: str = ""
    status: str = ""
    lines: dict[str, Line] = field(default_factory=dict[str, Line])
    place: int = 0
    ends: deque[str] = field(default_factory=lambda: deque[str](maxlen=ENDS))
    """Its last lines, masked."""
    looked: int = 0
    """Lines it had when it was last looked at before its end."""
    guessed: bool = False
    """Nobody told its end: its own words did."""
    paths: set[str] = field(default_factory=set[str])
    failed: set[str] = field(default_factory=set[str])
    """Keys of the tests that failed in it."""
    stale: bool = False
    """Something came after it was judged."""
    before: float = 0.0
    """When the run of the job before it began."""
    cause: str = ""
    """Key of the family that says why it is red."""
    judge: float = 0.0
    """When its lines are judged, once it is green: some come late."""


@dataclass(slots=True)
class Job:
    """What is remembered of a job between its runs."""

    name: str
    greens: int = 0
    runs: int = 0
    reds: int = 0
    known: OrderedDict[str, None] = field(default_factory=OrderedDict[str, None])
    """Masked lines of green runs, and what their warnings say."""
    green: float = 0.0
    """When its last green run began."""
    before: float = 0.0
    """When its last run began."""
    ends: frozenset[str] = frozenset()
    """Last lines of its last green run, masked."""
    story: str = ""
    """What its last red run failed of."""
    causes: set[str] = field(default_factory=set[str])
    """Keys of families that its red runs have opened."""
    lenient: bool = False
    """A run of it was green with red tests in it."""
    firsts: int = 0
    """Tests that turned red in it once,"""
    healed: int = 0
    """and were green in the next run."""

    def knows(self, text: str) -> bool:
        """Whether a green run of it has said such words."""
        return mask(text) in self.known or said(text) in self.known

    def remember(self, run: Run) -> None:
        """What a green run said is usual from now on."""
        for key, line in run.lines.items():
            self.known[key] = None
            if loud(line):
                self.known[said(line.text)] = None
        while len(self.known) > LINES:
            self.known.popitem(last=False)


def since(job: Job) -> str:
    """In words: no green run of the job has said it."""
    return f"new since {job.greens} green runs" if job.greens != 1 else "new since the last green run"
