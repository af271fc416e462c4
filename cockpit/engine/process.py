"""The engine's process: one per repository, woken by change, killed at any instant without harm."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import logging
import os
import signal
import time
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from logging.handlers import RotatingFileHandler
from pathlib import Path

from cockpit import select, verify
from cockpit.clean import line
from cockpit.engine import carry, spending, telling
from cockpit.engine.edges import Edges
from cockpit.engine.health import EVERY
from cockpit.engine.intake import Intake
from cockpit.engine.look import Look, look
from cockpit.engine.screens import Screens
from cockpit.engine.senses import Senses
from cockpit.engine.show import glance, snapshot
from cockpit.engine.ticking import tick
from cockpit.engine.waking import Deaths, changes, inode, signature, whole
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.spec import Document

SWEEP = 2.0
"""Seconds between looks at the few known files: catches what the kernel's watch loses (limits-substrate 5)."""
WHOLE = 15
"""Sweeps between two looks at all facts: the kernel's watch tells of them and of a runner's death at once, and of what
changes with time alone the engine knows when."""
PULSE = 0.25
"""Seconds between two pictures when events come between the passes."""
PATIENCE = 60.0
"""Longest pause, seconds, before a step that failed is tried again with nothing changed."""
GRACE = 5.0
"""Seconds that steps under way may take to end when the engine stops."""
HANDS = 16
"""Steps carried out at once."""

log = logging.getLogger("cockpit.engine")


def run(places: Places, *, ready: Callable[[], None] | None = None) -> None:
    """Be the engine of this repository until SIGTERM or `cockpit stop`.

    Raises CockpitError when another engine holds the lock or `.cockpit/` cannot be written.
    """
    places.make()
    with lock(places):
        handler = RotatingFileHandler(places.local / "engine.log", maxBytes=1_000_000, backupCount=1)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        log.addHandler(handler)
        log.setLevel(logging.INFO)
        try:
            asyncio.run(Engine(places).live(ready))
        finally:
            log.removeHandler(handler)
            handler.close()


