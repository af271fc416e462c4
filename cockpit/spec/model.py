r"""The living spec as plain data: sections, items, fields, controls, each with its exact bytes (design, section 4).

All offsets are byte offsets into `Document.data`; all line numbers count from 1. Lines end at `\n` only; a `\r`
before it is content.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

LoopControl = Literal["on", "step", "hold"]
Mode = Literal["copilot", "auto"]


class Mark(StrEnum):
    """The character between an item's brackets."""

    OPEN = " "
    RUNNING = "/"
    NEEDS_YOU = "?"
    DONE = "x"
    STRUCK = "-"
    DEFERRED = ">"
    BLOCKED = "!"


class Kind(StrEnum):
    """What a section is for, told by the words of its heading at any level."""

    GOAL = "goal"
    SIGNALS = "live signals"
    QUEUE = "queue"
    BACKLOG = "backlog"
    PENDING = "pending"
    ACCEPTANCE = "acceptance"
    FAILURES = "known failures"
    DECISIONS = "decisions"
    RUNBOOKS = "runbooks"
    CODE_MAP = "code map"
    EXCHANGE = "exchange"
    MUTED = "muted"
    PINNED = "pinned"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open range of bytes."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Field:
    """A nested bullet `- key: value` below an item. `span` is its whole line(s), line end included.

    A value that is one code span is given without its backticks; wrapped lines are joined; for `key:` with bullets
    below it the value is these, joined by commas.
    """

    key: str
    value: str
    line: int
    span: Span
    value_span: Span


@dataclass(frozen=True, slots=True)
class Item:
    """A checkbox item. `span` runs from its first line through all that is nested below it."""

    id: str
    """Its trailing ` ^id`, else a derived key `~xxxxx` that stays as long as the text does."""
    mark: Mark
    text: str
    """First line after the checkbox, without the id; code spans and emphasis as they are."""
    section: Kind | None
    line: int
    depth: int
    """Columns of indent before the bullet."""
    span: Span
    head: Span
    """Its first line, line end included."""
    below: int
    """Past the last line of its first paragraph: where a first nested line goes."""
    mark_at: int
    """Offset of the mark's byte."""
    text_span: Span
    fields: tuple[Field, ...] = ()
    children: tuple[Item, ...] = ()

    @property
    def touched(self) -> bool:
        """Whether the id is written in the document (derived ids are not)."""
        return not self.id.startswith("~")

    def value(self, key: str, default: str = "") -> str:
        """Value of the last field of that name; `default` when there is none."""
        return next((entry.value for entry in reversed(self.fields) if entry.key == key), default)

    def values(self, key: str) -> list[str]:
        """Values of all fields of that name, in order (`steer:` and `iterate:` repeat)."""
        return [entry.value for entry in self.fields if entry.key == key]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what follows up to the next heading of the same or a higher level."""

    kind: Kind | None
    title: str
    level: int
    line: int
    heading: Span
    body: Span
    """From after the heading line to the next heading of any level."""


@dataclass(frozen=True, slots=True)
class SignalRow:
    """A row of the table in `## Live Signals` (R142)."""

    signal: str
    state: str
    since: str
    action: str
    line: int
    span: Span


@dataclass(frozen=True, slots=True)
class Mute:
    """A line of `## Muted`: ``- `target` until when: reason (at) ^id``."""

    id: str
    target: str
    until: str
    """`it changes`, `next head`, `2026-11-21 10:42`, or `always`."""
    reason: str
    at: str
    line: int
    span: Span


@dataclass(frozen=True, slots=True)
class Pin:
    """A line of `## Pinned`: ``- `target`: reason ^id``."""

    id: str
    target: str
    reason: str
    line: int
    span: Span


@dataclass(frozen=True, slots=True)
class Budget:
    """What the loop may spend before it stops; None is no limit."""

    turns: int | None = None
    minutes: float | None = None
    tokens: int | None = None
    usd: float | None = None


@dataclass(frozen=True, slots=True)
class Controls:
    """The `cockpit:` block of the front matter, with the defaults of a spec that has none."""

    loop: LoopControl = "hold"
    mode: Mode = "copilot"
    agent: str = "shell"
    model: str = ""
    verify: str = ""
    wip: int = 1
    review: int = 3
    timeout: float = 30.0
    """Minutes an agent may run; an item's own `timeout:` goes first."""
    protect: tuple[str, ...] = ()
    budget: Budget = field(default_factory=Budget)
    hooks: Literal["on", "off"] = "off"
    """Whether the user's own git hooks see steering commits."""
    sign: Literal["on", "off"] = "on"
    """Whether commits are signed when git is configured to sign them."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the spec that we can go on without, told with its line."""

    line: int
    what: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One parsed version of the spec. Printing it is `data`: nothing is ever re-rendered."""

    data: bytes
    controls: Controls
    sections: tuple[Section, ...]
    items: tuple[Item, ...]
    """Top-level checkbox items of all sections, in document order (children hang below their parent)."""
    signals: tuple[SignalRow, ...]
    mutes: tuple[Mute, ...]
    pins: tuple[Pin, ...]
    problems: tuple[Problem, ...]
    goal: str
    """Text of the goal section, stripped; empty when there is none."""

    @property
    def queue(self) -> tuple[Item, ...]:
        """Items of `## Queue` in order."""
        return self.of(Kind.QUEUE)

    def of(self, kind: Kind) -> tuple[Item, ...]:
        """Items of all sections of that kind in order; nested ones hang below their parent."""
        return tuple(item for item in self.items if item.section is kind)

    def item(self, id: str) -> Item | None:
        """The item of that id (or derived key), nested ones included."""
        return next((item for item in self.walk() if item.id == id), None)

    def walk(self) -> list[Item]:
        """All items, children after their parent."""
        found: list[Item] = []
        waiting = list(reversed(self.items))
        while waiting:
            item = waiting.pop()
            found.append(item)
            waiting.extend(reversed(item.children))
        return found

    def section(self, kind: Kind) -> Section | None:
        """The first section of that kind."""
        return next((section for section in self.sections if section.kind is kind), None)


class SpecError(Exception):
    """The spec cannot be read at all (not UTF-8, broken front matter): the last good one stays in force."""

    def __init__(self, line: int, what: str, remedy: str = "") -> None:
        super().__init__(what)
        self.line = line
        self.what = what
        self.remedy = remedy

    def __str__(self) -> str:
        return f"line {self.line}: {self.what}" + (f" ({self.remedy})" if self.remedy else "")


class NoSuchItem(KeyError):
    """An edit found no item, mute or pin of that id in the bytes at hand."""

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self.id = id

    def __str__(self) -> str:
        return f"the spec has no item {self.id}"
