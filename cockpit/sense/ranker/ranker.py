"""The ranking: events in, ranked signals out. All it knows comes as events, so a replay ranks as it was ranked then."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence

import msgspec

from cockpit.sense.events import Event
from cockpit.sense.extract import Extractor, bare
from cockpit.sense.ranker.board import Board
from cockpit.sense.ranker.claims import Claims
from cockpit.sense.ranker.clock import AHEAD, rewind
from cockpit.sense.ranker.family import Family
from cockpit.sense.ranker.folding import fold
from cockpit.sense.ranker.jobs import Run
from cockpit.sense.ranker.kept import Kept
from cockpit.sense.ranker.lanes import Lanes
from cockpit.sense.ranker.loops import Loops
from cockpit.sense.ranker.notify import Notifier
from cockpit.sense.ranker.people import Mute, People
from cockpit.sense.ranker.results import Results
from cockpit.sense.ranker.runs import Runs
from cockpit.sense.ranker.scoring import LINE, PIN, chips, score, terms
from cockpit.sense.ranker.signal import Signal
from cockpit.sense.ranker.standing import SORTS, Standing
from cockpit.sense.ranker.stream import Streams

SEEN = 60_000
"""Events remembered by sender, number and words, so that what is delivered twice counts once. A sender that begins to
count anew says other words."""
READ = frozenset(
    {"test.result", "ci.run", "preflight", "session.check", "queue.state", "commit", "route.attempt", "pending"}
)
"""What is taken from plain text. Diagnostics are not: `diagnosis` reads all lines of a run for why it is red."""
DEEP = 60
"""Rows beyond those asked for that are looked at: some are muted or folded."""
FADED = 0.02
"""What only happened and weighs less is closed: nothing else would."""
KEEPS = 1.08
"""What stands in the list weighs this much more: neighbours don't change places for nothing."""


