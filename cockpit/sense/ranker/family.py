"""Families: all events of one key, the state they are in now, and the features that trackers found on them."""

from __future__ import annotations

from collections import OrderedDict, deque
from hashlib import blake2s

from cockpit.sense.events import Event, Level
from cockpit.sense.ranker.signal import VERSION
from cockpit.spec.targets import Subject

FAMILIES = 20_000
"""Families kept; beyond that a tenth is forgotten (`Families._forget` has the rule)."""
TARGETS = 60_000
"""Event ids that a mute, pin or accept may still name."""
EVIDENCE = 10
_SOME = 8


class Family:
    """What is known of one key. Trackers change it through the methods, so that its score is reckoned anew."""

    __slots__ = (
        "action", "base", "born", "brought", "closes", "count", "delegates", "dirty", "evidence", "first", "half",
        "hold", "id", "item", "jobs", "key", "kind", "last", "level", "liking", "marks", "muted", "name", "opens",
        "others", "paths", "pinned", "ready", "rule", "runs", "signature", "since", "source", "state", "status",
        "suspects", "telling", "terms", "tool", "under", "what", "woken",
    )  # fmt: skip

    def __init__(self, kind: str, key: str, name: str, event: Event) -> None:
        self.kind = kind
        self.key = key
        """Unique among all families."""
        self.name = name
        """What it is about, as the source calls it: mutes and pins name it so."""
        self.id = f"{VERSION}.{kind or 'event'}.{blake2s(key.encode(), digest_size=6).hexdigest()}"
        self.source = event.source
        self.what = event.what
        self.state = ""
        """As it is shown."""
        self.status = "quiet"
        """open, once (it only happened), resolved, quiet (nothing to tell)."""
        self.level: Level = "info"
        self.item = event.item
        self.action = event.action
        self.evidence = ""
        self.closes = ""
        self.first = event.at
        self.last = event.at
        self.since = event.at
        self.count = 0
        self.runs: dict[str, None] = {}
        self.jobs: dict[str, None] = {}
        self.delegates: dict[str, None] = {}
        self.paths: set[str] = set()
        self.telling: list[tuple[int, str]] = []
        self.others: deque[tuple[int, str]] = deque(maxlen=EVIDENCE)
        self.signature = ""
        self.marks: dict[str, tuple[float, str]] = {}
        self.suspects: tuple[str, ...] = ()
        self.tool = ""
        """The tool that says it, for taste."""
        self.rule = ""
        """What it found, as a mute names it: `ruff/E501`, or the tool alone."""
        self.opens = 0
        """How often it was opened."""
        self.born = ""
        """The run in which it turned red,"""
        self.brought = ""
        """and the change that is named for it."""
        self.under = ""
        """Key of the family that explains it: while that one is shown, this one is folded into it."""
        self.half = 3600.0
        """Seconds after which it weighs half."""
        self.ready = 0.0
        """Not shown before: time for what is wrong to heal by itself, and for its cause to be told."""
        self.hold = False
        """Never fades below the line while it is open (critical, or the head waits for it)."""
        self.pinned = False
        self.muted = False
        self.woken = ""
        self.liking: tuple[float, str] = (0.0, "")
        """What was learned from the human's acts, and of what."""
        self.dirty = True
        self.base = 0.0
        self.terms: tuple[tuple[str, float, str], ...] = ()

    @property
    def subject(self) -> Subject:
        """What it is about, as mutes and pins name it."""
        alone = next(iter(self.delegates)) if len(self.delegates) == 1 else ""
        return Subject((self.name, self.id), self.item, alone, self.source, self.rule, tuple(sorted(self.paths)))

    @property
    def blocks(self) -> bool:
        """Whether the head of a queue waits for it."""
        return self.marks.get("block", (0.0, ""))[0] >= 0.8

    @property
    def contract(self) -> str:
        """What a mute `until it changes` holds on to: level, error, how often it came again, how many say it."""
        members = len(self.jobs) + len(self.delegates)
        return f"{self.level}|{self.signature}|{self.opens}|{members.bit_length() // 2}"

    def mark(self, name: str, value: float, words: str) -> None:
        """Set one feature; 0 takes it away."""
        if value <= 0:
            if self.marks.pop(name, None) is not None:
                self.dirty = True
        elif self.marks.get(name) != (value, words):
            self.marks[name] = (value, words)
            self.dirty = True

    def touch(self, event: Event, *, tell: bool = False) -> None:
        """Take the event in as evidence: `tell` when it is a telling one."""
        self.count += 1
        self.last = max(self.last, event.at)
        if event.id or tell:
            self.cite(event.id, event.what, tell=tell)
        if event.run:
            _some(self.runs, event.run)
        if event.delegate:
            _some(self.delegates, event.delegate)
        if event.paths and len(self.paths) < 32:
            self.paths.update(event.paths)

    def cite(self, id: int, words: str, *, tell: bool) -> None:
        """Keep one line of evidence, the latest telling one first."""
        if tell:
            if any(known == id for known, _ in self.telling if id):
                return
            self.telling.insert(0, (id, words))
            del self.telling[EVIDENCE:]
        else:
            self.others.appendleft((id, words))

    @property
    def proof(self) -> list[tuple[int, str]]:
        """At most ten pieces of evidence, the most telling first; of the others no more than of these."""
        have = {id for id, _ in self.telling if id}
        others = [entry for entry in self.others if entry[0] not in have]
        return [*self.telling, *others[: len(self.telling) or EVIDENCE]][:EVIDENCE]

    def open(self, at: float, *, state: str = "", level: Level | None = None, once: bool = False) -> None:
        """It holds now (or happened once)."""
        status = "once" if once else "open"
        if self.status != status or (level is not None and level != self.level) or (state and state != self.state):
            if self.status != status or once:
                self.since = at
                self.opens += 1
            self.dirty = True
        self.status = status
        self.state = state or self.state
        if level is not None:
            self.level = level

    def close(self, at: float, state: str = "closed") -> None:
        """It holds no more. What it was stays for the case that it comes again."""
        if self.status != "resolved":
            self.status = "resolved"
            self.since = at
            self.state = state
            self.marks.clear()
            self.telling.clear()
            self.suspects = ()
            self.born = self.brought = ""
            self.under = ""
            self.woken = ""
            self.dirty = True


