"""Delegates that go round: the same step, the same error, again and again (R93, R121 to R124)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from cockpit.sense.events import Event
from cockpit.sense.ranker.board import Board
from cockpit.sense.ranker.masks import mask

LOOP = 4
"""The same error this many times in a row is a loop: one is work, two are a retry, three are a bad day."""
SCALE = 8
_NUMBER = re.compile(r"\d{1,15}")


@dataclass(slots=True)
class Steps:
    """The last steps of one delegate that failed alike."""

    error: str = ""
    numbers: list[int] = field(default_factory=list[int])
    count: int = 0
    proof: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])


class Loops:
    """Takes in the steps of delegates."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.steps: dict[str, Steps] = {}

    def step(self, event: Event) -> None:
        """A tool call ended."""
        who = event.delegate or event.source
        steps = self.steps.get(who)
        if steps is None:
            steps = self.steps[who] = Steps()
            if len(self.steps) > 1000:
                del self.steps[next(iter(self.steps))]
        if event.state in ("ok", "pass", "done", ""):
            self._end(who, steps, event.at)
            return
        out = str(event.attrs.get("err") or event.attrs.get("out") or "")
        error = f"{mask(event.what)} | {mask(out)}"
        numbers = [int(number) for number in _NUMBER.findall(out)[:4]]
        if error != steps.error or falls(steps.numbers, numbers):
            self._end(who, steps, event.at)
        steps.error = error
        steps.numbers = numbers
        steps.count += 1
        steps.proof.append((event.id, f"{event.what}: {out}"))
        del steps.proof[:-10]
        if steps.count < LOOP:
            return
        families = self.board.families
        family = families.of(event, "loop", f"delegate/{who}")
        family.what = f"{who}: {event.what}: {out}"
        family.signature = error
        family.item = event.item
        family.action = "interrupt"
        family.closes = "a step with another outcome"
        family.delegates = {who: None}
        family.touch(event)
        for id, words in steps.proof:
            family.cite(id, words, tell=True)
            families.own(id, family)
        families.show(family, event.at, state="loops", level="warning")
        if steps.count in (LOOP, SCALE, 2 * SCALE):
            family.since = event.at
        family.mark("loop", min(1.0, steps.count / SCALE), f"same error ×{steps.count}")

    def _end(self, who: str, steps: Steps, at: float) -> None:
        if steps.count >= LOOP:
            self.board.families.close(f"loop:delegate/{who}", at, "gets on")
        steps.error = ""
        steps.numbers = []
        steps.count = 0
        steps.proof = []


def falls(before: list[int], after: list[int]) -> bool:
    """Whether the first number that changed got smaller: 14 failed, 11 failed, 9 failed is getting on."""
    return next((b < a for a, b in zip(before, after, strict=False) if a != b), False)
