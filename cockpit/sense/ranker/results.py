"""Tests: flaky, regressed, or red because somebody is at work on them (R79; salience, A2)."""

from __future__ import annotations

import math
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from itertools import pairwise

from cockpit.sense.events import Event
from cockpit.sense.ranker.blame import blame
from cockpit.sense.ranker.board import Board
from cockpit.sense.ranker.changes import NAMED, files
from cockpit.sense.ranker.family import Family
from cockpit.sense.ranker.jobs import JOBS, Run, since
from cockpit.sense.ranker.kept import Kept
from cockpit.sense.ranker.masks import signature
from cockpit.sense.ranker.runs import Runs
from cockpit.sense.ranker.together import Together

OUTCOMES = 14
"""Runs remembered of a test."""
FLAKY = 3
"""Failing runs, with passes between them, that make a test flaky (R79)."""
CLEARED = 5
"""Passes in a row after which it is flaky no more."""
HEALS = 8.0
"""Seconds that a retry within the run has to come."""
SURE = 3.0
"""Weight of a suspect for the first red of a test: a file in common, or an upgrade that its error names."""
HEALED = 4
"""Tests that must have turned red once before it is known how many of them heal."""
UNNAMED = "green "
"""Begins the name of a run whose passes were told by no line."""
KNOWN = 0.6
"""What being flaky weighs at most: known for long, it stands below what is newly broken."""
PERHAPS = 0.2
"""What it weighs that a test failed and passed before, less often than makes it flaky."""
LASTING = 3600.0
BRIEF = 300.0
"""Seconds after which a red test weighs half; a single red in a run that was green all the same fades fast."""
TESTS = 20_000


@dataclass(slots=True)
class Outcome:
    """What a test came to in one run."""

    run: str
    at: float
    variants: dict[str, bool] = field(default_factory=dict[str, bool])
    """Each parameter set: whether it passes."""
    failed: bool = False
    """It failed at least once."""
    work: bool = False
    """Who works on it had just edited it."""

    @property
    def red(self) -> bool:
        """It ended red."""
        return not all(self.variants.values())


