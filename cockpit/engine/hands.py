"""The hands of the engine: steps carried out beside each other, one an item at a time, none tried in a rush."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from cockpit import facts, select, verify
from cockpit.clean import line
from cockpit.engine import carry
from cockpit.engine.edges import Edges
from cockpit.engine.look import Look
from cockpit.errors import CockpitError
from cockpit.paths import Places

FIRST = 2.0
"""Seconds before a step that failed is tried again with nothing changed; then doubled."""
PATIENCE = 60.0
"""The longest such pause, seconds."""
GRACE = 5.0
"""Seconds that steps under way may take to end when the engine stops."""
HANDS = 16
"""Steps carried out at once."""

log = logging.getLogger("cockpit.engine")


@dataclass(slots=True)
class Tried:
    """A step that was done and is planned again: not repeated before `until`, unless the world has changed."""

    world: int
    until: float
    pause: float


class Hands:
    """Carries out steps. `done` is called, in the loop, whenever one has ended."""

    def __init__(self, places: Places, done: Callable[[], None]) -> None:
        self.places, self.done = places, done
        self.pool = ThreadPoolExecutor(HANDS, "step")
        """Apart from the threads that look: six long verifications must not keep the engine from seeing."""
        self.tasks: dict[str, asyncio.Task[None]] = {}
        self.ended: dict[str, float] = {}
        """When the last step of an item ended."""
        self.tried: dict[tuple[str, str, int], Tried] = {}
        self.trouble: dict[str, str] = {}
        """Item to why its step could not be done, in words."""
        self.edges = Edges()

    def see(self, seen: Look, looked: float) -> None:
        """Begin what a look plans, and forget the trouble of what it plans no more."""
        self.edges.see(seen)
        for step in seen.plan.steps:
            self.begin(seen, step, looked)
        planned = {about(step)[0] for step in seen.plan.steps}
        self.trouble = {item: words for item, words in self.trouble.items() if item in planned or item in self.tasks}

    def begin(self, seen: Look, step: select.Step, looked: float) -> None:
        """Carry a step out, unless its item is busy, it goes beyond the table of states, or it was just tried.

        `looked` is when the look began, of the monotonic clock: what was seen before an item's last step ended is old.
        """
        item, number = about(step)
        if item in self.tasks or self.ended.get(item, 0.0) >= looked:
            return
        if words := self.edges.refuse(seen, step, item):
            self.trouble[item] = f"{item}: {type(step).__name__.lower()} refused: {words}"
            return
        key = (type(step).__name__, item, number)
        world = hash((seen.document.data, seen.home_tip, seen.tip, seen.turns.get(item) and repr(seen.turns[item])))
        tried = self.tried.get(key)
        if tried is not None and tried.world == world and time.monotonic() < tried.until:
            return
        pause = min(tried.pause * 2, PATIENCE) if tried is not None and tried.world == world else FIRST
        self.tried[key] = Tried(world, time.monotonic() + pause, pause)
        self.tasks[item] = asyncio.create_task(self._carry(seen, step, item))

    async def _carry(self, seen: Look, step: select.Step, item: str) -> None:
        try:
            hand = asyncio.get_running_loop().run_in_executor(self.pool, carry.carry, self.places, seen, step)
            words = await hand
            self.trouble.pop(item, None)
            log.info("%s %s", type(step).__name__.lower(), line(words, 500))
        except verify.Cut:
            log.info("the verification of %s was cut short; it runs again with the next engine", item)
        except CockpitError as error:
            self.trouble[item] = f"{item}: {line(str(error), 200)}"
            log.warning("%s %s", type(step).__name__.lower(), line(str(error), 500))
        except Exception as error:
            self.trouble[item] = f"{item}: {type(error).__name__} in the engine, see .cockpit/engine.log"
            log.exception("%s %s", type(step).__name__.lower(), item)
        finally:
            self.tasks.pop(item, None)
            self.ended[item] = time.monotonic()
            self.done()

    def due(self) -> bool:
        """Whether a step that failed may be tried again."""
        return any(time.monotonic() >= tried.until for tried in self.tried.values() if tried.pause < PATIENCE)

    def forget(self) -> None:
        """Let go of what was tried long ago."""
        now = time.monotonic()
        self.tried = {key: tried for key, tried in self.tried.items() if now < tried.until + PATIENCE}

    async def close(self) -> None:
        """Let what is under way end: each step is safe to cut, none need be."""
        if self.tasks:
            await asyncio.wait(self.tasks.values(), timeout=GRACE)
        self.pool.shutdown(wait=False, cancel_futures=True)


def about(step: select.Step) -> tuple[str, int]:
    """The item and the turn a step is about."""
    match step:
        case select.Whole(landing) | select.Land(landing):
            return landing.name, 0
        case select.Measure():
            return "the measured goal", 0
        case select.Drive(gauge):
            return gauge.measure.id, len(gauge.history)
        case select.Prove(base):
            return f"the tip of {base.name}", 0
        case select.Name(item) | select.Follow(item, _, _) | select.Question(item, _) | select.Wake(item, _):
            return item.id, 0
        case select.Scope(item, turn, _) | select.Dispatch(item, turn, _) | select.Recheck(item, turn):
            return item.id, turn
        case select.Opine(turn, item, _):
            return f"{item.id}{facts.WHO}", turn.number
        case select.Interrupt(turn) | select.Deliver(turn, _) | select.Hear(turn):
            return turn.item, turn.number
        case select.Ask(turn, item, _) | select.Settle(turn, item, _, _) | select.Permit(turn, item, _, _):
            return item.id, turn.number
        case select.Park(turn, item, _, _, _):
            return item.id, turn.number if turn else 0
        case (
            select.Again(turn, item, _)
            | select.Review(turn, item)
            | select.Merge(turn, item)
            | select.Verdict(item, turn, _)
        ):
            return item.id, turn.number
        case select.Halt(turn, item, _):
            return item.id, turn.number
