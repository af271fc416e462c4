"""Jobs and their runs: what green runs say, why a run failed, what came with a change (R81, R87, R90)."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from cockpit.sense.events import Event
from cockpit.sense.ranker.board import Board
from cockpit.sense.ranker.changes import NAMED, Change, files
from cockpit.sense.ranker.diagnosis import Cause, Line, diagnose, loud
from cockpit.sense.ranker.family import EVIDENCE, Family
from cockpit.sense.ranker.masks import afterwards, grade, heading, mask, pointer, said, verdict

LINES = 20_000
"""Masked lines kept of one run, and of all green runs of one job."""
TAIL = 60
"""Last lines of a run that nobody ended, in which it may say itself how it ended."""
LATE = 6.0
"""Seconds after the end of a green run that its last lines have to come."""
RUNS = 64
"""Runs under way at once; the oldest goes."""
SILENT = 12.0
"""Seconds after which a run with errors that says nothing more is judged as it stands."""
FLOOD = 0.5
"""A green run with this share of new lines has changed as a whole: none of them is a finding."""


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
    paths: set[str] = field(default_factory=set[str])
    failed: set[str] = field(default_factory=set[str])
    """Keys of the tests that failed in it."""
    stale: bool = False
    """Something came after it was judged."""
    before: float = 0.0
    """When the run of the job before it began."""
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
    causes: set[str] = field(default_factory=set[str])
    """Keys of families that its red runs have opened."""
    lenient: bool = False
    """A run of it was green with red tests in it."""
    firsts: int = 0
    """Tests that turned red in it once,"""
    healed: int = 0
    """and were green in the next run."""


class Runs:
    """Takes in the lines and ends of runs."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.jobs: dict[str, Job] = {}
        self.runs: OrderedDict[str, Run] = OrderedDict()

    def job(self, name: str) -> Job:
        """The job of that name."""
        job = self.jobs.get(name)
        if job is None:
            job = self.jobs[name] = Job(name)
        return job

    def run(self, event: Event) -> Run:
        """The run that the event belongs to."""
        run = self.runs.get(event.run)
        if run is None:
            run = self.runs[event.run] = Run(event.run, _job(event), event.at, event.at, event.commit, event.delegate)
            if len(self.runs) > RUNS:
                self.runs.popitem(last=False)
        return run

    def line(self, event: Event) -> None:
        """One line of a run's log."""
        run = self.runs.get(event.run) or self.run(event)
        key = mask(event.what)
        run.place += 1
        run.last = event.at
        known = run.lines.get(key)
        if known is not None:
            known.count += 1
            if event.id and len(known.ids) < EVIDENCE:
                known.ids.append(event.id)
        elif len(run.lines) < LINES:
            run.lines[key] = Line(run.place, event.what, event.level, [event.id] if event.id else [])
            run.stale = True
        if event.paths:
            run.paths.update(event.paths)

    def state(self, event: Event) -> Run | None:
        """A run began or ended; the run is given back when it ended green."""
        if not event.run:
            event = _named(event)
        run = self.run(event)
        run.job = event.key or run.job
        run.commit = run.commit or event.commit
        run.delegate = run.delegate or event.delegate
        if event.state in ("started", "running", "queued", "empty"):  # a run without a test proves nothing
            run.at = event.at
            return None
        if run.status:
            return None
        job = self.job(run.job)
        self._digest(job)
        job.runs += 1
        run.before = job.before
        run.status = "passed" if event.closes else "failed"
        run.stale = False
        if event.closes:
            self._green(run, job, event)
        else:
            self._red(run, job, event)
        job.before = run.at
        return run if event.closes else None

    def settle(self, now: float) -> None:
        """Judge again what got more lines after its end, and what says nothing more."""
        for run in list(self.runs.values()):
            if run.status == "failed" and run.stale:
                run.stale = False
                self._diagnose(run, self.job(run.job), now)
            elif run.status == "passed":
                if now >= run.judge:
                    self._judge(run, self.job(run.job))
                    del self.runs[run.id]
            elif run.status == "failed" and now - run.last > 10 * SILENT:
                del self.runs[run.id]
            elif not run.status and run.stale and now - run.last > SILENT:
                run.stale = False
                said = next((word for line in [*run.lines.values()][:-TAIL:-1] if (word := verdict(line.text))), "")
                if said == "failed":
                    self._diagnose(run, self.job(run.job), now)

    def _green(self, run: Run, job: Job, event: Event) -> None:
        families = self.board.families
        job.reds = 0
        job.green = run.at
        run.judge = event.at + LATE
        families.close(f"ci.run:{job.name}", event.at, "green")
        for key in job.causes:
            family = families.all.get(key)
            if family is not None:
                family.jobs.pop(job.name, None)
                if not family.jobs:
                    families.close(key, event.at, "green")
                family.dirty = True
        job.causes.clear()

    def _digest(self, job: Job) -> None:
        """Judge the green runs of the job that still wait for late lines: another run of it says more."""
        for run in [run for run in self.runs.values() if run.status == "passed" and run.job == job.name]:
            self._judge(run, job)
            del self.runs[run.id]

    def _judge(self, run: Run, job: Job) -> None:
        fresh = [
            line
            for line in run.lines.values()
            if job.greens > 0
            and loud(line)
            and not self._known(job, line.text)
            and not (afterwards(line.text) or pointer(line.text))
            and not (run.failed and grade(line.text, line.level) != "warning")  # the failed tests' own words
        ]
        self._appeared(run, job, fresh)
        job.greens += 1
        self._remember(job, run)

    def _remember(self, job: Job, run: Run) -> None:
        for key, line in run.lines.items():
            job.known[key] = None
            if loud(line):
                job.known[said(line.text)] = None
        while len(job.known) > LINES:
            job.known.popitem(last=False)

    def _known(self, job: Job, text: str) -> bool:
        return mask(text) in job.known or said(text) in job.known

    def _red(self, run: Run, job: Job, event: Event) -> None:
        job.reds += 1
        families = self.board.families
        for key in run.failed:
            families[key].ready = 0.0  # no retry follows any more
        family = families.of(event, "ci.run", job.name)
        family.what = f"{job.name} is red"
        family.action = "re-run"
        family.closes = f"a green run of {job.name}"
        family.jobs = {job.name: None}
        families.tell(family, event)
        families.show(family, event.at, state="red", level="error")
        if job.reds > 1:
            family.mark("streak", min(1.0, (job.reds - 1) / 12), f"red in {job.reds} runs")
        self._diagnose(run, job, event.at)
        caused = any(families.opened(key) for key in job.causes) or bool(run.failed)
        family.mark("echo", 1.0 if caused else 0.0, "its cause is told above")

    def _diagnose(self, run: Run, job: Job, at: float) -> None:
        cause = diagnose(list(run.lines.values()), lambda text: self._known(job, text), cold=job.greens == 0)
        if cause is None or (run.failed and not cause.environment):
            return  # what failed says more than the log around it
        families = self.board.families
        kind = "environment" if cause.environment else "cause"
        event = Event(
            source="ci", what=cause.words, at=run.last, kind=kind, key=cause.key, run=run.id, paths=tuple(run.paths)
        )
        family = self._fellow(cause, job) or families.of(event, kind, cause.key)
        family.what = f"{cause.environment}: {cause.words}" if cause.environment else cause.words
        family.tool = cause.stage
        family.action = "inspect"
        family.closes = f"a green run of {job.name}"
        family.signature = cause.key
        family.touch(event)
        family.jobs[job.name] = None
        if run.delegate:
            family.delegates[run.delegate] = None
        for id, words in reversed(cause.proof):
            family.cite(id, words, tell=True)
        for id, _ in cause.proof:
            families.own(id, family)
        families.show(family, at, state="red", level=cause.level)
        job.causes.add(family.key)
        family.mark("novel", 0.5 if not run.status else 1.0 if cause.novel else 0.0, _greens(job))
        if cause.environment:
            family.mark("broken", 1.0, cause.environment)
        self._blame(family, cause, run, job)
        family.dirty = True

    def _fellow(self, cause: Cause, job: Job) -> Family | None:
        """The open cause of another job that fails in the same step: many jobs, one signal."""
        if not cause.stage or cause.environment:
            return None
        live = self.board.families.live.values()
        fellows = (family for family in live if family.kind == "cause" and family.tool == cause.stage)
        return next((family for family in fellows if family.status == "open" and job.name not in family.jobs), None)

    def _blame(self, family: Family, cause: Cause, run: Run, job: Job) -> None:
        if not job.greens or cause.environment:
            return
        found = self.board.changes.suspects(
            job.green, run.at, [*run.paths, *files(cause.text)], cause.fresh,
            usual=job.known, delegate=run.delegate, commit=run.commit,
        )  # fmt: skip
        blame(self.board, family, found, job.greens, first=job.reds <= 1)

    def _appeared(self, run: Run, job: Job, fresh: list[Line]) -> None:
        """Warnings of a green run that came with an upgrade (R81)."""
        families = self.board.families
        event = Event(source="ci", what=run.job, at=run.last, kind="appeared", run=run.id, delegate=run.delegate)
        changes = [entry for entry in self.board.changes.between(run.before, run.at) if entry.upgrade]
        warns = sum(loud(line) for line in run.lines.values())
        news = sum(not self._known(job, key) for key in run.lines)
        if fresh and changes and job.greens >= 2 and news <= max(4, FLOOD * len(run.lines), warns):
            text = [line.text for line in fresh[:50]]
            named = self.board.changes.suspects(run.before, run.at, (), text, usual=job.known, commit=run.commit)
            upgrade = next((entry for _, _, entry in named if entry.upgrade), changes[-1])
            name = f"{job.name}/{upgrade.sha or upgrade.name}"
            family = families.of(event, "appeared", name)
            lead = next((line for line in fresh if not heading(line.text)), fresh[0])
            family.what = lead.text if len(fresh) == 1 else f"{lead.text} (and {len(fresh) - 1} more)"
            family.signature = said(lead.text)
            family.action = "open"
            family.closes = f"a run of {job.name} without it"
            family.jobs = {job.name: None}
            family.touch(event)
            for line in reversed(fresh[:EVIDENCE]):
                for id in (line.ids or [0])[: EVIDENCE if len(fresh) == 1 else 1]:
                    family.cite(id, line.text, tell=True)
                    families.own(id, family)
            families.show(family, event.at, state="new", level="warning")
            before = job.greens
            family.mark("novel", 1.0, f"new since {upgrade.name}")
            family.mark("after", before / (before + 2), f"first seen after {upgrade.name}")
            family.suspects = (upgrade.name,)
            accuse(self.board, family, upgrade)
        for family in list(families.live.values()):
            if family.kind == "appeared" and job.name in family.jobs and family.first < event.at:
                again = [line for line in run.lines.values() if said(line.text) == family.signature]
                if again:
                    for line in again:
                        for id in line.ids:
                            family.cite(id, line.text, tell=True)
                    family.count += 1
                elif run.lines:
                    families.close(family.key, event.at, "gone")


