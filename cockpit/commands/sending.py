"""Where the events of a shell command go: to the engine while one listens, else to the spool, which it reads later."""

from __future__ import annotations

import socket
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from cockpit.errors import CockpitError
from cockpit.sense import Event, spool

PATIENCE = 30.0
"""Seconds for which the engine may be busy with others before the spool gets what it does not take."""
AGAIN = 2.0
"""Seconds before an engine is looked for again."""
FULL = 16 * 1024 * 1024
"""Bytes of the spool beyond which it gets no more lines: without an engine a log must not fill the disk."""
FULLEST = 4 * FULL
"""Bytes of the spool beyond which it gets nothing more."""

_encode = msgspec.json.Encoder().encode_lines


class Way:
    """One batch at a time: the next is sent when the last is in the ranking, so that nothing piles up and nothing is
    lost when the engine ends (what it may have taken already counts twice then)."""

    def __init__(self, listener: Path, spool_path: Path) -> None:
        self.listener = listener
        self.spool = spool_path
        self.lost = 0
        """Lines that nobody took and the spool has no room for."""
        self._engine: socket.socket | None = None
        self._after = 0.0

    def send(self, events: Sequence[Event]) -> None:
        """Give the events away. Raises CockpitError when neither engine nor spool takes them."""
        if not events:
            return
        data = _encode(events)
        if self._taken(data):
            return
        size = spool.size(self.spool)
        if all(event.kind == "log.line" for event in events) and size > FULL:
            self.lost += len(events)
            return
        if size > FULLEST:
            what = f"the spool is full: {FULLEST // 1024**2} MiB wait to be read"
            raise CockpitError(what, where=str(self.spool), remedy="start the engine: cockpit run --detach")
        spool.append(self.spool, data)

    def close(self) -> None:
        """Hang up."""
        if self._engine is not None:
            self._engine.close()
            self._engine = None

    def _taken(self, data: bytes) -> bool:
        engine = self._engine or self._call()
        if engine is None:
            return False
        try:
            engine.sendall(data + b'{"op":"ping"}\n')
            answer = b""
            while b'"ok"' not in answer:
                more = engine.recv(4096)
                if not more:
                    raise ConnectionResetError
                answer = (answer + more)[-8192:]
        except OSError:
            self.close()
            self._after = time.monotonic() + AGAIN
            return False
        return True

    def _call(self) -> socket.socket | None:
        if time.monotonic() < self._after:
            return None
        engine = socket.socket(socket.AF_UNIX)
        engine.settimeout(PATIENCE)
        try:
            engine.connect(str(self.listener))
        except OSError:
            engine.close()
            self._after = time.monotonic() + AGAIN
            return None
        self._engine = engine
        return engine
