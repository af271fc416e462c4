"""Engine <-> screens: whole small snapshots as JSON lines over a private Unix socket (design, section 3)."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import struct
from collections.abc import AsyncIterator, Generator
from pathlib import Path
from typing import Literal

import msgspec

from cockpit.errors import CockpitError

LIMIT = 4 * 1024 * 1024
"""Bytes a line may have; StreamReader's own 64 KiB would drop the connection."""


class RungView(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one source says of a delegate's state: when (epoch seconds, 0: never), in which fact, and whether it is the
    one that decides, or contradicts that one.
    """

    source: str
    says: str
    at: float
    file: str
    role: Literal["", "decides", "contradicts"] = ""


class DelegateRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A delegate as the screen shows it. `since` is epoch seconds; `log` the path of its pane's log."""

    item: str
    turn: int
    text: str
    agent: str
    state: str
    evidence: str
    since: float
    log: str
    branch: str
    session: str
    tokens: int | None = None
    usd: float | None = None
    spent: list[str] = []
    """What all its turns used in words, then the latest of them one by one."""
    rungs: list[RungView] = []
    """What each source says of its state, the highest first."""
    asks: str = ""
    """The permission request that stands: its number, then what it asks."""


class TermView(msgspec.Struct, frozen=True, array_like=True):
    """One part of a signal's score: the feature, what it adds, and why in words with numbers."""

    name: str
    value: float
    words: str


class SignalView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A ranked signal: what, its state, since when, the suggested act, and why it stands where it stands.

    Times are epoch seconds.
    """

    key: str
    what: str
    state: str
    since: float
    action: str
    item: str = ""
    level: str = "info"
    reasons: list[str] = []
    """Chips, at most 40 characters each."""
    terms: list[TermView] = []
    """All parts of the score, the largest first."""
    evidence: list[str] = []
    paths: list[str] = []
    """Files it concerns."""
    source: str = ""
    family: str = ""
    """What names it alone: to say that it was acted on."""
    rule: str = ""
    """The tool and its rule that found it."""
    delegate: str = ""
    """The one delegate that says it."""
    first: float = 0.0
    last: float = 0.0
    count: int = 1
    suspects: list[str] = []
    """Commits and upgrades that may have brought it."""
    closes: str = ""
    """What would end it."""
    pinned: bool = False
    blocks: bool = False
    """The head of the queue waits for it."""
    muted: str = ""
    """What the mute names that means it all the same; it pauses nothing."""
    notify: bool = False
    """It is worth an interruption."""
    folded: int = 0
    """How many other rows it stands for."""


class MeasureView(msgspec.Struct, frozen=True, omit_defaults=True):
    """A measured criterion: its id, what it came to in words, the latest measurements in words, the last one first."""

    id: str
    words: str
    rows: list[str] = []


class Notice(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An interruption: a new number means that there was one just now."""

    number: int = 0
    words: str = ""
    key: str = ""


class MutedView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A signal on the shelf: what silences it and until when, in the words of the spec."""

    key: str
    what: str
    until: str
    reason: str = ""
    target: str = ""
    """What the mute names: the signal itself, or all of an item, a source, a rule, a path."""


class Snapshot(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All that the engine says to a screen. The latest one counts; earlier ones may be skipped."""

    version: int = 0
    pid: int = 0
    state: str = "Idle"
    """One of the nine states of the loop (R44 to R52)."""
    events: str = ""
    """The socket that takes events; empty while no engine listens."""
    branch: str = ""
    target: str = ""
    """The feature branch that results go to; empty where they go to `branch`."""
    loop: str = "hold"
    mode: str = "copilot"
    head: str = ""
    """Id of the next item to be dispatched, empty when there is none."""
    why: str = ""
    """Why the head is the head, or why nothing is dispatched, in words."""
    waits: dict[str, str] = {}
    """By id, what open items of the queue wait for, in words; the first of them."""
    fence: str = ""
    """Name of the fence that holds the loop; empty when none does."""
    until: float = 0.0
    """When that fence ends by itself, epoch seconds; 0: not by itself."""
    running: int = 0
    wip: int = 1
    waiting: int = 0
    review: int = 3
    budget: str = ""
    """`3/20 turns, 12/90 min`."""
    loop_spent: str = ""
    """What was used since the loop was set on, in words; empty without a turn."""
    day_spent: str = ""
    """The same since midnight."""
    notes: list[str] = []
    """What the human must know now: a held commit, a spec that does not parse."""
    measured: list[MeasureView] = []
    delegates: list[DelegateRow] = []
    signals: list[SignalView] = []
    muted: list[MutedView] = []
    notice: Notice = Notice()


class Ask(msgspec.Struct, frozen=True):
    """What a screen or the shell may ask of the engine: `wake` (look again), `stop`, `here` (a key in a focused
    screen) or `away` (the focus went)."""

    ask: str


_encoder = msgspec.json.Encoder()
_snapshots = msgspec.json.Decoder(Snapshot)
_asks = msgspec.json.Decoder(Ask)


class Server:
    """The engine's end: keeps the latest snapshot, gives it to every screen, hears asks."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.asked: asyncio.Queue[str] = asyncio.Queue()
        self._latest = b""
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Listen on the socket, 0600 in its 0700 folder. The caller holds the engine's lock, so a left one is dead."""
        with private(self.path):
            self._server = await asyncio.start_unix_server(self._serve, path=self.path, limit=LIMIT)

    def publish(self, snapshot: Snapshot) -> None:
        """Give all screens this snapshot. A screen that does not read misses some and gets the next."""
        self._latest = _encoder.encode(snapshot) + b"\n"
        for writer in list(self._writers):
            if writer.transport.get_write_buffer_size() < LIMIT:
                writer.write(self._latest)

    async def close(self) -> None:
        """Stop listening and hang up."""
        if self._server is not None:
            self._server.close()
        for writer in list(self._writers):
            writer.close()
        self.path.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if peer(writer.get_extra_info("socket")) != os.getuid():
            writer.close()
            return
        self._writers.add(writer)
        try:
            if self._latest:
                writer.write(self._latest)
            while line := await reader.readline():
                try:
                    self.asked.put_nowait(_asks.decode(line).ask)
                except msgspec.DecodeError:
                    break
        except (ConnectionError, ValueError, asyncio.CancelledError):
            pass
        finally:
            self._writers.discard(writer)
            writer.close()


@contextlib.contextmanager
def private(path: Path) -> Generator[None]:
    """A socket made at `path` within is 0600 from its first moment; one left there by a dead engine is taken away."""
    path.unlink(missing_ok=True)
    before = os.umask(0o177)
    try:
        yield
    finally:
        os.umask(before)


def peer(connection: socket.socket) -> int:
    """The user id of the process at the other end."""
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return struct.unpack("3i", credentials)[1]


async def listen(path: Path) -> AsyncIterator[Snapshot]:
    """Snapshots from the engine until it goes away. Raises OSError when nothing listens."""
    reader, writer = await asyncio.open_unix_connection(path, limit=LIMIT)
    try:
        while line := await reader.readline():
            yield _snapshots.decode(line)
    finally:
        writer.close()


def latest(path: Path, seconds: float = 2.0) -> Snapshot | None:
    """One snapshot, for the shell; None when no engine answers."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(seconds)
        try:
            connection.connect(str(path))
            with connection.makefile("rb") as file:
                line = file.readline(LIMIT)
        except OSError:
            return None
    try:
        return _snapshots.decode(line) if line else None
    except msgspec.DecodeError as error:
        raise CockpitError(
            f"the engine speaks another version: {error}", remedy="cockpit stop, then start again"
        ) from error


def ask(path: Path, what: str) -> bool:
    """Ask the engine for something; False when none answers."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(2.0)
        try:
            connection.connect(str(path))
            connection.sendall(_encoder.encode(Ask(what)) + b"\n")
            connection.shutdown(socket.SHUT_WR)
            # Closing with its snapshot unread would reset the connection, and the ask might be lost with it.
            while connection.recv(65536):
                pass
        except OSError:
            return False
    return True
