"""When a row is worth an interruption: apart from its rank (salience, A3 and A4).

Only by tiers: what the head waits for and what is critical at once; a human's delegate, a stall, a conflict, a red that
was green within twenty seconds; anything else within two minutes, and no more than one of these in ten minutes.
"""

from __future__ import annotations

from collections import OrderedDict, deque

from cockpit.sense.ranker.family import Family

GAP = 600.0
"""Seconds that one interruption lasts for."""
MOST = 10
"""Interruptions in ten minutes, urgent ones among them."""
PLACES = 3
"""Rows that may notify: what is not among the first is not worth it."""
BAR = 1.6
"""Score below which nothing notifies by itself."""
WAITS = {"urgent": 0.0, "soon": 20.0, "later": 120.0}


class Notifier:
    """Remembers what was notified of, and when."""

    def __init__(self) -> None:
        self.told: OrderedDict[str, tuple[str, float]] = OrderedDict()
        """Family to the contract it was told with, and when."""
        self.since: dict[str, float] = {}
        self.active: set[str] = set()
        """Those that are told and still among the rows."""
        self.times: deque[float] = deque(maxlen=64)

    def rewind(self, now: float) -> None:
        """Nothing was told after `now`."""
        self.told = OrderedDict((key, (contract, min(at, now))) for key, (contract, at) in self.told.items())
        self.since = {key: min(at, now) for key, at in self.since.items()}
        self.times = deque((min(at, now) for at in self.times), maxlen=self.times.maxlen)

    def decide(self, rows: list[tuple[Family, float]], now: float) -> set[str]:
        """Keys of the families among the first `rows` that interrupt (or do so still)."""
        first = {family.key for family, _ in rows[:PLACES]}
        self.since = {key: at for key, at in self.since.items() if key in first}
        self.active &= {family.key for family, _ in rows}
        for family, score in rows[:PLACES]:
            since = self.since.setdefault(family.key, now)
            grade = tier(family, score)
            if family.key in self.active or not grade or now - since < WAITS[grade]:
                continue
            told = self.told.get(family.key)
            if told is not None and (told[0] == family.contract or now - told[1] < GAP):
                continue
            if sum(now - at < GAP for at in self.times) >= (MOST if grade == "urgent" else 1):
                continue
            self.told[family.key] = (family.contract, now)
            self.times.append(now)
            self.active.add(family.key)
            if len(self.told) > 500:
                self.told.popitem(last=False)
        return set(self.active)


def tier(family: Family, score: float) -> str:
    """How long an interruption may wait for a free moment; empty: it is not worth one."""
    if family.level == "critical" or family.marks.get("block", (0.0, ""))[0] >= 0.8:
        return "urgent"
    if score < BAR:
        return ""
    return "soon" if family.marks.keys() & {"needs", "stall", "conflict", "novel", "broken", "again"} else "later"
