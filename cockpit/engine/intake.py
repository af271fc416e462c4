"""The way in: a private socket that takes events, a line of JSON each, as fast as they are ranked (docs/sources.md).

Whoever sends faster waits: each sender is read one chunk at a time, and again only when that chunk is in the ranking.
So what waits here is at most a chunk and an unfinished line a sender, and none waits for more than a chunk of the
others. Decoding, journal and ranking run in a thread of their own.
"""

from __future__ import annotations

import asyncio
import logging
import os
import resource
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import cast

from cockpit import wire
from cockpit.sense import Event
from cockpit.sense.framing import Frames

CHUNK = 65_536
"""Bytes read of one sender at once."""
LOT = 4
"""Senders whose chunks are taken in one go."""
SENDERS = 1200
"""Connected at once; more are refused."""
FILES = 4096
"""Open files that the engine wants to be allowed, so that a crowd of senders leaves it enough."""
PATIENCE = 10.0
"""Seconds that a sender may leave its answers unread before it is dropped."""

log = logging.getLogger("cockpit.engine")


class Intake:
    """Listens, and gives the events of all senders to `take`, which may wait: then they wait too."""

    def __init__(self, path: Path, take: Callable[[Sequence[Event], float], None], heard: Callable[[], None]) -> None:
        self.path = path
        self.take = take
        self.heard = heard
        """Called after events were taken."""
        self.senders: set[Sender] = set()
        self.ready: deque[Sender] = deque()
        self.some = asyncio.Event()
        self.buffer = memoryview(bytearray(CHUNK))
        self._hand = ThreadPoolExecutor(1, "intake")
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Listen, 0600 in the 0700 folder. The caller holds the engine's lock, so a socket that is there is dead."""
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        want = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
        if soft != resource.RLIM_INFINITY and soft < want:
            resource.setrlimit(resource.RLIMIT_NOFILE, (want, hard))
        with wire.private(self.path):
            loop = asyncio.get_running_loop()
            self._server = await loop.create_unix_server(lambda: Sender(self), path=self.path, backlog=SENDERS)

    async def run(self) -> None:
        """Take what the senders send, in turns, until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            await self.some.wait()
            self.some.clear()
            while self.ready:
                lot = [self.ready.popleft() for _ in range(min(LOT, len(self.ready)))]
                try:
                    answers = await loop.run_in_executor(self._hand, self._taken, lot)
                except Exception:  # a bug costs these chunks, not the way in
                    log.exception("events were lost")
                    answers = [b""] * len(lot)
                for sender, words in zip(lot, answers, strict=True):
                    sender.answer(words)
                self.heard()

    def _taken(self, lot: Sequence[Sender]) -> list[bytes]:
        """Feed the chunks of these senders; what each is to be answered. In the thread."""
        now = time.time()
        answers: list[bytes] = []
        events: list[Event] = []
        for sender in lot:
            read = sender.frames.feed(sender.chunk, now)
            sender.chunk = b""
            events += read.events
            answers.append(b"".join(read.answers))
            if sender.ended:
                last = sender.frames.end(now)
                events += last.events
                answers[-1] += b"".join(last.answers)
        self.take(events, now)
        return answers

    async def close(self) -> None:
        """Stop listening and hang up."""
        if self._server is not None:
            self._server.close()
        for sender in list(self.senders):
            sender.transport.abort()
        self._hand.shutdown(wait=False, cancel_futures=True)
        self.path.unlink(missing_ok=True)


class Sender(asyncio.BufferedProtocol):
    """One connection. Read into a buffer that all share; paused while its chunk waits."""

    transport: asyncio.Transport

    def __init__(self, intake: Intake) -> None:
        self.intake = intake
        self.frames = Frames()
        self.chunk = b""
        self.ended = False
        self._full = False
        """Its answers are not read."""
        self._drop: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Only our own user, and no more than `SENDERS`."""
        self.transport = cast(asyncio.Transport, transport)
        if wire.peer(self.transport.get_extra_info("socket")) != os.getuid():
            self.transport.abort()
            return
        if len(self.intake.senders) >= SENDERS:
            self.transport.write(b'{"error":"too many senders at once","line":0}\n')
            self.transport.close()
            return
        self.intake.senders.add(self)

    def get_buffer(self, sizehint: int) -> memoryview:
        """Where to read to: what was read is copied out before the next one reads."""
        _ = sizehint
        return self.intake.buffer

    def buffer_updated(self, nbytes: int) -> None:
        """A chunk: nothing more is read until it is taken."""
        self.chunk = bytes(self.intake.buffer[:nbytes])
        self.transport.pause_reading()
        self._wait()

    def eof_received(self) -> bool:
        """The sender has said all; it still gets its answers."""
        self.ended = True
        self._wait()
        return True

    def _wait(self) -> None:
        if self in self.intake.senders:
            self.intake.ready.append(self)
            self.intake.some.set()

    def answer(self, words: bytes) -> None:
        """What was sent is taken: answer, and read on unless the answers pile up."""
        if self.transport.is_closing():
            return
        if words:
            self.transport.write(words)
        if self.ended:
            self.transport.close()
        elif not self._full:
            self.transport.resume_reading()

    def pause_writing(self) -> None:
        """Its answers pile up: it is not read until it has read them, and dropped when it never does."""
        self._full = True
        self._drop = asyncio.get_running_loop().call_later(PATIENCE, self.transport.abort)

    def resume_writing(self) -> None:
        """It reads again."""
        self._full = False
        if self._drop is not None:
            self._drop.cancel()
            self._drop = None
        if not self.ended:
            self.transport.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone."""
        _ = exc
        self.intake.senders.discard(self)
        if self._drop is not None:
            self._drop.cancel()
