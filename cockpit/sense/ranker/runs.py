"""Jobs and their runs: what green runs say, why a run failed, what came with a change (R81, R87, R90)."""

from __future__ import annotations

from collections import OrderedDict

from cockpit.sense.events import Event
from cockpit.sense.ranker.appeared import appeared
from cockpit.sense.ranker.blame import blame
from cockpit.sense.ranker.board import Board
from cockpit.sense.ranker.changes import files
from cockpit.sense.ranker.diagnosis import Cause, Line, diagnose, loud, weight
from cockpit.sense.ranker.family import EVIDENCE, Family
from cockpit.sense.ranker.jobs import HELD, JOBS, LINES, Job, Run, since
from cockpit.sense.ranker.kept import Kept
from cockpit.sense.ranker.masks import afterwards, grade, mask, pointer, verdict

TAIL = 60
"""Last lines of a run that nobody ended, in which it may say itself how it ended."""
LATE = 6.0
"""Seconds after the end of a green run that its last lines have to come."""
RUNS = 64
"""Runs under way at once; the oldest goes."""
SURE = 1.0
"""Weight of a line that no green run says which tells that a run has failed, though nothing else does."""
LOST = 60.0
"""Seconds of silence after which the end of a run is taken as lost."""
SILENT = 12.0
"""Seconds after which a run with errors that says nothing more is judged as it stands."""