@contextlib.contextmanager
def lock(places: Places) -> Generator[None]:
    """Hold `engine.lock`; the kernel lets it go whatever kills us. Raises CockpitError when somebody else has it."""
    try:
        handle = os.open(places.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise CockpitError(f"cannot write: {error.strerror}", where=str(places.lock)) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid = os.pread(handle, 32, 0).decode(errors="replace").split("\n")[0]
            raise CockpitError(
                f"an engine runs here already (process {pid})", where=str(places.root), remedy="cockpit stop ends it"
            ) from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n{places.spec}\n".encode(), 0)
        yield
    finally:
        os.close(handle)


@dataclass(slots=True)
class Tried:
    """A step that was done and is planned again: not repeated before `until`, unless the world has changed."""

    world: int
    until: float
    pause: float


class Engine:
    """Looks when woken, carries out what the plan says, one step an item at a time, and publishes."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.lock = inode(places.lock)
        self.senses = Senses(places)
        self.heard = asyncio.Event()
        """Events came between two passes."""
        self.spooled = asyncio.Event()
        self.intake = Intake(places.events, self.senses.hear, self._heard)
        self.loop: asyncio.AbstractEventLoop | None = None
        self.dirty = asyncio.Event()
        self.screens = Screens(places, self.senses, self.dirty.set)
        self.stop = asyncio.Event()
        self.document: Document | None = None
        self.hands = ThreadPoolExecutor(HANDS, "step")
        """Apart from the threads that look: six long verifications must not keep the engine from seeing."""
        self.tasks: dict[str, asyncio.Task[None]] = {}
        self.ended: dict[str, float] = {}
        """When the last step of an item ended: what was seen before that is old."""
        self.tried: dict[tuple[str, str, int], Tried] = {}
        self.trouble: dict[str, str] = {}
        self.edges = Edges()
        self.looked: Look | None = None
        """The last look."""
        self.deaths = Deaths(self.dirty.set)
        self.alarm: asyncio.TimerHandle | None = None
        """The one moment at which something changes by itself."""

    async def live(self, ready: Callable[[], None] | None = None) -> None:
        """Run until asked to stop. Steps under way are finished first: each is safe to cut, none need be."""
        loop = self.loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            loop.add_signal_handler(number, self.stop.set)
        await self.screens.server.open()
        self.intake.open()
        log.info("engine %s for %s", os.getpid(), self.places.spec)
        watchers = [
            asyncio.create_task(self._watch([self.places.spec.parent, self.places.git_dir], recursive=False)),
            asyncio.create_task(
                self._watch([self.places.local, self.places.common_dir / "refs" / "heads"], recursive=True)
            ),
            asyncio.create_task(self._sweep()),
            asyncio.create_task(self._hear()),
            asyncio.create_task(self._turns()),
            asyncio.create_task(self._spool()),
            asyncio.create_task(self._pulses()),
            asyncio.create_task(self._fitness()),
        ]
        self.dirty.set()
        if ready is not None:
            ready()
        try:
            stopping = asyncio.create_task(self.stop.wait())
            done, _ = await asyncio.wait([stopping, *watchers], return_when=asyncio.FIRST_COMPLETED)
            for task in done - {stopping}:
                task.result()
        finally:
            for task in watchers:
                task.cancel()
            await asyncio.gather(*watchers, return_exceptions=True)
            verify.cut()
            if self.tasks:
                await asyncio.wait(self.tasks.values(), timeout=GRACE)
            self.hands.shutdown(wait=False, cancel_futures=True)
            self.deaths.close()
            await asyncio.to_thread(self.intake.close)
            await self.screens.server.close()
            self.senses.close()
            log.info("engine %s ends; delegates stay", os.getpid())

    async def _turns(self) -> None:
        while True:
            await self.dirty.wait()
            self.dirty.clear()
            try:
                await self._turn()
            except CockpitError as error:
                log.warning("%s", line(str(error), 500))
                self.screens.complain(line(str(error), 200))
            except Exception as error:
                # A bug must not stop the loop: it is told on the screen and in the log, the next change tries again.
                log.exception("a turn failed")
                self.screens.complain(f"{type(error).__name__} in the engine, see .cockpit/engine.log")
            await asyncio.sleep(0.02)

    async def _turn(self) -> None:
        begun = time.monotonic()
        seen = await asyncio.to_thread(look, self.places, self.document, time.time(), self.senses.pause)
        if seen.readable and await asyncio.to_thread(spending.note, self.places, seen.document.controls.loop):
            seen = await asyncio.to_thread(look, self.places, seen.document, time.time(), self.senses.pause)
        self.document = seen.document
        await asyncio.to_thread(carry.catch_up, self.places, seen)
        waiting = await asyncio.to_thread(tick, self.places, seen)
        await asyncio.to_thread(telling.tell, self.places, seen)
        self.edges.see(seen)
        for step in seen.plan.steps:
            if self.ended.get(about(step)[0], 0.0) < begun:
                self._begin(seen, step)
        planned = {about(step)[0] for step in seen.plan.steps}
        self.trouble = {item: words for item, words in self.trouble.items() if item in planned or item in self.tasks}
        self.looked = seen
        self._wake_at(seen.wake)
        living = (turn for turn in seen.turns.values() if not seen.states[turn.item].over)
        self.deaths.watch(turn.running for turn in living if turn.running is not None)
        self.screens.see(seen, (*self.trouble.values(), *waiting))
        pause = self.senses.pause
        await self.screens.show(snapshot)
        if self.senses.pause != pause:
            self.dirty.set()  # what was planned was planned without it
        if self.senses.streams.behind or self.senses.hooked.behind:
            self.dirty.set()

    def _wake_at(self, at: float) -> None:
        """Look again at that time, epoch seconds, though nothing happens; 0 is never."""
        if self.alarm is not None:
            self.alarm.cancel()
        loop = asyncio.get_running_loop()
        self.alarm = loop.call_later(max(0.0, at - time.time()), self.dirty.set) if at else None

    def _heard(self) -> None:
        """Events were taken, in another thread."""
        if self.loop is not None and not self.heard.is_set():
            self.loop.call_soon_threadsafe(self.heard.set)

    async def _pulses(self) -> None:
        """Between the passes events are ranked and shown, a few times a second; of passes they bring one a sweep."""
        loop = asyncio.get_running_loop()
        due = 0.0
        while True:
            await self.heard.wait()
            self.heard.clear()
            begun = loop.time()
            try:
                await self.screens.show(glance)
            except Exception:  # the pass that follows tells it
                log.exception("a glance failed")
            if loop.time() >= due:
                due = max(loop.time(), due + SWEEP)
                loop.call_at(due, self.dirty.set)
            await asyncio.sleep(max(PULSE, 3 * (loop.time() - begun)))  # a big ranking must leave time to hear

    async def _fitness(self) -> None:
        """Look at the machine when there is time for it, and again now and then."""
        await asyncio.sleep(SWEEP / 2)
        while True:
            if await asyncio.to_thread(self.senses.health.look):
                self.dirty.set()
            await asyncio.sleep(EVERY)

    async def _spool(self) -> None:
        """Read on in the spool when it has grown."""
        while True:
            await self.spooled.wait()
            self.spooled.clear()
            try:
                while await asyncio.to_thread(self.senses.drain, time.time()):
                    self.heard.set()
            except CockpitError as error:
                log.warning("%s", line(str(error), 500))
            await asyncio.sleep(0.02)

    def _begin(self, seen: Look, step: select.Step) -> None:
        item, number = about(step)
        if item in self.tasks:
            return
        if words := self.edges.refuse(seen, step, item):
            self.trouble[item] = f"{item}: {type(step).__name__.lower()} refused: {words}"
            return
        key = (type(step).__name__, item, number)
        world = hash((seen.document.data, seen.home_tip, seen.tip, seen.turns.get(item) and repr(seen.turns[item])))
        tried = self.tried.get(key)
        if tried is not None and tried.world == world and time.monotonic() < tried.until:
            return
        pause = min(tried.pause * 2, PATIENCE) if tried is not None and tried.world == world else SWEEP
        self.tried[key] = Tried(world, time.monotonic() + pause, pause)
        self.tasks[item] = asyncio.create_task(self._carry(seen, step, item))

    async def _carry(self, seen: Look, step: select.Step, item: str) -> None:
        try:
            hand = asyncio.get_running_loop().run_in_executor(self.hands, carry.carry, self.places, seen, step)
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
            self.dirty.set()

    async def _hear(self) -> None:
        while True:
            match await self.screens.server.asked.get():
                case "stop":
                    self.stop.set()
                case "here":
                    self.screens.herald.here()
                case "away":
                    self.screens.herald.away()
                case _:
                    self.dirty.set()

    async def _watch(self, folders: list[Path], *, recursive: bool) -> None:
        """Hints only: whatever changed, the next turn looks at everything (limits-substrate 5)."""
        while True:
            try:
                async for changed in changes(folders, recursive=recursive):
                    if str(self.places.spool) in changed:
                        self.spooled.set()
                    if changed - {str(self.places.spool)}:
                        self.dirty.set()
            except (OSError, RuntimeError) as error:
                # A non-UTF-8 name or a removed root ends awatch; the sweep bridges the gap.
                log.warning("watching again: %s", line(str(error), 200))
            await asyncio.sleep(SWEEP)

    async def _sweep(self) -> None:
        before, facts, count = None, (), 0
        while True:
            await asyncio.sleep(SWEEP)
            if inode(self.places.lock) != self.lock:
                # `.cockpit/` was removed: another engine may start now, and there must not be two.
                log.warning("the lock is gone: this engine ends")
                self.stop.set()
            self.screens.herald.sweep()
            self.spooled.set()
            if count % WHOLE == 0:
                facts = await asyncio.to_thread(whole, self.places, self.senses)
            count += 1
            now = (*await asyncio.to_thread(signature, self.places, self.senses, self.document, self.looked), facts)
            due = any(time.monotonic() >= tried.until for tried in self.tried.values() if tried.pause < PATIENCE)
            if now != before or due:
                self.tried = {
                    key: tried for key, tried in self.tried.items() if time.monotonic() < tried.until + PATIENCE
                }
                self.dirty.set()
            before = now


def about(step: select.Step) -> tuple[str, int]:
    """The item and the turn a step is about."""
    match step:
        case select.Whole(landing) | select.Land(landing):
            return landing.name, 0
        case select.Name(item) | select.Follow(item, _, _) | select.Oversize(item, _):
            return item.id, 0
        case select.Scope(item, turn, _) | select.Dispatch(item, turn, _) | select.Recheck(item, turn):
            return item.id, turn
        case select.Interrupt(turn) | select.Deliver(turn, _):
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
