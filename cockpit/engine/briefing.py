"""What a turn's brief is made of, gathered from spec, journal and facts."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path

from cockpit import corrections, facts, gauges, sense
from cockpit.act import dispatch as delegates
from cockpit.act.brief import brief
from cockpit.act.mending import mending
from cockpit.act.news import News, said
from cockpit.engine import claiming, gauging, routing, sampling, stubbing
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import journal, sides
from cockpit.select import stops
from cockpit.spec import Document, Item, Mark, fields
from cockpit.spec.corrections import Correction
from cockpit.spec.phases import parent, whole

RECENT = 5
"""Words of the human in the exchange that a first brief tells, the newest."""


def news(places: Places, document: Document, item: Item, turn: int, *, looked: bool = True) -> News:
    """What the brief of that turn tells beside the task: all that is new since the last one its delegate got.

    Without `looked` nothing of the tree: that costs a search of all its files.
    """
    turns = earlier(places, item.id, turn)
    reached = [before for before in turns if corrections.reached(before)]
    last = reached[-1] if reached else None
    previous = facts.load(places.turn(item.id, turn - 1)) if turn > 1 else None
    before = journal.read(places, last.dispatch.spec) if last else None
    told = {text for brief in reached for text, _ in delegates.delivered(brief)}
    spoken = {value for brief in reached for value in brief.dispatch.comments}
    words = said(document, before) if before is not None else said(document)[-RECENT:]
    judged = next((one for one in reversed(turns) if one.review), None)
    return News(
        before=before,
        earlier=[brief.number for brief in reached] if before is not None else (),
        corrections=_due(places, document, item.id),
        said=[text for text in words if text not in told],
        steers=[text for text in fields.steers(item) if text not in told],
        review=previous.review if previous else None,
        judged=judged.review if judged is not None else None,
        fork=_fork(places, judged.review, turns[-1].dispatch) if judged is not None else "",
        phases=_phases(places, document, item),
        comments=[value for value in item.values("comment") if value not in spoken],
        stopped=stops.told(previous) if previous else "",
        signals=sense.cited(routing.load(places), item),
        stub=stubbing.stub(places, document, item) if looked else None,
        measured=_measured(places, document) if looked else (),
        inventory=claiming.inventory(places, document, item, turn) if looked else (),
        parts=sampling.parts(places, document, item, before) if looked else (),
        like=sampling.patterns(places, document, item, before) if looked else (),
    )


def _measured(places: Places, document: Document) -> list[str]:
    """What the measured criteria that are still open came to."""
    found = gauging.gauges(places, document, "")
    return [words for gauge in found if gauge.measure.open and (words := gauges.told(gauge))]


def _phases(places: Places, document: Document, item: Item) -> dict[str, str]:
    """What the phases before this one did, by their ids: what they answered, and how large it was."""
    above = parent(document, item)
    done = [phase.id for phase in above.children if phase.mark is Mark.DONE] if above is not None else []
    turns = [turn for turn in facts.turns(places.delegates) if turn.item in done] if done else []
    return {
        turn.item: " ".join(
            [*([turn.answer.summary] if turn.answer else []), *([f"({turn.review.stat})"] if turn.review else [])]
        )
        for turn in turns
    }


def preview(places: Places, document: Document, item: Item) -> str:
    """The brief that the item's delegate would get if it were dispatched now. Changes nothing."""
    item = whole(document, item)
    folders = (places.delegates / item.id).glob("*/" + facts.NAMES[facts.Dispatch])  # a brief may wait before that
    number = max((int(entry.parent.name) for entry in folders if entry.parent.name.isdecimal()), default=0) + 1
    dispatch = facts.Dispatch(
        item=item.id,
        turn=number,
        text=item.text,
        agent="",
        branch=item.value("branch") or f"delegate/{item.id}",
        base="",
        target=_target(places, item.id, number),
        worktree="",
        session="",
        timeout=0,
        note=item.value("iterate"),
        at=0,
    )
    return brief(item, document, places, dispatch, news(places, document, item, number))


def steps_done(places: Places, turn: facts.Turn) -> list[str]:
    """What this answer and those before it say is done of the item's own steps."""
    turns = [*earlier(places, turn.item, turn.number), turn]
    return [words for one in turns if one.answer is not None for words in one.answer.steps]


def _fork(places: Places, review: facts.Review | None, last: facts.Dispatch) -> str:
    """Where the branch left the target, as both are now; empty when nothing needs it, or it cannot be told."""
    if not mending(review, last.target).rewrites:
        return ""
    try:
        return sides.fork(places, last.target, f"refs/heads/{last.branch}")
    except CockpitError:
        return ""


def _target(places: Places, item: str, number: int) -> str:
    before = facts.load(places.turn(item, number - 1)) if number > 1 else None
    return before.dispatch.target if before is not None else ""


def earlier(places: Places, item: str, turn: int) -> Sequence[facts.Turn]:
    """The turns of that item before this one, in order."""
    found = (_over(folder, _changed(folder)) for folder in (places.turn(item, number) for number in range(1, turn)))
    return [entry for entry in found if entry is not None]


@functools.lru_cache(maxsize=1024)
def _over(folder: Path, _changed: int) -> facts.Turn | None:
    """A turn that another one followed: read again only when a file in its folder was replaced."""
    return facts.load(folder)


def _changed(folder: Path) -> int:
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return 0


def _due(places: Places, document: Document, item: str) -> list[Correction]:
    """Corrections that this brief must tell: of its own answers, and of answers whose items are over."""
    marks = {entry.id: entry.mark for entry in document.walk()}
    return [
        correction
        for correction in corrections.waiting(places, document)
        if correction.item == item or marks.get(correction.item, Mark.DONE).over
    ]