class Runs:
    """Takes in the lines and ends of runs."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.jobs: Kept[str, Job] = Kept(JOBS)
        self.held = 0
        """Lines of the runs under way."""
        self.runs: OrderedDict[str, Run] = OrderedDict()

    def job(self, name: str) -> Job:
        """The job of that name."""
        job = self.jobs.get(name)
        if job is None:
            job = self.jobs[name] = Job(name)
        else:
            self.jobs.move_to_end(name)
        return job

    def run(self, event: Event) -> Run:
        """The run that the event belongs to."""
        run = self.runs.get(event.run)
        if run is None:
            run = self.runs[event.run] = Run(event.run, _job(event), event.at, event.at, event.commit, event.delegate)
            if len(self.runs) > RUNS:
                self._drop(next(iter(self.runs)))
        return run

    def _drop(self, id: str) -> None:
        """The run says nothing more that counts."""
        self.held -= len(self.runs.pop(id).lines)

    def line(self, event: Event) -> None:
        """One line of a run's log."""
        run = self.runs.get(event.run) or self.run(event)
        key = mask(event.what)
        run.place += 1
        run.last = event.at
        run.ends.append(key)
        known = run.lines.get(key)
        if known is not None:
            known.count += 1
            if event.id and len(known.ids) < EVIDENCE:
                known.ids.append(event.id)
        elif len(run.lines) < LINES:
            run.lines[key] = Line(run.place, event.what, event.level, [event.id] if event.id else [])
            run.stale = True
            self.held += 1
            if self.held > HELD:
                self._drop(next(id for id in self.runs if id != run.id))
        if event.paths:
            run.paths.update(event.paths)

    def state(self, event: Event) -> Run | None:
        """A run began or ended; the run is given back when it ended."""
        if not event.run:
            event = _named(event)
        run = self.run(event)
        run.job = event.key or run.job
        run.commit = run.commit or event.commit
        run.delegate = run.delegate or event.delegate
        if event.state in ("started", "running", "queued", "empty"):  # a run without a test proves nothing
            run.at = event.at
            return None
        if run.status and not (run.guessed and event.closes != (run.status == "passed")):
            return None
        run.guessed = False
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
        return run

    def settle(self, now: float) -> list[Run]:
        """Judge again what got more lines after its end, and what says nothing more; gives the runs that this ends."""
        ended: list[Run] = []
        for run in list(self.runs.values()):
            if run.id not in self.runs:
                continue  # judged with the end of a later run
            if run.status == "failed" and run.stale:
                run.stale = False
                self._diagnose(run, self.job(run.job), now)
            elif run.status == "passed":
                if now >= run.judge:
                    self._judge(run, self.job(run.job))
                    self._drop(run.id)
            elif run.status == "failed" and now - run.last > 10 * SILENT:
                self._drop(run.id)
            elif not run.status and run.stale and now - run.last > SILENT:
                state = self._guess(run, now)
                if state:
                    run.stale = False
                    event = Event(
                        source="ci", what=run.job, at=run.last, kind="ci.run", key=run.job, state=state, run=run.id
                    )
                    if self.state(event) is not None:
                        run.guessed = True
                        ended.append(run)
                elif run.looked != run.place:  # shown at half its weight until the end is known
                    run.looked = run.place
                    if self._worst(run) >= SURE:
                        self._diagnose(run, self.job(run.job), now)
        return ended

    def _guess(self, run: Run, now: float) -> str:
        """How a run came out that says no more and whose end nobody told: by its last words, or as its job ends."""
        said = next((word for line in [*run.lines.values()][:-TAIL:-1] if (word := verdict(line.text))), "")
        if said:
            return said
        job = self.job(run.job)
        if now - run.last < LOST or not job.greens:
            return ""
        return "failed" if self._worst(run) >= SURE else "passed" if job.ends & set(run.ends) else ""

    def _worst(self, run: Run) -> float:
        """Weight of its line that tells most of a cause, among those that no green run says; 0 without green runs."""
        job = self.job(run.job)
        if not job.greens:
            return 0.0
        return max((weight(line) for line in run.lines.values() if not job.knows(line.text)), default=0.0)

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
            self._drop(run.id)

    def _judge(self, run: Run, job: Job) -> None:
        fresh = [
            line
            for line in run.lines.values()
            if job.greens > 0
            and loud(line)
            and not job.knows(line.text)
            and not (afterwards(line.text) or pointer(line.text))
            and not (run.failed and grade(line.text, line.level) != "warning")  # the failed tests' own words
        ]
        appeared(self.board, run, job, fresh)
        job.greens += 1
        job.ends = frozenset(run.ends)
        job.remember(run)
        held = sum(len(each.known) for each in self.jobs.values())
        for each in list(self.jobs.values()):  # of the jobs that ran longest ago
            if held <= HELD or each is job:
                break
            held -= len(each.known)
            each.known.clear()

    def _red(self, run: Run, job: Job, event: Event) -> None:
        job.reds += 1
        families = self.board.families
        for key in run.failed:
            if key in families.all:
                families[key].ready = 0.0  # no retry follows any more
        family = families.of(event, "ci.run", job.name)
        family.what = f"{job.name} is red"
        family.action = "re-run"
        family.closes = f"a green run of {job.name}"
        family.jobs = {job.name: None}
        self._diagnose(run, job, event.at)
        story = run.cause or ",".join(sorted(run.failed))
        if story != job.story:  # red for another reason than the run before
            family.telling.clear()
        job.story = story
        families.tell(family, event)
        families.show(family, event.at, state="red", level="error")
        if job.reds > 1:
            family.mark("streak", min(1.0, (job.reds - 1) / 12), f"red in {job.reds} runs")
        caused = any(families.opened(key) for key in job.causes) or bool(run.failed)
        family.mark("echo", 1.0 if caused else 0.0, "its cause is told above")

    def _diagnose(self, run: Run, job: Job, at: float) -> None:
        cause = diagnose(list(run.lines.values()), job.knows, cold=job.greens == 0)
        if cause is None or (run.failed and not cause.environment):
            return  # what failed says more than the log around it
        families = self.board.families
        kind = "environment" if cause.environment else "cause"
        event = Event(
            source="ci", what=cause.words, at=run.last, kind=kind, key=cause.key, run=run.id, paths=tuple(run.paths)
        )
        family = self._fellow(cause, job) or families.of(event, kind, cause.key)
        if run.cause and run.cause != family.key:  # more lines tell another cause of the same run
            families.close(run.cause, at, "another cause")
        run.cause = family.key
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
        if family.status != "open":
            family.born = run.id
        families.show(family, at, state="red", level=cause.level)
        family.under = next((test.key for test in self._red_tests() if test.signature == cause.key), "")
        job.causes.add(family.key)
        family.mark("novel", 0.5 if not run.status else 1.0 if cause.novel else 0.0, since(job))
        if cause.environment:
            family.mark("broken", 1.0, cause.environment)
        self._blame(family, cause, run, job)
        family.dirty = True

    def _red_tests(self) -> list[Family]:
        live = self.board.families.live.values()
        return [family for family in live if family.kind == "test.result" and family.status == "open"]

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


def _job(event: Event) -> str:
    return event.key if event.kind in ("log.line", "ci.run") and event.key else event.run.rsplit("-", 1)[0]


def _named(event: Event) -> Event:
    return Event(
        source=event.source, what=event.what, at=event.at, id=event.id, kind=event.kind, key=event.key,
        state=event.state, level=event.level, run=f"{event.key}@{event.commit}", commit=event.commit,
        delegate=event.delegate,
    )  # fmt: skip
