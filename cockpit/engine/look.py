"""One look at the world: the spec, the facts, the refs, and the plan that follows from them."""

from __future__ import annotations

import functools
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cockpit import facts, persist, select, steer
from cockpit.act.dispatch import delivered
from cockpit.act.ladder import changes_at, deciding
from cockpit.act.news import said
from cockpit.act.state import State
from cockpit.clean import line
from cockpit.engine import briefing, claiming, gauging, permits, proving, scoping
from cockpit.engine.doing import state_of
from cockpit.engine.spending import Spending, spending
from cockpit.errors import CockpitError
from cockpit.gauges import Gauge
from cockpit.paths import Places
from cockpit.persist import exits, journal
from cockpit.persist.heads import heads
from cockpit.persist.landing import Landing, landing_of
from cockpit.select import rests
from cockpit.spec import Document, Mark, SpecError, parse, until

GRACE = 2.0
"""Seconds that tmux has to say how a runner ended: the kernel tells us of its death at once."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one pass saw. `document` is the last good one when the file does not parse; `notes` say so."""

    document: Document
    turns: Mapping[str, facts.Turn]
    states: Mapping[str, State]
    opinions: Sequence[facts.Turn]
    """The runs that give an opinion of a result, or gave one."""
    plan: select.Plan
    spending: Spending
    home: str
    """`refs/heads/...` the spec is on, empty on a detached HEAD."""
    home_tip: str
    target: str
    """The ref that results go to: a feature branch, or `home` (persist.exits)."""
    tip: str
    landing: Landing | None
    """The feature branch as a whole, where there is one."""
    gauges: Sequence[Gauge]
    """The measured criteria with what they came to."""
    base: select.Base
    """That tip, and whether the spec's own checks are green there."""
    feature: str
    """Short name of the feature branch, empty where there is none (yet)."""
    readable: bool
    """Whether the file on disk is the document, and ours to write; if not, nothing is written."""
    wake: float
    """When something changes though nothing happens, epoch seconds; 0: never."""
    notes: tuple[str, ...]


def look(places: Places, last: Document | None, now: float, pause: str = "") -> Look:
    """Read everything and plan. `now` is epoch seconds; `pause` says which signal pauses the loop, if one does.

    Never raises for bad input: the plan's fence tells it.
    """
    notes: list[str] = []
    document, invariant = _document(places, last)
    readable = not invariant
    if invariant:
        notes.append(invariant)
    notes.extend(f"line {problem.line}: {problem.what}" for problem in document.problems[:3])
    turns = {turn.item: turn for turn in facts.turns(places.delegates)}
    to = exits.Exit("", "", "", "")
    try:
        to = exits.exit_of(places, document.controls, turns.values())
        if not to.home_tip:
            invariant = invariant or "no commit yet: make the first one, delegates branch off it"
        invariant = invariant or to.trouble
    except CockpitError as error:
        invariant = invariant or str(error)
    end = None
    try:
        end = landing_of(places, to, turns.values())
    except CockpitError as error:
        notes.append(line(str(error), 200))
    busy = persist.busy(places)
    if busy:
        notes.append(f"{busy}: commits of the spec wait for its end")
        invariant = invariant or f"{busy}: nothing is dispatched or merged until it ends"
    foreign = persist.lease(places)
    if foreign is not None:
        notes.insert(0, f"{foreign.words} ({foreign.remedy})")
        invariant, readable = foreign.words, False
    if document.controls.mode == "auto" and to.target in exits.TRUNKS and not to.wanted:
        name = to.target.removeprefix("refs/heads/")
        notes.append(f"mode auto merges straight into {name}: without exit: direct you keep the last look")
    states = {item: state_of(places, turn, now) for item, turn in turns.items()}
    opinions = facts.opinions(places.delegates)
    going = {one.folder: state_of(places, one, now) for one in opinions if one.opinion is None}
    spent = spending(places, now)
    notes.extend(select.budget_notes(document.controls, spent.account))
    if spent.trouble:
        notes.append(spent.trouble)
    base = proving.base_of(places, document, to.target, to.tip, spent.since)
    if base.unjudged:
        notes.append(base.unjudged)
    paced = _paced(document, turns, now)
    holds = select.paused(document, turns, lambda turn: briefing.earlier(places, turn.item, turn.number), now)
    notes.extend(f"{hold.agent}: {hold.words}" for hold in holds.values())
    world = select.World(
        turns=turns,
        alive=alive,
        lost=lambda turn: _ended(turn, going.get(turn.folder) or states[turn.item], now),
        stale=lambda turn: steer.stale(places, turn),
        joined=lambda turn: steer.joined(places, turn),
        delivered=lambda turn: frozenset(text for text, _ in delivered(turn)),
        heard=lambda turn: heard(places, document, turn),
        holds=holds,
        account=spent.account,
        permits=permits.known,
        allow=document.controls.allow,
        restated=lambda item, number: claiming.restated(places, document, item, number),
        rounds=lambda turn: [*briefing.earlier(places, turn.item, turn.number), turn],
        now=now,
        goal=scoping.goal_digest(document),
        prepared=lambda item: scoping.standing(places, document, item),
        invariant=invariant,
        pause=pause,
        readable=readable,
        home=to.home,
        landing=end,
        gauges=gauging.gauges(places, document, to.tip),
        base=base,
        paced=paced,
        since=spent.since,
        gone=_gone(places, turns),
        opinions=opinions,
    )
    notes.extend(
        f"{turn.item} {_where(turn, to.home)}"
        for turn in turns.values()
        if world.elsewhere(turn) and to.home and under_way(document, turn)
    )
    asked = {str(one.folder): one for one in opinions if one.folder in going}
    moments = [*_moments(turns, states, now), *_moments(asked, {key: going[Path(key)] for key in asked}, now)]
    return Look(
        document=document,
        turns=turns,
        states=states,
        opinions=opinions,
        plan=select.plan(document, world),
        spending=spent,
        home=to.home,
        home_tip=to.home_tip,
        target=to.target,
        tip=to.tip,
        landing=end,
        gauges=world.gauges,
        base=base,
        feature=to.feature,
        readable=readable,
        wake=min(filter(None, (*moments, *_until(document, holds, now), paced)), default=0.0),
        notes=tuple(notes),
    )


