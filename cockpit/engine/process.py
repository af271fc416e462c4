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
from logging.handlers import RotatingFileHandler
from pathlib import Path

from cockpit import verify
from cockpit.clean import line
from cockpit.engine import carry, spending, telling
from cockpit.engine.hands import Hands
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
        self.hands = Hands(places, self.dirty.set)
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
            await self.hands.close()
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
        self.hands.see(seen, begun)
        self.looked = seen
        self._wake_at(seen.wake)
        living = (turn for turn in seen.turns.values() if not seen.states[turn.item].over)
        asked = (turn for turn in seen.opinions if turn.opinion is None and turn.sentinel is None)
        self.deaths.watch(turn.running for turn in (*living, *asked) if turn.running is not None)
        self.screens.see(seen, (*self.hands.trouble.values(), *waiting))
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
            if now != before or self.hands.due():
                self.hands.forget()
                self.dirty.set()
            before = now
