"""Lines that belong to no run: errors that are new, or far above their usual rate; never what is always there."""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass

from cockpit.sense.events import Event
from cockpit.sense.ranker.board import Board
from cockpit.sense.ranker.kept import Kept
from cockpit.sense.ranker.masks import environment, grade, mask

KINDS = 8192
COLD = 300.0
"""Seconds that a stream is listened to before an error of it can be new."""
CHRONIC = 4
"""Times, over more than a minute, after which it is always there."""
WINDOW = 120.0
SLOW = 1800.0
BURST = 5.0
"""How far above its usual rate, in standard deviations, errors must come."""


@dataclass(slots=True)
class Rate:
    """How often one masked line comes."""

    first: float
    last: float
    count: int = 0
    usual: float = 0.0
    """Expected in one window, slowly learned."""
    window: float = 0.0
    recent: int = 0


class Streams:
    """Takes in lines without a run."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.rates: OrderedDict[str, Rate] = OrderedDict()
        self.calm: OrderedDict[str, None] = OrderedDict()
        """Masked lines that were no errors."""
        self.began: Kept[str, float] = Kept(2000)

    def line(self, event: Event) -> None:
        """One line. What was said before without being an error is nothing new when it is one."""
        level = grade(event.what, event.level)
        if level not in ("error", "critical"):
            self.calm[mask(event.what)] = None
            if len(self.calm) > KINDS:
                self.calm.popitem(last=False)
            return
        began = self.began.setdefault(event.source, event.at)
        key = f"{event.source}: {mask(event.what)}"
        rate = self.rates.get(key)
        if rate is None:
            rate = self.rates[key] = Rate(event.at, event.at, window=event.at)
            if len(self.rates) > KINDS:
                self.rates.popitem(last=False)
        rate.count += 1
        rate.last = event.at
        surprise = self._surprise(rate, event.at)
        chronic = rate.count >= CHRONIC and event.at - rate.first > 60
        broken = environment(event.what)
        fresh = event.at - began > COLD and event.at - rate.first < 120 and not chronic
        fresh = fresh and mask(event.what) not in self.calm
        root = self.board.families.get("environment", broken) if broken else None
        if root is not None and root.status == "open" and not chronic:
            self.board.families.tell(root, event, tell=False)
            return
        family = self.board.families.get("line", key)
        if family is None and not fresh and surprise < BURST:
            return
        family = self.board.families.of(event, "line", key)
        family.what = event.what
        family.closes = "time"
        family.half = 300.0
        self.board.families.tell(family, event)
        if fresh or surprise >= BURST:
            self.board.families.show(
                family, event.at, state="new" if fresh else "burst", level=level, once=family.status != "once"
            )
        family.mark("burst", min(1.0, surprise / 10) if surprise >= BURST else 0.0, f"{rate.recent} in 2 minutes")
        family.mark("chronic", 1.0 if chronic and surprise < BURST else 0.5, f"{rate.count} times before")

    def _surprise(self, rate: Rate, at: float) -> float:
        passed = at - rate.window
        if passed >= WINDOW:
            share = max(1 - math.exp(-passed / SLOW), passed / (at - rate.first + 1))  # at first: the mean so far
            rate.usual += share * (rate.recent * WINDOW / passed - rate.usual)
            rate.window = at
            rate.recent = 0
        rate.recent += 1
        if rate.recent < 20 or at - rate.first < 5 * WINDOW:
            return 0.0
        return (rate.recent - rate.usual) / math.sqrt(rate.usual + 1)
