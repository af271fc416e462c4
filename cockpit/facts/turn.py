"""All facts of one turn, and the turns there are."""

from __future__ import annotations

import functools
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from cockpit.errors import CockpitError
from cockpit.facts.files import FILES, SAID, read
from cockpit.facts.kinds import (
    Answer,
    Dispatch,
    Doing,
    Entry,
    Merge,
    Permission,
    Proved,
    Review,
    Running,
    Scope,
    Sentinel,
)
from cockpit.facts.opinions import ASIDE, Opinion

FRESH = 50_000_000
"""Nanoseconds for which a change is too young to be told from the next one by the file's times."""


@dataclass(frozen=True, slots=True)
class Turn:
    """All facts of one turn as they are on disk now; a missing file is None, a malformed one is in `broken`."""

    folder: Path
    dispatch: Dispatch
    running: Running | None
    sentinel: Sentinel | None
    answer: Answer | None
    review: Review | None
    merge: Merge | None
    broken: dict[str, str]
    """File name to what is wrong with it (an agent's malformed answer, a torn write)."""
    entry: Entry | None = None
    doing: Doing | None = None
    permission: Permission | None = None
    """What it waits for, as long as its runner lives."""
    scope: Scope | None = None
    """What was accepted at the scope gate, when there was one."""
    proved: Proved | None = None
    """Accepted, with nothing to merge."""
    opinion: Opinion | None = None
    """Of a run that gives one (`opinions`): what it came to."""

    @property
    def home(self) -> str:
        """The ref that the spec was on when it was dispatched: only there does the loop go on with it."""
        return self.dispatch.home or self.dispatch.target

    @property
    def item(self) -> str:
        """Id of the item it works on."""
        return self.dispatch.item

    @property
    def number(self) -> int:
        """1 for the first turn."""
        return self.dispatch.turn

    @property
    def said(self) -> Path:
        """What the delegate said while it worked, a `Saying` a line."""
        return self.folder / SAID

    @property
    def log(self) -> Path:
        """Everything the pane showed, raw."""
        return self.folder / "pane.log"


def load(folder: Path) -> Turn | None:
    """The turn in this folder; None when it has no readable `dispatch.json`.

    Files are read again only when they are others than before, as their times, sizes and inodes tell.
    """
    stamps = tuple(_stamp(f"{folder}/{name}") for name in FILES)
    fresh = time.time_ns() - FRESH
    if any(stamp is not None and stamp[0] > fresh for stamp in stamps):
        return _load(folder)
    return _kept(folder, stamps)


def _stamp(path: str) -> tuple[int, int, int, int] | None:
    try:
        info = os.stat(path)  # noqa: PTH116 - a path of its own for each would cost more than the look
    except OSError:
        return None
    return info.st_ctime_ns, info.st_mtime_ns, info.st_size, info.st_ino


@functools.lru_cache(maxsize=2048)
def _kept(folder: Path, _stamps: tuple[tuple[int, int, int, int] | None, ...]) -> Turn | None:
    return _load(folder)


def _load(folder: Path) -> Turn | None:
    found: dict[str, msgspec.Struct | None] = {}
    broken: dict[str, str] = {}
    for name, kind in FILES.items():
        try:
            found[name] = read(folder, kind)
        except CockpitError as error:
            found[name] = None
            broken[name] = error.what
    dispatch = found["dispatch.json"]
    if not isinstance(dispatch, Dispatch):
        return None
    return Turn(
        folder,
        dispatch,
        *(found[name] for name in ("runner.json", "sentinel", "answer.json", "review.json", "merge.json")),  # pyright: ignore[reportArgumentType]
        broken=broken,
        entry=found["entry.json"],  # pyright: ignore[reportArgumentType]
        doing=found["doing.json"],  # pyright: ignore[reportArgumentType]
        permission=found["permission.json"],  # pyright: ignore[reportArgumentType]
        scope=found["scope.json"],  # pyright: ignore[reportArgumentType]
        proved=found["proved.json"],  # pyright: ignore[reportArgumentType]
        opinion=found["opinion.json"],  # pyright: ignore[reportArgumentType]
    )


def turns(delegates: Path) -> Iterator[Turn]:
    """The latest turn of every delegate, in the order of dispatch."""
    latest: list[Turn] = []
    try:
        items = [entry for entry in delegates.iterdir() if entry.is_dir()]
    except FileNotFoundError:
        return
    for item in items:
        numbers = sorted((int(turn.name) for turn in item.iterdir() if turn.name.isdecimal()), reverse=True)
        turn = next((found for number in numbers if (found := load(item / str(number)))), None)
        if turn is not None:
            latest.append(turn)
    yield from sorted(latest, key=lambda turn: turn.dispatch.at)


def every(delegates: Path, item: str = "*") -> Iterator[Turn]:
    """All turns of all items, or of one, the first ones of each first."""
    folders = [folder for folder in delegates.glob(f"{item}/*") if folder.name.isdecimal()]
    for folder in sorted(folders, key=lambda each: (each.parent.name, int(each.name))):
        if (turn := load(folder)) is not None:
            yield turn


def aside(turn: Turn, head: str) -> Path:
    """The folder of the run that gives an opinion of that head of the turn, beside the turn's own."""
    return turn.folder.with_name(f"{turn.number}{ASIDE}{head[:12]}")


def opinion_of(turn: Turn) -> Turn | None:
    """The run that gives an opinion of the head that was reviewed; None when none was asked for."""
    return load(aside(turn, turn.review.head)) if turn.review is not None else None


def opinions(delegates: Path) -> list[Turn]:
    """The runs that give an opinion of a result, or gave one (R190): each with the facts of a turn."""
    found = (load(folder) for folder in delegates.glob(f"*/*{ASIDE}*"))
    return sorted((turn for turn in found if turn is not None), key=lambda turn: turn.dispatch.at)