class Ranker:
    """Families of events, ranked by what needs a human now, each with its reasons."""

    def __init__(self) -> None:
        self.board = Board()
        self.runs = Runs(self.board)
        self.results = Results(self.board, self.runs)
        self.lanes = Lanes(self.board)
        self.claims = Claims(self.board)
        self.loops = Loops(self.board)
        self.streams = Streams(self.board)
        self.people = People(self.board)
        self.standing = Standing(self.board, self.lanes)
        self.extractor = Extractor()
        self.notifier = Notifier()
        self.shelf: list[Signal] = []
        """What mutes hold back, as it was at the last ranking."""
        self.seen: Kept[int, None] = Kept(SEEN)
        self.last: list[str] = []
        kinds: dict[str, Callable[[Event], object]] = {
            "log.line": self._line,
            "ci.run": self._run,
            "test.result": self.results.feed,
            "commit": self.board.changes.feed,
            "diff": self._diff,
            "agent.step": self.loops.step,
            "delegate.note": self.claims.note,
            "queue.state": self.lanes.state,
            "queue.item": self.lanes.item,
            "closeout": self.lanes.closeout,
            "pending": self.lanes.todo,
            "route.attempt": self.lanes.route,
            "bot.finding": self.standing.finding,
            "finding": self.standing.finding,
            "preflight": self.standing.check,
            "session.check": self.standing.check,
            "delegate.state": self.standing.delegate,
            "user.mute": self.people.mute,
            "user.pin": self.people.pin,
            "user.accept": self.people.accept,
            "user.correction": self._correction,
            "head": self._head,
            "turn": _nothing,
            "routing": _nothing,
        }
        self.kinds = kinds | dict.fromkeys(SORTS.keys() - kinds.keys(), self.standing.kind)
        self.kinds |= dict.fromkeys(("asks", "blocked", "died", "review", "silent", "finished"), self.standing.delegate)

    def feed(self, event: Event) -> Sequence[Event]:
        """Take in one event; gives what the words of a line say that a structured source would have sent.

        One that was delivered before changes nothing.
        """
        if event.id:
            key = hash((event.source, event.id, event.kind, event.key, event.state, event.what))
            if key in self.seen:
                return ()
            self.seen[key] = None
        if event.at > self.board.now:
            self.board.now = event.at
        told: list[Event] = []
        if event.kind == "log.line":
            told = self._read(event)
            if not event.run and (run := self.extractor.run(event)):
                event = msgspec.structs.replace(event, run=run)
        if event.run or not told:  # a line of a run is remembered besides: green runs say what is usual
            self._take(event)
        for each in told:
            self._take(each)
        return told

    def _read(self, line: Event) -> list[Event]:
        """What the words of a line say that a structured source would have sent; a run tells its own end."""
        told = self.extractor.read(line) or ()
        if line.run:
            return [each for each in told if each.kind in READ and each.kind != "ci.run"]
        return [each for each in told if each.kind in READ or each.kind == "environment"]

    def _take(self, event: Event) -> None:
        self.kinds.get(event.kind, self.standing.other)(event)

    def rank(self, now: float, most: int = 10) -> list[Signal]:
        """The signals worth a row at `now` (epoch seconds), the most urgent first, at most `most`.

        What is muted, folded into its cause, waits to heal, or weighs less than the line is not among them.
        """
        if self.board.now > now + AHEAD:
            rewind(now, self.board, self.runs, self.lanes, self.streams, self.people, self.notifier)
        self.board.now = max(self.board.now, now)
        for run in self.runs.settle(now):
            self._ended(run)
        self.board.acquit()
        self.people.expire(now)
        weighed = self._weighed(now, most + DEEP)
        self.shelf = []
        shown: list[tuple[Family, float]] = []
        mutes: dict[str, Mute] = {}
        for family, value in weighed:
            mute = self.people.muted(family)
            family.muted = mute is not None
            if mute is not None:
                mutes[family.key] = mute
            if mute is not None and not family.blocks:  # what the head waits for stays in sight
                self.shelf.append(self._signal(family, value, mute=mute))
            else:
                shown.append((family, value))
        rows, folded = fold(shown, {signal.key for signal in self.shelf})
        rows = rows[:most]
        self.last = [family.key for family, _ in rows]
        told = self.notifier.decide(rows, now)
        return [
            self._signal(
                family,
                value,
                notify=family.key in told,
                mute=mutes.get(family.key),
                folded=folded.get(family.key, 0),
            )
            for family, value in rows
        ]

    def _weighed(self, now: float, most: int) -> list[tuple[Family, float]]:
        kept = frozenset(self.last)
        found: list[tuple[float, float, str, Family, float]] = []
        for family in list(self.board.families.live.values()):
            if family.ready > now and not family.pinned:
                continue
            value = score(family, now)
            if family.hold or family.base > LINE / 2:
                liking, words = self.people.liking(family, now) if self.people.taste else (0.0, "")
                family.liking = liking, words
                if liking:
                    value = max(min(value, LINE), value + liking)  # it may move a row down, never away
            if value < LINE and not family.pinned:
                if family.status == "once" and value < FADED:  # it only happened, and long ago
                    self.board.families.close(family.key, now, "faded")
                continue
            order = value * KEEPS if family.key in kept else value
            if family.pinned:
                order += PIN
            found.append((order, -family.since, family.key, family, value))
        return [(family, value) for _, _, _, family, value in heapq.nlargest(most, found)]

    def _signal(
        self, family: Family, value: float, *, notify: bool = False, folded: int = 0, mute: Mute | None = None
    ) -> Signal:
        about = family.subject
        proof = family.proof
        lines = [family.evidence] if family.evidence else []
        return Signal(
            family=family.id,
            key=family.name,
            what=family.what,
            state=family.state,
            since=family.since,
            action=family.action,
            item=family.item,
            kind=family.kind,
            source=about.source,
            rule=about.rule,
            delegate=about.delegate,
            paths=about.paths,
            level=family.level,
            reasons=chips(family),
            terms=terms(family, value, self.board.now),
            evidence=tuple(dict.fromkeys([*lines, *(words for _, words in proof)])),
            events=tuple(dict.fromkeys(id for id, _ in proof if id)),
            first=family.first,
            last=family.last,
            count=family.count,
            suspects=family.suspects,
            closes=family.closes,
            pinned=family.pinned,
            blocks=family.blocks,
            notify=notify,
            score=round(value, 4),
            muted=(mute.reason or "muted") if mute is not None and not family.blocks else "",
            mute=mute.name if mute is not None else "",
            folded=folded,
        )

    def _run(self, event: Event) -> None:
        self._ended(self.runs.state(event))

    def _ended(self, run: Run | None) -> None:
        if run is not None and run.status == "passed":
            self.results.passed(run)
        elif run is not None:
            self.results.failed(run)

    def _line(self, event: Event) -> None:
        words = bare(event.what)
        if words != event.what:
            event = msgspec.structs.replace(event, what=words)
        if event.run:
            self.runs.line(event)
        else:
            self.streams.line(event)

    def _diff(self, event: Event) -> None:
        self.results.edit(event)
        if event.attrs.get("hunk"):
            self.claims.diff(event)

    def _correction(self, event: Event) -> None:
        if str(event.attrs.get("type", "")) == "decision" and event.key:
            self.claims.decide(event)
            self.board.families.close(f"user.correction:{event.key}", event.at, "decided")
        else:
            self.people.correct(event)

    def _head(self, event: Event) -> None:
        if not self.lanes.lanes:  # a queue that tells its states tells of its heads by them
            self.board.moved += bool(event.key)


def _nothing(_: Event) -> None:
    """The journal keeps it; it is no signal."""
