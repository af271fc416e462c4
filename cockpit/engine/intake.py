"""The way in: a private socket that takes events, a line of JSON each, as fast as they are ranked (docs/sources.md).

Whoever sends faster waits: a sender's bytes stay in the kernel until its turn, one chunk a turn. So what is held here
is one chunk, and an unfinished line and unread answers a sender. Reading, decoding, journal and ranking run in a
thread of their own.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import resource
import socket
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cockpit import wire
from cockpit.sense import Event
from cockpit.sense.framing import Frames, Read

CHUNK = 65_536
"""Bytes read of one sender in its turn."""
LOT = 8
"""Senders whose turn it is at once."""
SENDERS = 1200
"""Connected at once; more are refused."""
FILES = 4096
"""Open files that the engine wants to be allowed, so that a crowd of senders leaves it enough."""
PATIENCE = 10.0
"""Seconds that a sender may leave its answers unread before it is dropped."""
PAUSE = 1.0
"""Seconds before a sender is let in again when none could be."""

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
        """Those that have something to say, in the order of their turns."""
        self._some = asyncio.Event()
        self._hand = ThreadPoolExecutor(1, "intake")
        self._listener: socket.socket | None = None

    def open(self) -> None:
        """Listen, 0600 in the 0700 folder. The caller holds the engine's lock, so a socket that is there is dead."""
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        want = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
        if soft != resource.RLIM_INFINITY and soft < want:
            resource.setrlimit(resource.RLIMIT_NOFILE, (want, hard))
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        with wire.private(self.path):
            self._listener.bind(str(self.path))
        self._listener.listen(SENDERS)
        self._listen()

    async def run(self) -> None:
        """Take what the senders send, in turns, until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            await self._some.wait()
            self._some.clear()
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

    def close(self) -> None:
        """Stop listening and hang up. The thread has ended when this returns."""
        self._hand.shutdown(cancel_futures=True)
        if self._listener is not None:
            asyncio.get_running_loop().remove_reader(self._listener)
            self._listener.close()
        for sender in list(self.senders):
            sender.close()
        self.path.unlink(missing_ok=True)

    def speaks(self, sender: Sender) -> None:
        """That sender has something to say; its turn comes."""
        self.ready.append(sender)
        self._some.set()

    def _taken(self, lot: Sequence[Sender]) -> list[bytes]:
        """Read a chunk of each of these senders; what each is to be answered. In the thread."""
        now = time.time()
        reads = [sender.read(now) for sender in lot]
        events = [event for read in reads for event in read.events]
        if events:
            self.take(events, now)
        return [b"".join(read.answers) for read in reads]

    def _listen(self) -> None:
        if self._listener is not None and self._listener.fileno() >= 0:
            asyncio.get_running_loop().add_reader(self._listener, self._accept, self._listener)

    def _accept(self, listener: socket.socket) -> None:
        """Let in who knocks: only our own user, and no more than `SENDERS`."""
        for _ in range(100):
            try:
                connection, _address = listener.accept()
            except BlockingIOError:
                return
            except OSError as error:  # no file to be had: it knocks on
                log.warning("no sender can be let in: %s", error.strerror)
                asyncio.get_running_loop().remove_reader(listener)
                asyncio.get_running_loop().call_later(PAUSE, self._listen)
                return
            connection.setblocking(False)
            if wire.peer(connection) != os.getuid():
                connection.close()
            elif len(self.senders) >= SENDERS:
                with contextlib.suppress(OSError):
                    connection.send(b'{"error":"too many senders at once","line":0}\n')
                connection.close()
            else:
                self.senders.add(Sender(self, connection))


class Sender:
    """One connection: waits to be read, is read in its turn, is answered, waits again."""

    def __init__(self, intake: Intake, connection: socket.socket) -> None:
        self.intake = intake
        self.connection = connection
        self.frames = Frames()
        self.ended = False
        self._owed = b""
        """Answers that it has not read."""
        self._drop: asyncio.TimerHandle | None = None
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(connection, self._speaks)

    def _speaks(self) -> None:
        self._loop.remove_reader(self.connection)
        self.intake.speaks(self)

    def read(self, now: float) -> Read:
        """A chunk of what it has sent, or its end. In the thread."""
        try:
            data = self.connection.recv(CHUNK)
        except BlockingIOError:
            return Read([], [])
        except OSError:
            data = b""
        if data:
            return self.frames.feed(data, now)
        self.ended = True
        return self.frames.end(now)

    def answer(self, words: bytes) -> None:
        """What it sent is taken: answer, then read on. One that does not read its answers is not read either."""
        if self.connection.fileno() < 0:
            return
        self._owed += words
        try:
            while self._owed:
                self._owed = self._owed[self.connection.send(self._owed) :]
        except BlockingIOError:
            if self._drop is None:
                self._drop = self._loop.call_later(PATIENCE, self.close)
                self._loop.add_writer(self.connection, self.answer, b"")
            return
        except OSError:  # it hears no more; what it has said is still read
            self._owed = b""
        if self._drop is not None:
            self._drop.cancel()
            self._drop = None
            self._loop.remove_writer(self.connection)
        if self.ended:
            self.close()
        else:
            self._loop.add_reader(self.connection, self._speaks)

    def close(self) -> None:
        """Hang up."""
        self.intake.senders.discard(self)
        if self._drop is not None:
            self._drop.cancel()
        if self.connection.fileno() >= 0:
            self._loop.remove_reader(self.connection)
            self._loop.remove_writer(self.connection)
            self.connection.close()
