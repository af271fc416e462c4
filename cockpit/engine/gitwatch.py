"""Watching git: what came to the target and to the delegates' branches, what they lost, which of them conflict.

Level-triggered: it compares where the branches stand with where they stood, so that a pass in which none moved reads
a few small files and starts no process. What was told last is in `.cockpit/git.json`; without it, only what delegates
did since their dispatch is told.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from urllib.parse import quote

import msgspec

from cockpit import cache, facts, persist
from cockpit.clean import line
from cockpit.engine.look import Look
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist.clash import Clash, clashes
from cockpit.persist.heads import heads
from cockpit.persist.objects import store
from cockpit.persist.since import Commit, since
from cockpit.sense import Event
from cockpit.sense.sources.branches import Move, Side, back_event, clash_events, move_event
from cockpit.sense.sources.commits import commit_events, diff_event, git_events
from cockpit.spec import Mark

FILE = "git.json"
BRANCHES = 50
"""Delegates' branches under way that are compared with the target, the newest; pairs of them likewise."""
FORECASTS = 100
"""Pairs forecast in one pass; the rest in the next."""
KEPT = 5000
"""Forecasts remembered."""
_UNDER_WAY = (Mark.RUNNING, Mark.NEEDS_YOU, Mark.BLOCKED)


class Memory(msgspec.Struct, omit_defaults=True):
    """`git.json`: what was told of git last. Refs are percent-encoded, for they may be any bytes."""

    home: str = ""
    """The branch the spec was on."""
    tips: dict[str, str] = {}
    lost: dict[str, str] = {}
    """Ref to the commit that it had before it lost some: told until it has that again."""
    at: float = 0.0


@dataclass(slots=True)
class News:
    """What a pass found: `happened` is told once, `holds` is compared with what was told before."""

    happened: list[Event] = field(default_factory=list[Event])
    holds: list[Event] = field(default_factory=list[Event])


