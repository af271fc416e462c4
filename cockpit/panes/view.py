"""All that the screen shows, as one frozen value. Panes are given a new one and repaint only what differs."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from cockpit.clean import clean
from cockpit.facts import Scope, Turn
from cockpit.persist.landing import Landing
from cockpit.spec import Document, Mark, parse
from cockpit.wire import DelegateRow, Snapshot
from cockpit.working import Working

if TYPE_CHECKING:
    from cockpit.edits import World

Engine = Literal["connecting", "up", "down"]
Changed = Literal["added", "changed"]

NOTHING: Document = parse(b"")
"""The document of a spec that is missing or was never readable."""

MARKS: Mapping[Mark, tuple[str, str]] = MappingProxyType(
    {
        Mark.OPEN: ("○", ""),
        Mark.RUNNING: ("▸", "accent"),
        Mark.NEEDS_YOU: ("◆", "warn"),
        Mark.DONE: ("✓", "ok"),
        Mark.STRUCK: ("×", "dim"),
        Mark.DEFERRED: ("»", "dim"),
        Mark.BLOCKED: ("■", "alert"),
    }
)
"""Each mark of an item as a glyph of one cell and a tone."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the facts say beside the document, read in a thread so that no key ever waits for git."""

    turns: Mapping[str, Turn] = field(default_factory=lambda: MappingProxyType({}))
    alive: frozenset[str] = frozenset()
    """Items whose latest turn has a living runner."""
    stale: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Item to why its verdict no longer holds."""
    scopes: Mapping[str, Scope] = field(default_factory=lambda: MappingProxyType({}))
    """Item to the brief that waits at its scope gate, as the engine told of it; none while it is made or read again."""
    landing: Landing | None = None
    """The feature branch as a whole."""
    opinions: Mapping[str, Turn] = field(default_factory=lambda: MappingProxyType({}))
    """Item to the run that gives an opinion of its reviewed head, or gave one."""
    works: Working | None = None
    """The first working path under this goal."""

    def reviewed(self, item: str) -> Turn | None:
        """The latest turn of the item; of the feature branch's name, the whole as if it were one."""
        if self.landing is not None and item == self.landing.name:
            return self.landing.turn
        return self.turns.get(item)

    def world(self, now: float) -> World:
        """The same as the verbs ask for it."""
        from cockpit.edits import World

        return World(
            turns=self.turns,
            alive=lambda turn: turn.item in self.alive,
            stale=lambda turn: self.stale.get(turn.item, ""),
            scope=lambda item: self.scopes.get(item.id),
            now=datetime.fromtimestamp(now),
            landing=lambda: self.landing,
        )


@dataclass(frozen=True, slots=True)
class View:
    """One state of the screen. `now` is epoch seconds, taken when it was made: ages never tick by themselves."""

    name: str = ""
    """The repository's folder name."""
    spec: str = "SPEC.md"
    branch: str = ""
    """The branch HEAD is on, as the screen itself reads it."""
    document: Document = NOTHING
    """The last version that could be read."""
    lines: tuple[str, ...] = ("",)
    """Its lines, cleaned, one for one."""
    changed: Mapping[int, Changed] = field(default_factory=lambda: MappingProxyType({}))
    """Line number (from 1) to what the last commits did to it."""
    trouble: str = ""
    """What is wrong with the spec on disk now, with its line; empty when it is the one shown."""
    snapshot: Snapshot = field(default_factory=Snapshot)
    engine: Engine = "connecting"
    known: Known = field(default_factory=Known)
    now: float = 0.0

    def but(self, **parts: object) -> View:
        """The same view with these parts replaced."""
        return dataclasses.replace(self, **parts)  # pyright: ignore[reportArgumentType]

    @property
    def delegates(self) -> list[DelegateRow]:
        """What the engine says; without an engine, what the facts on disk tell."""
        if self.snapshot.delegates or self.engine == "up":
            return self.snapshot.delegates
        return [_from_facts(turn, turn.item in self.known.alive) for turn in self.known.turns.values()]

    def waits(self, item: str) -> str:
        """What an open item waits for, as the engine says; without one, which items it comes after."""
        if self.engine == "up":
            return self.snapshot.waits.get(item, "")
        others = ((name, self.document.item(name)) for name in self.document.after.get(item, ()))
        names = [name for name, other in others if other is None or other.mark is not Mark.DONE]
        return f"waits for {', '.join(names)}" if names else ""

    def delegate(self, item: str) -> DelegateRow | None:
        """The delegate that works on this item."""
        return next((row for row in self.delegates if row.item == item), None)


def lines_of(data: bytes) -> tuple[str, ...]:
    r"""The spec's lines made harmless, exactly one for each `\n`-ended line of `data`."""
    text = data.decode("utf-8", "replace").replace("\r", "").replace("\u2028", " ").replace("\u2029", " ")
    lines = clean(text).split("\n")
    return tuple(lines[:-1] if len(lines) > 1 and not lines[-1] else lines)


def age(seconds: float) -> str:
    """How long ago, in one coarse word: `now`, `4m`, `2h`, `3d`; nothing repaints for a second."""
    if seconds < 60:
        return "now"
    if seconds < 3600:
        return f"{int(seconds // 60)}m"
    if seconds < 86_400:
        return f"{int(seconds // 3600)}h"
    return f"{int(seconds // 86_400)}d"


def _from_facts(turn: Turn, alive: bool) -> DelegateRow:
    if turn.sentinel is not None:
        state, evidence, since = turn.sentinel.outcome, "its sentinel", turn.sentinel.at
    elif alive:
        state, evidence, since = "running", "its runner lives", turn.dispatch.at
    else:
        state, evidence, since = "unknown", "no sentinel, no living runner", turn.dispatch.at
    return DelegateRow(
        item=turn.item,
        turn=turn.number,
        text=turn.dispatch.text,
        agent=turn.dispatch.agent,
        state=state,
        evidence=evidence,
        since=since,
        log=str(turn.log),
        branch=turn.dispatch.branch,
        session=turn.dispatch.session,
    )
