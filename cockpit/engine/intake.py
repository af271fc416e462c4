"""The way in: a private socket that takes events, a line of JSON each, as fast as they are ranked (docs/sources.md).

One thread of its own reads, decodes and ranks, a sender after the other, a chunk each; it never waits for one. Whoever
sends faster than is ranked waits: its bytes stay in the kernel until its turn. So what is held here is one chunk, and
an unfinished line and unread answers a sender.
"""

from __future__ import annotations

import contextlib
import logging
import os
import resource
import selectors
import socket
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from cockpit import wire
from cockpit.sense import Event
from cockpit.sense.framing import Frames, Read

CHUNK = 262_144
"""Bytes read of one sender in its turn."""
LOT = 2000
"""Events taken at once, when many senders say little each."""
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
    """Listens, and gives the events of all senders to `take`, which may wait: then they wait too. `heard` is called
    after events were taken. Both are called in the thread."""

    def __init__(self, path: Path, take: Callable[[Sequence[Event], float], None], heard: Callable[[], None]) -> None:
        self.path = path
        self.take = take
        self.heard = heard
        self.senders: set[Sender] = set()
        self._selector = selectors.DefaultSelector()
        self._listener: socket.socket | None = None
        self._shut = 0.0
        """Until when nobody is let in (monotonic); 0: the door is open."""
        self._thread = threading.Thread(target=self._live, name="intake", daemon=True)
        self._ending, self._end = socket.socketpair()

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
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._selector.register(self._ending, selectors.EVENT_READ)
        self._thread.start()

    def close(self) -> None:
        """Hang up and listen no more. What was read is taken when this returns."""
        self._end.close()
        if self._thread.ident is not None:
            self._thread.join()
        for sender in list(self.senders):
            self._drop(sender)
        self._selector.close()
        self._ending.close()
        if self._listener is not None:
            self._listener.close()
            self.path.unlink(missing_ok=True)

    def _live(self) -> None:
        while True:
            try:
                self._go()
                return
            except Exception:  # a bug costs those who are connected, not the way in
                log.exception("the way in failed")
                for sender in list(self.senders):
                    self._drop(sender)
                time.sleep(PAUSE)

    def _go(self) -> None:
        while True:
            ready = [key.fileobj for key, _ in self._selector.select(self._patience())]
            if self._ending in ready:
                return
            if self._listener in ready:
                self._accept()
            self._hear([sender for sender in ready if isinstance(sender, Sender)])
            now = time.monotonic()
            for sender in [sender for sender in self.senders if sender.owing and sender.until <= now]:
                self._drop(sender)
            if self._shut and now >= self._shut and self._listener is not None:
                self._shut = 0.0
                self._selector.register(self._listener, selectors.EVENT_READ)

    def _patience(self) -> float | None:
        """Seconds until somebody is to be dropped or the door to be opened; None when neither is to be."""
        times = [sender.until for sender in self.senders if sender.owing] + ([self._shut] if self._shut else [])
        return max(0.0, min(times) - time.monotonic()) if times else None

    def _hear(self, ready: Sequence[Sender]) -> None:
        """Read a chunk of each of them, take the events, then answer."""
        reads: list[tuple[Sender, Read]] = []
        count = 0
        for sender in ready:
            read = Read([], []) if sender.owing else sender.read(time.time())
            reads.append((sender, read))
            count += len(read.events)
            if count >= LOT or sender is ready[-1]:
                self._take([event for _, read in reads for event in read.events])
                for each, read in reads:
                    self._answer(each, b"".join(read.answers))
                reads, count = [], 0

    def _take(self, events: Sequence[Event]) -> None:
        if not events:
            return
        try:
            self.take(events, time.time())
        except Exception:  # a bug costs these events, not the way in
            log.exception("events were lost")
        self.heard()

    def _answer(self, sender: Sender, words: bytes) -> None:
        """Answer, then read on; who does not read its answers is not read either, and dropped in the end."""
        owed = sender.owing
        sender.answer(words)
        if sender.ended and not sender.owing:
            self._drop(sender)
        elif bool(sender.owing) != bool(owed):
            sender.until = time.monotonic() + PATIENCE
            self._selector.modify(sender, selectors.EVENT_WRITE if sender.owing else selectors.EVENT_READ)

    def _accept(self) -> None:
        """Let in who knocks: only our own user, and no more than `SENDERS`."""
        listener = self._listener
        while listener is not None:
            try:
                connection, _ = listener.accept()
            except BlockingIOError:
                return
            except OSError as error:  # no file to be had: it knocks on
                log.warning("no sender can be let in: %s", error.strerror)
                self._selector.unregister(listener)
                self._shut = time.monotonic() + PAUSE
                return
            connection.setblocking(False)
            if wire.peer(connection) != os.getuid():
                connection.close()
            elif len(self.senders) >= SENDERS:
                with contextlib.suppress(OSError):
                    connection.send(b'{"error":"too many senders at once","line":0}\n')
                connection.close()
            else:
                sender = Sender(connection)
                self.senders.add(sender)
                self._selector.register(sender, selectors.EVENT_READ)

    def _drop(self, sender: Sender) -> None:
        self.senders.discard(sender)
        with contextlib.suppress(KeyError, ValueError):
            self._selector.unregister(sender)
        sender.connection.close()


class Sender:
    """One connection: what it says, and what it has not read of its answers. Never waits."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.frames = Frames()
        self.ended = False
        self.owing = b""
        """Answers that it has not read."""
        self.until = 0.0
        """While it is owed answers: when it is dropped (monotonic)."""

    def fileno(self) -> int:
        """For the selector."""
        return self.connection.fileno()

    def read(self, now: float) -> Read:
        """A chunk of what it has sent, or its end."""
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
        """Write as much as it takes now."""
        self.owing += words
        try:
            while self.owing:
                self.owing = self.owing[self.connection.send(self.owing) :]
        except BlockingIOError:
            pass
        except OSError:  # it hears no more; what it has said is still read
            self.owing = b""
