"""Delegates that disagree: in what they assume, and in the same lines of one file (R82)."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from itertools import pairwise

from cockpit.sense.events import Event
from cockpit.sense.ranker.board import Board

TOPICS = 4000
ROUNDS = 12
SCALE = 4
"""Times the word must go round to weigh full."""


@dataclass(slots=True)
class Topic:
    """What was said of one topic: who, what, where."""

    said: deque[tuple[str, str, frozenset[str]]] = field(default_factory=lambda: deque(maxlen=ROUNDS))
    decided: str = ""


class Claims:
    """Takes in assumptions, decisions and hunks."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.topics: OrderedDict[str, Topic] = OrderedDict()
        self.hunks: OrderedDict[tuple[str, str], deque[tuple[str, str, str, int, str]]] = OrderedDict()

    def note(self, event: Event) -> None:
        """A delegate assumes something."""
        if event.attrs.get("type", "assumption") not in ("assumption", "claim") or not event.attrs.get("claim"):
            return
        topic = self.topics.get(event.key)
        if topic is None:
            topic = self.topics[event.key] = Topic()
            if len(self.topics) > TOPICS:
                self.topics.popitem(last=False)
        claim = str(event.attrs["claim"])
        who = event.delegate or event.source
        paths = frozenset(event.paths)
        if topic.said and topic.said[-1][:2] == (who, claim):
            pass  # said again: no news
        else:
            topic.said.append((who, claim, paths))
        families = self.board.families
        family = families.of(event, "assumption", event.key)
        families.tell(family, event)
        rounds = alternations(topic)
        last = {who: (claim, paths) for who, claim, paths in topic.said}
        if topic.decided and claim == topic.decided:
            rounds = 0
        claims = {claim for claim, _ in last.values()}
        if len(claims) < 2 or rounds < 1:
            if family.status == "open" and len(claims) < 2:
                families.close(family.key, event.at, "agreed")
            return
        people = len(last)
        family.what = f"{event.key}: {' or '.join(sorted(claims))}?"
        family.action = "decide"
        family.closes = f"a decision on {event.key}"
        families.show(family, event.at, state="open question", level="warning" if rounds > 1 else "info")
        more = f", {rounds} rounds" if rounds > 1 else ""
        against = " against a decision" if topic.decided else ""
        family.mark("conflict", min(1.0, rounds / SCALE), f"{people} delegates disagree{against}{more}")
        if rounds > 1:
            family.since = max(family.since, event.at) if rounds in (2, 4, 8) else family.since

    def decide(self, event: Event) -> None:
        """The human decided: the question is closed, and what is said against it later is a new one."""
        topic = self.topics.setdefault(event.key, Topic())
        topic.decided = str(event.attrs.get("claim", ""))
        topic.said.clear()
        self.board.families.close(f"assumption:{event.key}", event.at, "decided")

    def diff(self, event: Event) -> None:
        """A hunk of a file was changed by a delegate."""
        hunk, before, after = (str(event.attrs.get(name, "")) for name in ("hunk", "before", "after"))
        if not hunk or (not before and not after):
            return
        path = event.paths[0] if event.paths else event.what.partition(":")[0]
        key = (path.rsplit("/", 1)[-1], hunk)
        ring = self.hunks.get(key)
        if ring is None:
            ring = self.hunks[key] = deque(maxlen=ROUNDS)
            if len(self.hunks) > TOPICS:
                self.hunks.popitem(last=False)
        if ring and ring[-1][3] == event.id and event.id:
            return
        ring.append((event.delegate, before, after, event.id, event.what))
        rounds = sum(
            a[0] != b[0] and (b[2] == a[1] or b[2] in {c[2] for c in list(ring)[:place]})
            for place, (a, b) in enumerate(pairwise(ring))
        )
        if rounds < 1:
            return
        families = self.board.families
        family = families.of(event, "hunk", f"{path}: {hunk}")
        people = len({entry[0] for entry in ring})
        family.what = f"{path}, {hunk}: changed back and forth"
        family.action = "decide"
        family.closes = "a decision, or another change there"
        family.touch(event)
        for _, _, _, id, words in ring:
            family.cite(id, words, tell=True)
            families.own(id, family)
        families.show(family, event.at, state="edit war", level="warning" if rounds > 1 else "info")
        family.mark("conflict", min(1.0, rounds / SCALE), f"{people} delegates revert each other, ×{rounds + 1}")


def alternations(topic: Topic) -> int:
    """How often the next to speak was another, with another claim, about files that both mean."""
    said = list(topic.said)
    return sum(a[0] != b[0] and a[1] != b[1] and not (a[2] and b[2] and not a[2] & b[2]) for a, b in pairwise(said))