def _until(document: Document, holds: Mapping[str, select.Hold], now: float) -> Iterator[float]:
    """When an agent's service, or an item, is put off no longer, or the loop comes to a rest."""
    yield from (hold.until for hold in holds.values())
    yield rests.next_at(document.controls, now)
    yield from (at for item in document.queue if (at := until.at(item)) > now)


def _paced(document: Document, turns: Mapping[str, facts.Turn], now: float) -> float:
    """Until when nothing begins, because something began less than `pace:` ago; 0: it may now (R131)."""
    last = max((turn.dispatch.at for turn in turns.values() if turn.dispatch.at <= now), default=0.0)
    due = last + 60 * document.controls.pace
    return due if last and due > now else 0.0


def _gone(places: Places, turns: Mapping[str, facts.Turn]) -> frozenset[str]:
    """The refs that results were to go to and that are not there any more."""
    wanted = {turn.dispatch.target for turn in turns.values()}
    return frozenset(wanted - heads(places, wanted).keys()) if wanted else frozenset()


def _where(turn: facts.Turn, home: str) -> str:
    """Why nothing is done with a turn that belongs elsewhere."""
    name = line((turn.home if turn.home != home else turn.dispatch.target).removeprefix("refs/heads/"), 60)
    return f"belongs to {name}: it waits until that is {'checked out' if turn.home != home else 'there again'}"


def _moments(turns: Mapping[str, facts.Turn], states: Mapping[str, State], now: float) -> Iterator[float]:
    """When the state of each delegate that runs may change by time alone, or one that is gone counts as lost; a little
    later, so that it surely has.
    """
    for item, state in states.items():
        if not state.over and (at := changes_at(state.rungs, now)):
            yield at + 0.1
        if _untold(turns[item], state) and (at := _told(turns[item].folder)) > now:
            yield at + 0.1


def _ended(turn: facts.Turn, state: State, now: float) -> str:
    """How a runner that is gone ended: `dead: ...`, `lost: ...`. Empty while it is not, or tmux may still say how."""
    if not state.gone or (_untold(turn, state) and now < _told(turn.folder)):
        return ""
    return f"{state.name}: {deciding(state.rungs).says}"


def _untold(turn: facts.Turn, state: State) -> bool:
    return state.name == "lost" and turn.running is not None


@functools.lru_cache(maxsize=512)
def _told(_folder: Path) -> float:
    """When tmux has told what it knows of a runner that was now first seen gone; begun anew by an engine that is."""
    return time.time() + GRACE


def heard(places: Places, document: Document, turn: facts.Turn) -> list[str]:
    """What the human said in the exchange since the turn's brief; nothing when that version is not known any more."""
    before = _said_before(places, turn.dispatch.spec)
    return [words for words in said(document) if words not in before] if before is not None else []


@functools.lru_cache(maxsize=64)
def _said_before(places: Places, blob: str) -> frozenset[str] | None:
    data = journal.read(places, blob)
    try:
        return frozenset(said(parse(data))) if data is not None else None
    except SpecError:
        return None


def alive(turn: facts.Turn) -> bool:
    """Whether the runner of that turn still lives."""
    return turn.running is not None and facts.alive(turn.running)


def under_way(document: Document, turn: facts.Turn) -> bool:
    """Whether the item of that turn is still being worked on or waits for a verdict."""
    item = document.item(turn.item)
    return item is not None and item.mark in (Mark.RUNNING, Mark.NEEDS_YOU)


def _document(places: Places, last: Document | None) -> tuple[Document, str]:
    """The spec as it stands, or the last good one and the words for what is wrong with the file."""
    name = places.spec_name
    try:
        return parse(persist.read(places)), ""
    except SpecError as error:
        words = f"{name}, {error}; the last good version stays in force"
    except CockpitError as error:
        gone = not places.spec.exists()
        words = f"{name} is gone; write it again, or git checkout -- {name}" if gone else str(error)
    return last if last is not None else parse(b""), words