class GitWatch:
    """Remembers where branches stood and which pairs were tried."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.path = places.local / FILE
        self.memory = cache.load(self.path, Memory) or Memory()
        self.tried: dict[tuple[str, str], Clash | None] = {}
        self.grounds: dict[str, str] = {}
        """The commits of target and home that branches are tried against: steering commits change nothing for them."""
        self.trouble: list[str] = []
        """What keeps it from reading now."""

    def news(self, seen: Look, known: Sequence[str], now: float) -> News:
        """What happened in git since the last pass. `known` are the keys of the conflicts that are open.

        Never raises: what git could not tell is in `trouble`, and asked again when something moves.
        """
        news = News()
        self.trouble = []
        before = msgspec.json.encode(self.memory)
        turns = [turn for turn in seen.turns.values() if turn.home == seen.home and not _over(seen, turn)]
        try:
            stand = heads(self.places, [*map(_ref, turns), seen.home, seen.target])
        except CockpitError as error:
            self.trouble = [line(str(error), 200)]
            return news
        for ref in dict.fromkeys((seen.target, seen.home)):
            with self._telling():
                self._target(ref, seen, stand, news, now)
        self.memory.home = _key(seen.home)
        for turn in turns:
            with self._telling():
                self._branch(turn, stand, seen, news, now)
        self._forget(seen, turns)
        with self._telling():
            news.holds += self._clashes(seen, turns, stand, known, now)
        if msgspec.json.encode(self.memory) != before:
            self.memory.at = now
            with contextlib.suppress(CockpitError):  # a full disk: told once more after the next start
                cache.save(self.path, self.memory)
        return news

    @contextlib.contextmanager
    def _telling(self) -> Generator[None]:
        try:
            yield
        except CockpitError as error:
            self.trouble.append(line(str(error), 200))

    def _target(self, ref: str, seen: Look, stand: Mapping[str, str], news: News, now: float) -> None:
        """News of the branch that results go to, or of the one that the spec is on."""
        key, new = _key(ref), stand.get(ref, "")
        if not new:
            return
        old = self.memory.tips.get(key, "") if self.memory.home == _key(seen.home) else ""
        self.memory.tips[key] = new
        if not old or ref not in self.grounds:
            self.grounds[ref] = new
        if not old or old == new:
            return
        name = _short(ref)
        known = [old] if ref == seen.target else [old, *filter(None, [seen.tip])]  # what is landed was told before
        came = since(self.places, new, known)
        grew = self._moved(ref, "", old, new, came, news, now)
        told = [commit for commit in came if not commit.by or not self._steering(commit)]
        if told or not grew:
            self.grounds[ref] = new
        merges = {turn.merge.commit: turn.item for turn in seen.turns.values() if turn.merge is not None}
        news.happened += self._commits(name, told, lambda commit: merges.get(commit.id, ""), now)
        news.happened += git_events(line(name, 60), [commit for commit in told if not commit.by], now)

    def _steering(self, commit: Commit) -> bool:
        return all(file.path == self.places.spec_name for file in commit.files)

    def _branch(self, turn: facts.Turn, stand: Mapping[str, str], seen: Look, news: News, now: float) -> None:
        ref, item = _ref(turn), turn.item
        key, new = _key(ref), stand.get(ref, "")
        old = self.memory.tips.get(key, turn.dispatch.base)
        if not new:
            self._gone(turn, seen, news, now)
            return
        self.memory.tips[key] = new
        if new == old:
            self._again(ref, item, new, news, now)
            return
        came = since(self.places, new, [old, *filter(None, [seen.tip])])
        self._moved(ref, item, old, new, came, news, now)
        news.happened += self._commits(turn.dispatch.branch, came, lambda _: item, now)
        diff = diff_event(item, came, now)
        if diff is not None:
            news.happened.append(diff)

    def _gone(self, turn: facts.Turn, seen: Look, news: News, now: float) -> None:
        """The branch is not there: lost is what it had and the target lacks."""
        ref = _ref(turn)
        old = self.memory.tips.get(_key(ref), "")
        if old and _key(ref) not in self.memory.lost:
            lost = since(self.places, old, list(filter(None, [seen.tip])), files=False)
            if lost:
                self.memory.lost[_key(ref)] = old
                move = Move(line(_short(ref), 80), turn.item, old, "", tuple(lost))
                news.holds.append(move_event(move, self.places.root, now))

    def _moved(self, ref: str, item: str, old: str, new: str, came: Sequence[Commit], news: News, now: float) -> bool:
        """Whether the branch only grew. If not, what it has lost is told; once it has that again, that is told."""
        grew = bool(came) and came[-1].parents[:1] == (old,)  # by first parents, nothing was left out: no need to ask
        lost = [] if grew else since(self.places, old, [new], files=False)
        if not lost:
            self._again(ref, item, new, news, now, grew=bool(came))
            return True
        told = move_event(Move(line(_short(ref), 80), item, old, new, tuple(lost), tuple(came)), self.places.root, now)
        if not told.state:
            news.happened.append(told)
        else:
            news.holds.append(told)
            self.memory.lost[_key(ref)] = old
        return False

    def _again(self, ref: str, item: str, new: str, news: News, now: float, *, grew: bool = False) -> None:
        """Close what was told of lost commits once the branch has them again, or a delegate's has others instead: that
        is a rewriting, seen in two steps.
        """
        old = self.memory.lost.get(_key(ref))
        if not old:
            return
        words = "it has all its commits again" if persist.is_merged(self.places, old, new) else ""
        words = words or ("its delegate made its commits anew" if item and grew else "")
        if words:
            del self.memory.lost[_key(ref)]
            news.holds.append(back_event(line(_short(ref), 80), item, words, now))

    def _commits(
        self, branch: str, commits: Sequence[Commit], whose: Callable[[Commit], str], now: float
    ) -> list[Event]:
        def read(blob: str) -> bytes | None:
            found = store(self.places).read(blob)
            return found[1] if found is not None else None

        return commit_events(line(branch, 60), commits, read, whose, after=self.memory.at, at=now)

    def _forget(self, seen: Look, turns: Sequence[facts.Turn]) -> None:
        """Branches whose items are over are watched no more."""
        there = {_key(seen.home), _key(seen.target), *(_key(_ref(turn)) for turn in turns)}
        for kept in (self.memory.tips, self.memory.lost):
            for ref in kept.keys() - there:
                del kept[ref]

    def _clashes(
        self, seen: Look, turns: Sequence[facts.Turn], stand: Mapping[str, str], known: Sequence[str], now: float
    ) -> list[Event]:
        """The pairs that conflict now; at most `FORECASTS` pairs not tried before are tried."""
        sides = [
            Side(turn.item, turn.item, turn.dispatch.branch, stand[_ref(turn)], turn.sentinel is None)
            for turn in turns
            if stand.get(_ref(turn), turn.dispatch.base) != turn.dispatch.base and _mark(seen, turn) in _UNDER_WAY
        ][-BRANCHES:]
        trunks = [
            Side(line(_short(ref), 60), "", _short(ref), self.grounds[ref])
            for ref in dict.fromkeys((seen.target, seen.home))
            if ref in self.grounds
        ]
        pairs = [(trunks[0], side) for side in reversed(sides)] if trunks else []
        pairs += [(home, feature) for feature, home in pairwise(trunks)]
        pairs += [(one, other) for other, one in combinations(reversed(sides), 2)]
        wanted = list(dict.fromkeys((ours.tip, theirs.tip) for ours, theirs in pairs))
        fresh = [tips for tips in wanted if tips not in self.tried][:FORECASTS]
        if fresh:
            self.tried |= clashes(self.places, fresh)
            for tips in [tips for tips in self.tried if tips not in wanted][: len(self.tried) - KEPT]:
                del self.tried[tips]
        return clash_events(pairs, self.tried, known, now)


def _ref(turn: facts.Turn) -> str:
    return f"refs/heads/{turn.dispatch.branch}"


def _short(ref: str) -> str:
    return ref.removeprefix("refs/heads/")


def _mark(seen: Look, turn: facts.Turn) -> Mark | None:
    item = seen.document.item(turn.item)
    return item.mark if item is not None else None


def _over(seen: Look, turn: facts.Turn) -> bool:
    mark = _mark(seen, turn)
    return mark is None or mark.over


def _key(ref: str) -> str:
    return quote(os.fsencode(ref))