def _some(kept: dict[str, None], value: str) -> None:
    if value not in kept:
        if len(kept) >= _SOME:
            del kept[next(iter(kept))]
        kept[value] = None


class Families:
    """All families by key, the open ones apart, and which event belongs to which."""

    def __init__(self) -> None:
        self.all: OrderedDict[str, Family] = OrderedDict()
        self.live: dict[str, Family] = {}
        """Those that may be shown."""
        self.targets: OrderedDict[int, str] = OrderedDict()

    def __getitem__(self, key: str) -> Family:
        return self.all[key]

    def get(self, kind: str, name: str) -> Family | None:
        """The family of that kind and name, if it is known."""
        return self.all.get(f"{kind}:{name}")

    def opened(self, key: str) -> bool:
        """Whether the family of that key is shown."""
        family = self.live.get(key)
        return family is not None and family.status in ("open", "once")

    def of(self, event: Event, kind: str, name: str) -> Family:
        """The family of that kind and name, made when it is new."""
        key = f"{kind}:{name}"
        family = self.all.get(key)
        if family is None:
            family = self.all[key] = Family(kind, key, name, event)
            if len(self.all) > FAMILIES:
                self._forget()
        else:
            self.all.move_to_end(key)
        return family

    def tell(self, family: Family, event: Event, *, tell: bool = True) -> None:
        """The event belongs to the family and is evidence of it."""
        family.touch(event, tell=tell)
        self.own(event.id, family)

    def own(self, id: int, family: Family) -> None:
        """A mute of that event means this family."""
        if id:
            self.targets[id] = family.key
            if len(self.targets) > TARGETS:
                self.targets.popitem(last=False)

    def show(
        self, family: Family, at: float, *, state: str = "", level: Level | None = None, once: bool = False
    ) -> Family:
        """It holds: a candidate of the ranking from now on."""
        family.open(at, state=state, level=level, once=once)
        self.live[family.key] = family
        return family

    def close(self, key: str, at: float, state: str = "closed") -> None:
        """It holds no more."""
        family = self.all.get(key)
        if family is not None:
            family.close(at, state)
            if not family.pinned:
                self.live.pop(key, None)

    def _forget(self) -> None:
        """A tenth goes at once: what is closed first, then what only happened, then what is open; in each of these what
        was touched longest ago first, what is pinned, muted or holds up the head last."""
        newest = next(reversed(self.all))
        ranks: list[tuple[bool, int, int, str]] = []
        for place, (key, family) in enumerate(self.all.items()):
            worth = 0 if key not in self.live else 1 if family.status == "once" else 2
            ranks.append((family.pinned or family.muted or "block" in family.marks, worth, place, key))
        for _, _, _, key in sorted(ranks)[: FAMILIES // 10]:
            if key != newest:
                del self.all[key]
                self.live.pop(key, None)
