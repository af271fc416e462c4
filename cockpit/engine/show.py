"""What the engine says to the screens: the senses fed, the signals ranked, one snapshot made of all of it."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from cockpit import corrections, facts, learn, persist, select, sense, spec
from cockpit.clean import line
from cockpit.engine import learning
from cockpit.engine.foreign import Foreign
from cockpit.engine.known import Known
from cockpit.engine.look import Look, alive, goal_digest, look, usage_of
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import git
from cockpit.spec.corrections import Correction
from cockpit.wire import DelegateRow, MutedView, SignalView, Snapshot


class Senses:
    """What was seen before, so that a change is a change. All of it is rebuilt from the journal at the start."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.families: dict[str, sense.Family] = {}
        self.foreign = Foreign(places)
        self.tip = ""
        self.target = ""
        self.head: str | None = None
        self.head_since = 0.0
        self.offset = sense.spool.load(places.spool)
        self.saved = self.offset
        self.errors: list[str] = []
        self.corrected = 0
        self.waiting: list[Correction] = []
        self.known = Known(places)
        with contextlib.suppress(CockpitError):
            self.families = sense.fold({}, sense.journal.replay(self.journal, time.time()))

    @property
    def journal(self) -> Path:
        """Where all events are kept."""
        return self.places.local / "journal"

    def living(self) -> Mapping[str, bool]:
        """Whether each delegate's runner lives, as a sweep sees it."""
        return {turn.item: turn.sentinel is None and alive(turn) for turn in facts.turns(self.places.delegates)}

    def feed(self, seen: Look, now: float) -> None:
        """Take in all that happened since the last look, and keep it in the journal."""
        self._correct(seen)
        levels = [
            *self.foreign.events(seen, {correction.heading for correction in self.waiting}, now),
            *self._git(seen, now),
            *self._delegates(seen, now),
            *self._head(seen, now),
            *sense.conflict_events(spec.conflicts(seen.document), self._open("conflict/"), now),
            *sense.correction_events(self.waiting, self._open("correction/"), now),
            *learning.events(self.places, seen, self._open("runbook/"), now),
        ]
        fresh = [*self._spool(now), *(event for event in levels if self._new(event))]
        self.families = sense.fold(self.families, fresh)
        sense.journal.record(self.journal, fresh)
        # Only now: a kill in between reads the spool's lines again, which changes nothing; the other way loses them.
        if self.offset != self.saved:
            sense.spool.save(self.places.spool, self.offset)
            self.saved = self.offset

    def _new(self, event: sense.Event) -> bool:
        """Whether it says something else than the last event of its key (sources are read level by level)."""
        known = self.families.get(event.key)
        if known is None:
            return not event.closes
        last = known.latest
        return (event.state, event.what, event.level, event.evidence) != (
            last.state,
            last.what,
            last.level,
            last.evidence,
        )

    def _spool(self, now: float) -> list[sense.Event]:
        lot = sense.spool.read(self.places.spool, self.offset, now)
        if lot.offset != self.offset:
            self.offset = lot.offset
            self.errors = [f"spool: {error}" for error in lot.errors[:2]]
        return lot.events

    def _correct(self, seen: Look) -> None:
        """Which corrections wait; looked up again only when the document or what was told has changed."""
        turns = [(item, turn.number, turn.running is None, turn.entry) for item, turn in seen.turns.items()]
        state = hash((seen.document.data, repr(turns)))
        if state != self.corrected:
            self.corrected, self.waiting = state, corrections.waiting(self.places, seen.document)

    def _open(self, prefix: str) -> list[str]:
        return [key for key, family in self.families.items() if family.open and key.startswith(prefix)]

    def _git(self, seen: Look, now: float) -> list[sense.Event]:
        tip, target, self.tip, self.target = self.tip, self.target, seen.tip, seen.target
        if not tip or tip == seen.tip or target != seen.target:
            return []
        form = "--format=%H%x00%s%x00%an%x00%(trailers:key=Cockpit-By,valueonly)%x1e"
        listed = git.run(self.places, "log", "-n50", "--first-parent", form, f"{tip}..{seen.tip}", check=False)
        entries = [entry.strip().split(b"\0") for entry in listed.split(b"\x1e") if entry.strip()]
        foreign = [
            (entry[0].decode(), line(entry[1], 80), line(entry[2], 40))
            for entry in entries
            if len(entry) == 4 and not entry[3].strip()
        ]
        return sense.git_events(line(seen.target.removeprefix("refs/heads/"), 60), foreign, now)

    def _delegates(self, seen: Look, now: float) -> list[sense.Event]:
        rows: list[tuple[str, str, str, float]] = []
        events: list[sense.Event] = []
        for item, turn in seen.turns.items():
            state = seen.states[item]
            entry = seen.document.item(item)
            name = "merged" if entry is not None and entry.mark.over else state.name
            rows.append((item, name, state.evidence, state.since))
            if turn.review is not None:
                events += sense.verification_events(item, turn.review)
            events.append(self._stale_goal(seen, turn, now))
        return [*sense.delegate_events(rows), *events]

    def _stale_goal(self, seen: Look, turn: facts.Turn, now: float) -> sense.Event:
        """A reframe says which running delegates were briefed with the old goal."""
        moved = turn.sentinel is None and turn.dispatch.goal not in ("", goal_digest(seen.document))
        return sense.Event(
            source="goal",
            kind="goal",
            key=f"goal/{turn.item}",
            item=turn.item,
            at=now,
            state="stale" if moved else "closed",
            level="warning",
            what=f"{turn.item} works on the goal as it was before",
            action="interrupt",
        )

    def _head(self, seen: Look, now: float) -> list[sense.Event]:
        head = seen.plan.head.id if seen.plan.head else ""
        if head == self.head:
            return []
        if self.head is not None:
            self.head_since = now
        self.head = head
        return [sense.head_event(head or "none", seen.plan.why, now)]


