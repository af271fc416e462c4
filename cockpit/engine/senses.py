"""The senses of the engine: what every source says in one pass, kept in the journal, fed to the ranking."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence

from cockpit import corrections, facts, rounds, sense, spec
from cockpit.engine import briefing, learning, routing
from cockpit.engine.doing import state_of
from cockpit.engine.foreign import Foreign
from cockpit.engine.gitwatch import GitWatch
from cockpit.engine.groundwatch import GroundWatch
from cockpit.engine.guard import Guard
from cockpit.engine.health import Health
from cockpit.engine.hooked import Hooked
from cockpit.engine.known import Known
from cockpit.engine.look import Look
from cockpit.engine.reframed import works_on_the_old
from cockpit.engine.reports import Reports
from cockpit.engine.streams import Streams
from cockpit.engine.tasting import Tasting
from cockpit.paths import Places
from cockpit.sense.greens import Greens
from cockpit.sense.sources.loops import loop_events
from cockpit.sense.sources.queue import LANE
from cockpit.sense.sources.rethink import rethink_event
from cockpit.spec import Mark
from cockpit.spec.corrections import Correction

RECENT = 3600.0
"""Seconds for which a merge is told as a closeout: the head moves on long before."""
LOT = 2000
"""Events taken in at once."""

_NOTHING = sense.journal.Recorded([], [])


class Senses:
    """What was seen before, so that a change is a change. All of it is rebuilt from the journal at the start."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.lock = threading.RLock()
        """Held while events are taken in or ranked: they come from the pass, the socket and the spool."""
        self.families: dict[str, sense.Family] = {}
        """What the sources told last."""
        self.ranker = sense.Ranker()
        self.greens = Greens()
        self.foreign = Foreign(places)
        self.git = GitWatch(places)
        self.guard = Guard(places)
        self.ground = GroundWatch(places)
        self.offset = sense.spool.load(places.spool)
        self.reading = threading.Lock()
        """Held while the spool is read."""
        self.errors: list[str] = []
        self.corrected = 0
        self.waiting: list[Correction] = []
        self.ended: set[tuple[str, int]] = set()
        """Turns whose end was told."""
        self.known = Known(places)
        self.reports = Reports(places)
        self.streams = Streams(places)
        self.hooked = Hooked(places)
        self.health = Health(places)
        self.journal = sense.journal.Journal(places.journal)
        """Where all events are kept."""
        recorded = sense.journal.replay(places.journal, time.time()) if places.journal.exists() else _NOTHING
        self.torn = [f"journal: {words}" for words in recorded.trouble[:2]]
        """What of it could not be read."""
        self.take(recorded.events)
        self.tasting = Tasting(places, self.ranker.people)
        self.pause = sense.pause(self.ranker.rank(time.time()))
        """Why signals pause the loop, in words, as of the last ranking."""

    @property
    def trouble(self) -> list[str]:
        """What the human must know of the sources: what could not be read, and what can't be kept."""
        return [
            *self.errors,
            *self.git.trouble,
            *self.guard.trouble,
            *self.reports.errors,
            *self.hooked.trouble,
            *self.tasting.trouble,
            *self.torn,
            *filter(None, (self.journal.trouble,)),
        ]

    def living(self, now: float) -> Mapping[str, str]:
        """The state of each delegate whose turn has not ended, as a sweep sees it: silence begins without a change."""
        turns = facts.turns(self.places.delegates)
        return {turn.item: state_of(self.places, turn, now).name for turn in turns if turn.sentinel is None}

    def hear(self, events: Sequence[sense.Event], now: float) -> None:
        """Take in what others say, between two passes, and keep it in the journal; a lot at a time, so that a flood
        does not keep a ranking waiting."""
        for start in range(0, len(events), LOT):
            with self.lock:
                lot = events[start : start + LOT]
                self.take(lot)
                self.journal.record(lot, now)

    def close(self) -> None:
        """Write what the journal has only counted."""
        with self.lock:
            self.journal.close(time.time())

    def drain(self, now: float) -> bool:
        """Read on in the spool; whether there was anything. Raises CockpitError when it can't be read."""
        with self.reading:
            lot = sense.spool.read(self.places.spool, self.offset, now)
            if lot.offset == self.offset:
                return False
            self.hear(lot.events, now)
            before, self.offset = self.offset, lot.offset
            self.errors = [f"spool: {error}" for error in lot.errors[:2]]
            # Only now: a kill before that reads the lines again, which changes little; the other way loses them.
            sense.spool.save(self.places.spool, self.offset)
            sense.spool.give_back(self.places.spool, before, self.offset)
            return True

    def rank(self, now: float, most: int) -> tuple[list[sense.Signal], list[sense.Signal]]:
        """What is shown, at most `most`, and what is on the shelf."""
        with self.lock:
            self.tasting.take()
            shown = self.ranker.rank(now, most)
            return shown, self.ranker.shelf

    def take(self, events: Sequence[sense.Event]) -> None:
        """Fold and rank these events; they are in the journal, or will be."""
        self.guard.heed(events)
        known: list[sense.Event] = []
        for event in events:
            understood = self.ranker.feed(event)
            known += understood if event.kind == "log.line" else (event, *understood)
            if event.kind == "turn":
                self.ended.add((event.item, int(event.attrs.get("turn", 0))))
        proved = [each for event in known for each in self.greens.feed(event)]
        self.families = sense.fold(self.families, [*known, *proved])

    def feed(self, seen: Look, now: float) -> None:
        """Take in all that happened since the last look, and keep it in the journal."""
        self.drain(now)
        self._correct(seen)
        git = self.git.news(seen, self._open("clash/"), now)
        self.hear(
            [
                *git.happened,
                *self.streams.events(seen.turns.values(), now),
                *self.hooked.events(seen.turns, now),
                *self.reports.events(seen.document, seen.turns, now),
            ],
            now,
        )
        levels = [
            *self._closeouts(seen, now),
            *self._queue(seen, now),
            *self.foreign.events(seen, {correction.heading for correction in self.waiting}, now),
            *self._gone(seen, now),
            *sense.landing_events(seen.landing, bool(seen.document.controls.land), self._open("land/"), now),
            *sense.measure_events(seen.gauges, self._open("measure/"), now),
            *git.holds,
            *self.ground.events(seen, self._open("claims/"), now),
            *self.guard.events(seen, self._told("checkout/", "shared/"), now),
            *self._delegates(seen, now),
            *sense.conflict_events(spec.conflicts(seen.document), self._open("conflict/"), now),
            *sense.correction_events(self.waiting, self._open("correction/"), now),
            *self.health.events(seen, now),
            *learning.events(self.places, seen, [*self._open(learning.RUNBOOK), *self._open(learning.LEFT)], now),
        ]
        self.hear([event for event in levels if self._new(event)], now)
        self.streams.save()
        self.hooked.save()
        self.reports.keep()

    def ranked(self, shown: Sequence[sense.Signal], seen: Look, now: float) -> None:
        """The ranking was made: decide where each signal goes, log what changed, keep it for the next brief, and keep
        what was learned.
        """
        with self.lock:
            self.tasting.sync(now)
        self.pause = sense.pause(shown)
        self.hear([event for event in routing.events(shown, seen.document, now) if self._new(event)], now)
        routing.save(self.places, shown, self.ranker.shelf)

    def _new(self, event: sense.Event) -> bool:
        """Whether it says something else than the last event of its slot (sources are read level by level)."""
        known = self.families.get(sense.slot(event))
        if known is None:
            return not event.closes or (event.kind in ("closeout", "route.attempt") and event.state == "ok")
        last = known.latest
        return (event.state, event.what, event.level, event.evidence, event.attrs) != (
            last.state,
            last.what,
            last.level,
            last.evidence,
            last.attrs,
        )

    def _queue(self, seen: Look, now: float) -> list[sense.Event]:
        """The queue, its fence, and what the human mutes and pins; nothing anew while the spec can't be read."""
        if not seen.document.data:
            return []
        fence = seen.plan.fence
        told = fence is not None and fence.name != "checking"  # that is over in a moment, by itself
        name, words, item = (fence.name, fence.words, fence.item) if fence is not None and told else ("", "", "")
        gates = self._open("gate/")
        attention = [*self._open("mute/"), *self._open("pin/")]
        return [
            *sense.queue_events(seen.document, paused=words if name == "hold" else "", at=now),
            *sense.fence_events(name, words, self._open("fence/"), now, item),
            *sense.stuck_events({id: seen.plan.waits.get(id, "") for id in seen.plan.never}, self._open("stuck/"), now),
            *sense.attention_events(seen.document, attention, now),
            *sense.gate_events(seen.document, seen.turns, gates, now),
            sense.aim_event(seen.document, now),
            *sense.ahead_events(seen.plan.ahead, seen.plan.mud, self._open("ahead/"), now),
        ]

    def _gone(self, seen: Look, now: float) -> list[sense.Event]:
        """What was told of lines and items that the document has no more."""
        there = {item.id for item in seen.document.walk()}
        return [
            sense.Event(
                source="spec", kind=told.kind, key=told.key, state="closed", what="gone", at=now, item=told.item
            )
            for told in (family.latest for family in self.families.values() if family.open)
            if told.kind in ("failure", "pending", "queue.item") and told.item and told.item not in there
        ]

    def _correct(self, seen: Look) -> None:
        """Which corrections wait; looked up again only when the document or what was told has changed."""
        turns = [(item, turn.number, turn.running is None, turn.entry) for item, turn in seen.turns.items()]
        state = hash((seen.document.data, repr(turns)))
        if state != self.corrected:
            self.corrected, self.waiting = state, corrections.waiting(self.places, seen.document)

    def _told(self, *prefixes: str) -> list[sense.Event]:
        """What was said last of all that is open below these keys."""
        return [each.latest for each in self.families.values() if each.open and each.key.startswith(prefixes)]

    def _open(self, prefix: str) -> list[str]:
        return [event.key for event in self._told(prefix)]

    def _delegates(self, seen: Look, now: float) -> list[sense.Event]:
        rows: list[tuple[str, str, str, float]] = []
        events: list[sense.Event] = []
        for item, turn in seen.turns.items():
            state = seen.states[item]
            entry = seen.document.item(item)
            waits = entry is not None and entry.mark is Mark.OPEN and bool(entry.value("waits"))
            over = entry is None or entry.mark.over or (entry.mark in (Mark.DEFERRED, Mark.OPEN) and not waits)
            events += sense.route_events(turn, over=over, at=now)
            if over:
                events += sense.settled_events(item, now)
            else:
                rows.append((item, state.name, state.evidence, state.since))
                if turn.review is not None:
                    events += sense.verification_events(item, turn.review)
            events += self._ended(turn)
            events += self._loops(seen, turn, now)
        return [*sense.delegate_events(rows), *events]

    def _ended(self, turn: facts.Turn) -> list[sense.Event]:
        """The turn's end, if it was not told yet."""
        if turn.sentinel is None or (turn.item, turn.number) in self.ended:
            return []
        return sense.ended_events(turn.item, turn.number, turn.sentinel.outcome, turn.answer, turn.sentinel.at)

    def _closeouts(self, seen: Look, now: float) -> list[sense.Event]:
        """Items whose result was merged of late; before the queue tells of its next head."""
        merged = [turn for turn in seen.turns.values() if turn.merge is not None and now - turn.merge.at < RECENT]
        done = [turn for turn in merged if (entry := seen.document.item(turn.item)) and entry.mark is Mark.DONE]
        return [sense.closeout_event(turn.item, LANE, now) for turn in done]

    def _loops(self, seen: Look, turn: facts.Turn, now: float) -> list[sense.Event]:
        """Whether the item's delegate goes round; a reframe says which running ones were briefed with the old goal.

        An item that the human sent back goes on: what paused the loop is answered.
        """
        moved = works_on_the_old(self.places, turn, seen.document)
        entry = seen.document.item(turn.item)
        turns: Sequence[facts.Turn] = ()
        if entry is not None and entry.mark in (Mark.RUNNING, Mark.NEEDS_YOU, Mark.BLOCKED):
            turns = [*briefing.earlier(self.places, turn.item, turn.number), turn]
        row = turns if turn.number >= rounds.ROW else ()
        return [*loop_events(turn.item, row, goal_moved=moved, at=now), rethink_event(turn.item, turns, now)]
