"""Where the screen's state comes from: the spec, git and the facts on disk, the log files, the engine's socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import msgspec

from cockpit import facts, wire
from cockpit.clean import Cleaner, line
from cockpit.errors import CockpitError
from cockpit.panes.view import Changed, Known, View, lines_of
from cockpit.paths import Places
from cockpit.plain import plain
from cockpit.spec import LIMIT, Mark, SpecError, gates, parse

TAIL = 256 * 1024
"""Bytes of a log that are read when it is opened; a ring of ten thousand lines holds about as much."""

BASE = 5
"""How many commits of the spec back the margin looks for what changed."""

STEP = 20
"""Milliseconds the watcher waits for more changes of one save."""


def read_spec(places: Places, view: View) -> View:
    """The view with the spec as it is on disk now. What can't be read keeps the last good version and says so."""
    try:
        data = plain(places.spec, LIMIT)
    except FileNotFoundError:
        gone = "is gone: the last version stays on the screen" if view.document.data else "is missing: run cockpit init"
        return view.but(trouble=f"{places.spec_name} {gone}")
    except OSError as error:
        return view.but(trouble=f"{places.spec_name} cannot be read: {error.strerror}")
    except CockpitError as error:
        return view.but(trouble=f"{places.spec_name} cannot be read: {error.what}; the last good version stays")
    if data == view.document.data:
        return view.but(trouble="")
    try:
        document = parse(data)
    except SpecError as error:
        shown = {} if view.document.data else {"lines": lines_of(data)}
        return view.but(trouble=f"{places.spec_name}, {line(str(error), 160)}; the last good version stays", **shown)
    return view.but(document=document, lines=lines_of(data), trouble="")


def read_branch(places: Places) -> str:
    """The branch HEAD is on, or `detached` with the commit, straight from the file."""
    try:
        head = (places.git_dir / "HEAD").read_text("utf-8", "replace").strip()
    except OSError:
        return ""
    return line(head.removeprefix("ref: refs/heads/") if head.startswith("ref: ") else f"detached {head[:9]}", 60)


def read_known(places: Places, view: View) -> Known:
    """What facts and refs say now; runs git, so call it in a thread."""
    from cockpit import steer, working

    world = steer.world(places)
    waiting = {item.id for item in view.document.queue if item.mark is Mark.NEEDS_YOU}
    stale: dict[str, str] = {}
    for turn in world.turns.values():
        if turn.item in waiting and turn.review is not None:
            try:
                stale[turn.item] = world.stale(turn)
            except CockpitError as error:
                stale[turn.item] = error.what
    alive = frozenset(item for item, turn in world.turns.items() if world.alive(turn))
    waits = [item for item in view.document.queue if gates.at_scope(item)]
    scopes = {item.id: scope for item in waits if (scope := world.scope(item)) is not None}
    whole = world.landing()
    if whole is not None:
        stale[whole.name] = whole.stale
    turns = MappingProxyType(dict(world.turns))
    asked = ((item, facts.opinion_of(turn)) for item, turn in turns.items())
    opinions = MappingProxyType({item: own for item, own in asked if own is not None})
    works = working.first(places, view.document, turns.values())
    return Known(turns, alive, MappingProxyType(stale), MappingProxyType(scopes), whole, opinions, works)


def read_changed(places: Places, data: bytes) -> dict[int, Changed]:
    """What the last commits of the spec and the edits since did to its lines; runs git, so call it in a thread."""
    from cockpit.persist import git
    from cockpit.spec.changes import changed_lines

    try:
        log = git.run(places, "log", f"-n{BASE + 1}", "--format=%H", "HEAD", "--", places.spec_name)
        commits = log.decode().split()
        if len(commits) < 2:
            return {}
        old = git.run(places, "show", f"{commits[-1]}:{places.spec_name}")
    except CockpitError:
        return {}
    return changed_lines(old, data)


async def saves(places: Places) -> AsyncIterator[set[str]]:
    """`spec` at a save, `git` when HEAD or the index moved. Folders are watched, for editors replace files."""
    from watchfiles import awatch  # pyright: ignore[reportUnknownVariableType]

    head, index = places.git_dir / "HEAD", places.git_dir / "index"
    names = {str(places.spec): "spec", str(head): "git", str(index): "git"}
    folders = {str(places.spec.parent), str(places.git_dir)}
    async for changes in awatch(*folders, step=STEP, debounce=50, recursive=False, watch_filter=None):
        found = {names[path] for _, path in changes if path in names}
        if found:
            yield found


async def reports(places: Places) -> AsyncIterator[set[Path]]:
    """Files of the delegates that changed: facts and logs."""
    from watchfiles import awatch  # pyright: ignore[reportUnknownVariableType]

    wanted = {*facts.FILES, "pane.log"}
    async for changes in awatch(places.delegates, step=50, debounce=100, watch_filter=None):
        found = {path for _, name in changes if (path := Path(name)).name in wanted}
        if found:
            yield found


async def snapshots(places: Places, lost: Callable[[], None]) -> AsyncIterator[wire.Snapshot]:
    """Snapshots of the engine for ever: `lost` is called when none answers, and asked again with growing patience."""
    wait = 0.1
    while True:
        try:
            async for snapshot in wire.listen(places.socket):
                wait = 0.1
                yield snapshot
        except (OSError, ValueError, msgspec.DecodeError):
            pass  # none listens, or one of another version: `cockpit status` says which
        lost()
        await asyncio.sleep(wait)
        wait = min(wait * 2, 3.0)


@dataclass
class Log:
    """One log file, read as it grows and cleaned before anybody sees it."""

    path: Path
    colour: bool = True
    offset: int = 0

    def __post_init__(self) -> None:
        self._cleaner = Cleaner(colour=self.colour)

    def more(self) -> tuple[bool, list[str]]:
        """Whether this starts anew (first read, or the file was cut), and the lines since the last call."""
        try:
            with self.path.open("rb") as file:
                size = file.seek(0, 2)
                anew = self.offset == 0 or size < self.offset
                start = max(0, size - TAIL) if anew or size - self.offset > TAIL else self.offset
                if start != self.offset or anew:
                    self._cleaner = Cleaner(colour=self.colour)
                file.seek(start)
                data = file.read(size - start)
        except OSError:
            return self.offset == 0, []
        if start and start != self.offset:
            data = data.partition(b"\n")[2]  # begin with a whole line
        self.offset = size
        text = self._cleaner.feed(data)
        return anew, text.split("\n")[:-1]
