"""The living spec as plain data: sections, controls, standing orders, what is wrong (design, section 4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from cockpit.spec.item import Kind, Span
from cockpit.spec.rules import Rules

LoopControl = Literal["on", "step", "hold"]
Mode = Literal["copilot", "auto"]
Gate = Literal["scope", "verdict"]
UNSAID = "Say in a sentence what this work is for."
"""The goal of a spec that nobody has given one: none."""


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
class Limits:
    """What may be spent; None is no limit."""

    turns: int | None = None
    minutes: float | None = None
    tokens: int | None = None
    usd: float | None = None


@dataclass(frozen=True, slots=True)
class Budget(Limits):
    """What the loop may spend from when it is set on, before it stops."""

    day: Limits = field(default_factory=Limits)
    """What may be spent from midnight on, whatever the loop did (R168)."""


@dataclass(frozen=True, slots=True)
class Rest:
    """Where the loop stops by itself: after so many merges, or at a time of the day."""

    merges: int = 0
    at: str = ""
    """`18:00`, local time."""

    @property
    def words(self) -> str:
        """As the front matter has it."""
        times = "merge" if self.merges == 1 else f"{self.merges} merges"
        return f"rests: at {self.at}" if self.at else f"rests: every {times}"


@dataclass(frozen=True, slots=True)
class Controls:
    """The `cockpit:` block of the front matter, with the defaults of a spec that has none."""

    loop: LoopControl = "hold"
    mode: Mode = "copilot"
    gates: tuple[Gate, ...] | None = None
    """Where the loop waits for the human, whatever the mode; None is what the mode means (`gates.closed`)."""
    agent: str = "shell"
    model: str = ""
    opinion: str = ""
    """The agent that looks at each result before the human does (R190); empty: none."""
    verify: tuple[str, ...] = ()
    """The commands that prove a result, each as an item's `verify:` has it, with or without a name."""
    wip: int = 1
    review: int = 3
    reentries: int = 2
    """Turns in a row that begin by themselves after an agent stopped where nobody needed it (R169)."""
    timeout: float = 30.0
    """Minutes an agent may run; an item's own `timeout:` goes first."""
    protect: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    """What delegates may do without asking: commands and files (`spec.permits.granted`)."""
    reports: tuple[str, ...] = ()
    """Globs of the files that tests and checks write, from the top of the repository."""
    budget: Budget = field(default_factory=Budget)
    exit: Literal["feature", "direct"] = "feature"
    """Where accepted results go while the spec is on a trunk: to a feature branch off it, or straight into it."""
    feature: str = ""
    """Name of that feature branch, written by the engine when it makes the branch."""
    land: str = ""
    """The human's yes to the whole: the commit of the feature branch that was reviewed."""
    size: int = 700
    """Lines a result should not have more of; an item that looks larger is put to the human before it is sent."""
    rounds: int = 3
    """Reviewed turns after which a line stops when its review still finds something; an item's own goes first."""
    precommit: Literal["on", "off"] = "off"
    """Whether what delegates commit is checked by a hook of ours first."""
    pace: float = 0.0
    """Minutes that are at least between two dispatches while the loop is on; 0: none."""
    layers: int = 16
    """What may be alive at once before it is too much: running, waiting, briefs, pins, mutes, open decisions."""
    drift: int = 4
    """Merged items in a row that serve no part of the goal, before the loop stops (`select.rests`)."""
    rests: tuple[Rest, ...] = ()
    """Where the loop rests until the human sets it on again."""
    hooks: Literal["on", "off"] = "off"
    """Whether the user's own git hooks see steering commits."""
    sign: Literal["on", "off"] = "on"
    """Whether commits are signed when git is configured to sign them."""
    checks: tuple[Rules, ...] = ()
    """What `checks:` adds to the fourteen checks; `off` is a rule of its own."""

    def rule(self, check: str, key: str) -> tuple[str, ...]:
        """The values of one key of one check, empty when none is written."""
        return tuple(value for rule in self.checks if (rule.check, rule.key) == (check, key) for value in rule.values)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the spec that we can go on without, told with its line."""

    line: int
    what: str
    remedy: str = ""


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


class Ambiguous(NoSuchItem):
    """An edit by an id that several items have."""

    def __init__(self, id: str, lines: list[int]) -> None:
        super().__init__(id)
        self.lines = lines

    def __str__(self) -> str:
        return f"{self.id} is on " + " and ".join(f"line {line}" for line in self.lines)
