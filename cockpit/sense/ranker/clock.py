"""Clocks that jump: at a ranking nothing lies in the future."""

from __future__ import annotations

from cockpit.sense.ranker.board import Board
from cockpit.sense.ranker.lanes import Lanes
from cockpit.sense.ranker.notify import Notifier
from cockpit.sense.ranker.people import People
from cockpit.sense.ranker.runs import LATE, Runs
from cockpit.sense.ranker.stream import Streams

AHEAD = 10.0
"""Seconds by which what was told may lie ahead of the clock of the ranking before the clock has jumped."""
WAITS = 15.0
"""Seconds that a row may still wait to be shown after a jump."""


def rewind(
    now: float, board: Board, runs: Runs, lanes: Lanes, streams: Streams, people: People, told: Notifier
) -> None:
    """Every time that is remembered becomes `now` where it lies after it: the clock was set back, or an event came
    from the future. So nothing waits, holds still or stays fresh until a clock has caught up; the order of what
    happened before the jump is kept as far as it lies in the past."""
    board.now = now
    for family in board.families.all.values():
        family.first, family.last, family.since = min(family.first, now), min(family.last, now), min(family.since, now)
        family.ready = min(family.ready, now + WAITS)
        family.dirty = True
    board.changes.rewind(now)
    for run in runs.runs.values():
        run.at, run.last, run.before = min(run.at, now), min(run.last, now), min(run.before, now)
        run.judge = min(run.judge, now + LATE)
    for job in runs.jobs.values():
        job.green, job.before = min(job.green, now), min(job.before, now)
    for lane in lanes.lanes.values():
        lane.closed, lane.told = min(lane.closed, now), min(lane.told, now)
    for rate in streams.rates.values():
        rate.first, rate.last, rate.window = min(rate.first, now), min(rate.last, now), min(rate.window, now)
    for source, at in streams.began.items():
        streams.began[source] = min(at, now)
    for count in people.taste.values():
        count.at = min(count.at, now)
    told.rewind(now)
