"""Warnings of a green run that came with an upgrade (R81)."""

from __future__ import annotations

from cockpit.sense.events import Event
from cockpit.sense.ranker.blame import accuse
from cockpit.sense.ranker.board import Board
from cockpit.sense.ranker.diagnosis import Line, loud
from cockpit.sense.ranker.family import EVIDENCE
from cockpit.sense.ranker.jobs import Job, Run
from cockpit.sense.ranker.masks import heading, said

FLOOD = 0.5
"""A green run with this share of new lines has changed as a whole: none of them is a finding."""


def appeared(board: Board, run: Run, job: Job, fresh: list[Line]) -> None:
    """Warnings of a green run that came with an upgrade (R81)."""
    families = board.families
    event = Event(source="ci", what=run.job, at=run.last, kind="appeared", run=run.id, delegate=run.delegate)
    changes = [entry for entry in board.changes.between(run.before, run.at) if entry.upgrade]
    warns = sum(loud(line) for line in run.lines.values())
    news = sum(not job.knows(key) for key in run.lines)
    if fresh and changes and job.greens >= 2 and news <= max(4, FLOOD * len(run.lines), warns):
        text = [line.text for line in fresh[:50]]
        named = board.changes.suspects(run.before, run.at, (), text, usual=job.known, commit=run.commit)
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
        accuse(board, family, upgrade)
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