class Results:
    """Takes in the results of tests and the edits before them."""

    def __init__(self, board: Board, runs: Runs) -> None:
        self.board = board
        self.runs = runs
        self.rings: OrderedDict[str, deque[Outcome]] = OrderedDict()
        self.together = Together(board, runs)
        self.red: Kept[str, set[str]] = Kept(JOBS)
        """Job to its tests that are red."""
        self.edited: Kept[str, set[str]] = Kept(1000)
        """Delegate to the names of files that it edited since results of its own came."""

    def edit(self, event: Event) -> None:
        """A delegate changed files."""
        names = {path.rsplit("/", 1)[-1] for path in (event.paths or files(event.what))}
        kept = self.edited.setdefault(event.delegate, set())
        if len(kept) < 256:
            kept |= names

    def feed(self, event: Event) -> None:
        """One result."""
        name, _, _ = event.key.partition("[")
        passes = event.closes
        if not passes and event.state.lower() in ("skip", "skipped"):
            return
        if event.attrs.get("role") == "summary" and event.run and (passes or self.runs.run(event).failed):
            return  # its tests were told
        ring = self.rings.get(name)
        if ring is None:
            ring = self.rings[name] = deque(self._unnamed(event), maxlen=OUTCOMES)
            if len(self.rings) > TESTS:
                self.rings.popitem(last=False)
        id = event.run or f"@{event.at}"
        last = next((outcome for outcome in reversed(ring) if outcome.run == id), None)
        if last is None:
            last = Outcome(id, event.at)
            ring.append(last)
            self._learn(event, ring, passes)
        last.variants[event.key] = passes
        again = passes and bool(event.attrs.get("tries"))  # at a later try of the same run
        if not passes or again:
            last.failed = True
        if not passes:
            last.work = last.work or self._worked(event, name)
        family = self.board.families.get("test.result", name)
        if passes and family is None and not again:
            return
        families = self.board.families
        family = families.of(event, "test.result", name)
        if not passes:
            self._fails(family, event)
        families.tell(family, event, tell=not passes)
        self._judge(family, ring, event)

    def passed(self, run: Run) -> None:
        """A green run closes what its job had opened: what was red before and isn't now has passed.

        Not where runs of the job are green in spite of red tests.
        """
        names = self.red.get(run.job, set[str]())
        job = self.runs.job(run.job)
        job.lenient = job.lenient or bool(run.failed)
        for key in run.failed:  # the run is green in spite of it: a finding that fades, until it is red again
            family = self.board.families.all.get(key)
            ring = self.rings.get(family.name) if family is not None else None
            if family is not None and ring and family.state == "failing" and _tail(ring, red=True) == 1:
                self.board.families.show(family, run.last, level="warning")
                family.half = BRIEF
        if job.lenient:
            return
        for name in list(names):
            family = self.board.families.get("test.result", name)
            if family is not None and family.key in run.failed:
                continue
            names.discard(name)
            ring = self.rings.get(name)
            if family is None or family.status != "open" or ring is None or not ring[-1].red:
                continue
            ring.append(Outcome(run.id, run.last, {name: True}))
            self._judge(
                family, ring, Event(source=family.source, what=family.what, at=run.last, state="pass", run=run.id)
            )

    def _unnamed(self, event: Event) -> list[Outcome]:
        """What a test came to in the green runs of its job where passes are not named: most logs tell failures only."""
        if not event.run or event.attrs.get("named") != "failures":
            return []
        job = self.runs.job(self.runs.run(event).job)
        return [Outcome(f"{UNNAMED}{n}", job.green, {event.key: True}) for n in range(min(job.greens, OUTCOMES - 1))]

    def failed(self, run: Run) -> None:
        """A run ended red: tests of which no pass was ever told passed in the green runs of the job before."""
        job = self.runs.job(run.job)
        if not job.greens or job.lenient:
            return
        fresh: list[Family] = []
        for key in run.failed:
            family = self.board.families.all.get(key)
            ring = self.rings.get(family.name) if family is not None else None
            if family is None or not ring or family.status != "open" or not ring[-1].red or ring[-1].work:
                continue
            if all(outcome.run == run.id or outcome.run.startswith(UNNAMED) for outcome in ring):
                family.mark("novel", 1.0, since(job))
                fresh.append(family)
        many = self.together.many(fresh, run, job)
        words = [family.what for family in fresh]
        paths = {*run.paths, *(file for family in fresh for file in files(family.what))}
        found = self.board.changes.suspects(job.green, run.at, paths, words, delegate=run.delegate, commit=run.commit)
        for family in [many] if many is not None else fresh:
            blame(self.board, family, found, job.greens, first=True)

    def _learn(self, event: Event, ring: deque[Outcome], passes: bool) -> None:
        """Whether a test that was red for the first time healed by itself."""
        if event.run and len(ring) > 1 and ring[-2].red and not (len(ring) > 2 and ring[-3].failed):
            job = self.runs.job(self.runs.run(event).job)
            job.firsts += 1
            job.healed += passes

    def _fails(self, family: Family, event: Event) -> None:
        if family.status != "open":
            family.born = event.run
        error = signature(event.what)
        if family.signature and family.signature != error:  # another error is another story
            family.telling.clear()
            family.since = event.at
        family.signature = error
        family.what = event.what
        family.item = event.item or family.item
        family.action = "re-run"
        family.closes = "a run in which it passes"
        if not event.run:
            return
        run = self.runs.run(event)
        run.failed.add(family.key)
        self.red.setdefault(run.job, set()).add(family.name)
        run.last = event.at
        self.together.error(family, error, event)

    def _worked(self, event: Event, name: str) -> bool:
        run = self.runs.runs.get(event.run)
        who = event.delegate or (run.delegate if run is not None else "")
        if not who:
            return False
        mine = {path.rsplit("/", 1)[-1] for path in (*event.paths, name.partition("::")[0])}
        return bool(self.edited.get(who, set[str]()) & mine)

    def _judge(self, family: Family, ring: deque[Outcome], event: Event) -> None:
        families = self.board.families
        now = event.at
        current = ring[-1]
        true = [outcome for outcome in ring if not (outcome.failed and outcome.work)]
        fails = sum(outcome.failed for outcome in true)
        flips = sum(b.failed and not a.failed for a, b in pairwise(true))
        passes = _tail(ring, red=False)
        reds = _tail(ring, red=True)
        greens = sum(not outcome.failed for outcome in ring)
        flaky = fails >= FLAKY and flips >= 2 and passes < CLEARED and not current.work
        run = self.runs.runs.get(event.run)
        if current.red:
            families.show(family, now, state="flaky" if flaky else "failing", level="error")
            family.half = LASTING
            family.ready = now + HEALS if run is not None and not run.status and len(current.variants) == 1 else 0.0
        elif flaky:
            families.show(family, now, state="flaky", level="warning")
        else:
            families.close(family.key, now, "passing")
            self.together.parted(family.key, now)
            return
        if not event.closes:
            self.edited.pop(event.delegate, None)
        perhaps = not flaky and fails > reds and fails > 1 and not current.work
        often = f"fails in {fails} of {len(ring)} runs, {'perhaps ' if perhaps else ''}flaky"
        family.mark("repeat", min(KNOWN, math.log2(fails) / 3) if flaky else PERHAPS if perhaps else 0.0, often)
        first = current.red and greens > 0 and fails == reds
        if first and reds <= 2 and event.run and not current.work and "after" not in family.marks:
            self._blame(family, ring, event, bar=NAMED if reds > 1 else SURE)
        sure = reds > 1 or "after" in family.marks  # most tests that turn red once are flaky (salience, A2)
        family.mark(
            "novel", (1.0 if sure else 0.1) if first and not current.work else 0.0, f"green in {greens} runs before"
        )
        streak = 0 if flaky or current.work else reds - 1 if greens else reds - 2
        words = f"red {reds} runs since it was green" if reds > 1 else "red since the last run"
        family.mark("streak", max(0.0, min(1.0, streak / 6)), words if greens else f"red in {reds} runs")
        family.mark("work", 1.0 if current.work else 0.0, f"{event.delegate} is at work on it")
        job = self.runs.job(run.job) if run is not None else None
        heals = job.healed / job.firsts if job is not None and job.firsts >= HEALED and not sure else 0.0
        family.mark("heals", heals, f"{heals:.0%} of such reds heal by themselves")
        head, words = self.board.block(family.item)
        family.mark("headpath", head, words)
        if passes:
            self.edited.pop(event.delegate, None)

    def _blame(self, family: Family, ring: deque[Outcome], event: Event, *, bar: float) -> bool:
        run: Run | None = self.runs.runs.get(event.run)
        before = [outcome for outcome in ring if not outcome.failed]
        if run is None or not before:
            return False
        paths = {*event.paths, *run.paths, family.name.partition("::")[0], *files(event.what)}
        red = next(outcome for outcome in ring if outcome.failed)
        found = self.board.changes.suspects(
            before[-1].at, red.at, paths, [event.what], delegate=event.delegate, commit=run.commit
        )
        return blame(self.board, family, found, len(before), first=True, bar=bar)


def _tail(ring: deque[Outcome], *, red: bool) -> int:
    """How many of the last runs in a row ended red, or passed at once."""
    count = 0
    for outcome in reversed(ring):
        if outcome.red != red or (not red and outcome.failed):
            break
        count += 1
    return count