def blame(
    board: Board,
    family: Family,
    found: list[tuple[float, float, Change]],
    before: int,
    *,
    first: bool,
    bar: float = NAMED,
) -> bool:
    """Name what may have brought the family, and show the likeliest change as a row of its own.

    Whether one is named: its weight is over the bar (an upgrade, or a file in common with what fails).
    """
    if not found:
        return False
    family.suspects = tuple(f"{change.name} ({share:.0%})" for share, _, change in found[:3])
    share, weight, change = found[0]
    sure = before / (before + 2)
    if weight >= bar and share > 0.5:
        words = f"first seen after {change.name}" if change.upgrade else f"since {change.name}"
        family.mark("after", (1.0 if change.upgrade else 0.8) * sure, words)
        if first or family.opens == 1:
            accuse(board, family, change)
        return True
    return False


def accuse(board: Board, family: Family, change: Change) -> None:
    """Show the change beside what it may have brought, until that is gone."""
    families = board.families
    row = families.of(change.event, "change", change.sha or change.name)
    row.what = change.event.what
    row.action = "open"
    row.closes = "what came with it is gone"
    row.cite(change.id, change.event.what, tell=True)
    families.own(change.id, row)
    board.accused.setdefault(row.key, set()).add(family.key)
    families.show(row, board.now, state="suspect", level="info")
    row.mark(
        "suspect", 1.0, "came just before what is new" if family.kind == "appeared" else "came just before it got red"
    )


def _greens(job: Job) -> str:
    return f"new since {job.greens} green runs" if job.greens != 1 else "new since the last green run"


def _job(event: Event) -> str:
    return event.key if event.kind in ("log.line", "ci.run") and event.key else event.run.rsplit("-", 1)[0]


def _named(event: Event) -> Event:
    return Event(
        source=event.source, what=event.what, at=event.at, id=event.id, kind=event.kind, key=event.key,
        state=event.state, level=event.level, run=f"{event.key}@{event.commit}", commit=event.commit,
        delegate=event.delegate,
    )  # fmt: skip
