"""What the engine says to the screens: the senses fed, the signals ranked, one snapshot made of all of it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection, Sequence
from itertools import islice

from cockpit import facts, gauges, learn, persist, select, sense, spec
from cockpit.act.ladder import Rung, contradicts, deciding
from cockpit.act.state import State
from cockpit.clean import line
from cockpit.engine import permits, shelf
from cockpit.engine.look import Look, look
from cockpit.engine.senses import Senses
from cockpit.gauges import Gauge
from cockpit.paths import Places
from cockpit.select import bills
from cockpit.wire import DelegateRow, MeasureView, MutedView, RungView, SignalView, Snapshot, TermView

MOST = 200
"""Signals that the screens get, and items that they are told what these wait for."""
TURNS = 5
"""Turns of an item, measurements of a criterion, that they get one by one; the commands have them all."""


def snapshot(places: Places, senses: Senses, seen: Look, trouble: Sequence[str], now: float) -> Snapshot:
    """The whole picture of one pass. Also writes what fails and the top signals into the spec when that changed."""
    senses.feed(seen, now)
    gone = learn.archived(seen.document, seen.turns)
    shown, held = _rank(senses, gone, now)
    senses.ranked(shown, seen, now)
    if seen.readable:
        document, hindered = shelf.clear(places, seen.document, senses.ranker.people.ended)
        trouble = [*trouble, *hindered]
        document = senses.known.keep(senses.families, document, {signal.key for signal in held}, now)
        _table(places, senses, document, shown)
    return _picture(places, senses, seen, gone, shown, held, trouble, os.getpid())


def glance(places: Places, senses: Senses, seen: Look, trouble: Sequence[str], now: float) -> Snapshot:
    """The picture between two passes: what the last one saw, with the signals as they rank now. Writes nothing."""
    gone = learn.archived(seen.document, seen.turns)
    return _picture(places, senses, seen, gone, *_rank(senses, gone, now), trouble, os.getpid())


def offline(places: Places, now: float) -> Snapshot:
    """The picture when no engine runs, told by spec, facts and journal. Writes nothing; `pid` is 0."""
    seen, senses = look(places, None, now), Senses(places)
    gone = learn.archived(seen.document, seen.turns)
    return _picture(places, senses, seen, gone, *_rank(senses, gone, now), (), 0)


def _rank(senses: Senses, gone: Collection[str], now: float) -> tuple[list[sense.Signal], list[sense.Signal]]:
    """What is shown and what is on the shelf; `gone` are items that are in the archive."""
    shown, shelf = senses.rank(now, MOST)
    return [signal for signal in shown if signal.item not in gone], [
        signal for signal in shelf if signal.item not in gone
    ]


def _picture(
    places: Places,
    senses: Senses,
    seen: Look,
    gone: Collection[str],
    shown: Sequence[sense.Signal],
    held: Sequence[sense.Signal],
    trouble: Sequence[str],
    pid: int,
) -> Snapshot:
    controls, plan = seen.document.controls, seen.plan
    turns = [turn for turn in seen.turns.values() if turn.item not in gone]
    billed = seen.spending.by_item
    return Snapshot(
        pid=pid,
        events=str(places.events) if pid else "",
        state=plan.state,
        branch=line(seen.home.removeprefix("refs/heads/"), 80),
        target=line(seen.feature, 80),
        loop=controls.loop,
        mode=controls.mode,
        head=plan.head.id if plan.head else "",
        why=line(plan.why, 300),
        waits={id: line(words, 160) for id, words in islice(plan.waits.items(), MOST)},
        fence=plan.fence.name if plan.fence else "",
        until=plan.fence.until if plan.fence else 0.0,
        running=plan.running,
        wip=controls.wip,
        waiting=plan.waiting,
        review=controls.review,
        budget=select.budget_words(controls, seen.spending.account),
        loop_spent=line(bills.words(seen.spending.loop), 200) if seen.spending.turns else "",
        day_spent=line(bills.words(seen.spending.day), 200) if seen.spending.turns else "",
        notes=[*seen.notes, *trouble, *senses.trouble, *senses.known.trouble],
        measured=[_measured(gauge) for gauge in seen.gauges],
        delegates=[delegate(turn, seen.states[turn.item], billed.get(turn.item, ())) for turn in reversed(turns)],
        signals=[_signal(signal, seen.document) for signal in shown],
        muted=[_muted(signal, seen.document) for signal in held[:50]],
    )


def _measured(gauge: Gauge) -> MeasureView:
    rows = [line(words, 200) for words in gauges.rows(gauge)[:TURNS]]
    return MeasureView(gauge.measure.id, line(gauges.words(gauge), 200), rows)


def _signal(signal: sense.Signal, document: spec.Document) -> SignalView:
    return SignalView(
        key=signal.key,
        what=signal.what,
        state=signal.state,
        since=signal.since,
        action=signal.action,
        item=signal.item,
        level=signal.level,
        reasons=list(signal.reasons),
        terms=[TermView(term.name, term.value, term.words) for term in signal.terms],
        evidence=list(signal.evidence),
        paths=list(signal.paths[:5]),
        family=signal.family,
        source=signal.source,
        rule=signal.rule,
        delegate=signal.delegate,
        first=signal.first,
        last=signal.last,
        count=signal.count,
        suspects=list(signal.suspects),
        closes=signal.closes,
        pinned=signal.pinned,
        blocks=signal.blocks,
        muted=_muted(signal, document).target if signal.mute else "",
        notify=signal.notify,
        folded=signal.folded,
    )


def _muted(signal: sense.Signal, document: spec.Document) -> MutedView:
    mute = next((mute for mute in document.mutes if f"mute/{mute.id}" == signal.mute), None)
    if mute is None:
        return MutedView(key=signal.key, what=signal.what, until="it changes", reason=signal.muted, target=signal.key)
    return MutedView(key=signal.key, what=signal.what, until=mute.until, reason=mute.reason, target=mute.target)


def delegate(turn: facts.Turn, state: State, billed: Sequence[select.Billed] = ()) -> DelegateRow:
    """A delegate as screen and shell show it, with all that is known of its state, and what the item's turns used."""
    last = next((one.spent for one in billed if one.turn == turn.number), select.Spent())
    return DelegateRow(
        item=turn.item,
        turn=turn.number,
        text=line(turn.dispatch.text, 200),
        agent=turn.dispatch.agent,
        state=state.name,
        evidence=line(state.evidence, 300),
        since=state.since,
        log=str(turn.log),
        branch=line(turn.dispatch.branch, 120),
        session=turn.dispatch.session,
        tokens=last.tokens,
        usd=last.usd,
        spent=[line(words, 200) for words in _spent(billed)],
        rungs=[_rung(rung, state) for rung in state.rungs],
        asks=permits.known(turn).stands if state.name == "permission" else "",
    )


def _spent(billed: Sequence[select.Billed]) -> list[str]:
    """All turns together, then the latest of them, the last one first."""
    if not billed:
        return []
    return [bills.words(select.bill(billed)), *(bills.turn_words(turn) for turn in reversed(billed[-TURNS:]))]


def _rung(rung: Rung, state: State) -> RungView:
    decides = rung is deciding(state.rungs)
    role = "decides" if decides else "contradicts" if contradicts(rung, state.name) else ""
    return RungView(rung.source, line(rung.says, 300), rung.at, rung.file, role)


def _table(places: Places, senses: Senses, document: spec.Document, shown: Sequence[sense.Signal]) -> None:
    """The engine's rows in the spec: only when the section is there, only on a change of state (design, section 4).

    They are committed with the next steering commit, not by themselves.
    """
    if document.section(spec.Kind.SIGNALS) is None:
        return
    rows = sense.rows(shown)
    senses.foreign.written.update(row[0] for row in rows)
    have = [(row.signal, row.state, row.action) for row in (document.table.own if document.table else ())]
    if [(row[0], row[1], row[3]) for row in rows] != have:
        with contextlib.suppress(spec.SpecError):
            persist.exchange(places, lambda data: spec.edit.set_signals(data, rows))