def snapshot(places: Places, senses: Senses, seen: Look, trouble: Sequence[str], now: float) -> Snapshot:
    """The whole picture of one pass. Also writes what fails and the top signals into the spec when that changed."""
    senses.feed(seen, now)
    gone = learn.archived(seen.document, seen.turns)
    shown, shelf = _rank(senses, seen, gone, now)
    if seen.readable:
        document = senses.known.keep(senses.families, seen.document, {entry.signal.key for entry in shelf}, now)
        _table(places, senses, document, shown)
    return _picture(places, senses, seen, gone, shown, shelf, trouble, os.getpid())


def offline(places: Places, now: float) -> Snapshot:
    """The picture when no engine runs, told by spec, facts and journal. Writes nothing; `pid` is 0."""
    seen, senses = look(places, None, now), Senses(places)
    gone = learn.archived(seen.document, seen.turns)
    return _picture(places, senses, seen, gone, *_rank(senses, seen, gone, now), (), 0)


def _rank(
    senses: Senses, seen: Look, gone: Collection[str], now: float
) -> tuple[Sequence[sense.Signal], Sequence[sense.Muted]]:
    """What is shown and what is muted; `gone` are items that are in the archive."""
    living = {key: family for key, family in senses.families.items() if family.latest.item not in gone}
    ranked = sense.rank(living, seen.document, now)
    return sense.apply(ranked, seen.document.mutes, head_since=senses.head_since, now=now)


def _picture(
    places: Places,
    senses: Senses,
    seen: Look,
    gone: Collection[str],
    shown: Sequence[sense.Signal],
    shelf: Sequence[sense.Muted],
    trouble: Sequence[str],
    pid: int,
) -> Snapshot:
    controls, plan = seen.document.controls, seen.plan
    turns = [turn for turn in seen.turns.values() if turn.item not in gone]
    return Snapshot(
        pid=pid,
        state=plan.state,
        branch=line(seen.target.removeprefix("refs/heads/"), 80),
        loop=controls.loop,
        mode=controls.mode,
        head=plan.head.id if plan.head else "",
        why=plan.why,
        fence=plan.fence.name if plan.fence else "",
        running=plan.running,
        wip=controls.wip,
        waiting=plan.waiting,
        review=controls.review,
        budget=select.budget_words(controls, seen.spent),
        notes=[*seen.notes, *trouble, *senses.errors, *senses.known.trouble],
        delegates=[_delegate(places, seen, turn) for turn in reversed(turns)],
        signals=[
            SignalView(
                key=signal.key,
                what=signal.what,
                state=signal.state,
                since=signal.since,
                action=signal.action,
                item=signal.item,
                level=signal.level,
                reasons=list(signal.reasons),
                evidence=[signal.evidence] if signal.evidence else [],
                pinned=signal.pinned,
            )
            for signal in shown[:200]
        ],
        muted=[
            MutedView(key=entry.signal.key, what=entry.signal.what, until=entry.mute.until, reason=entry.mute.reason)
            for entry in shelf[:50]
        ],
    )


def _delegate(places: Places, seen: Look, turn: facts.Turn) -> DelegateRow:
    state = seen.states[turn.item]
    usage = usage_of(places, turn)
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
        tokens=usage.tokens,
        usd=usage.usd,
    )


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
