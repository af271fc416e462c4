"""What the ranking gives: signals, each with all its reasons in words and numbers (law 5)."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.sense.events import Level

VERSION = 1
"""Of the key function (`keys`): a family's id begins with it, so that a changed rule never mixes two families."""


@dataclass(frozen=True, slots=True)
class Term:
    """One part of a score: the feature, what it adds to the score, and why, in words with numbers."""

    name: str
    value: float
    words: str


@dataclass(frozen=True, slots=True)
class Signal:
    """One row of the signals pane. Times are epoch seconds."""

    family: str
    """Stable id: version of the key function, kind, a hash of the key."""
    key: str
    """What it is about; a mute or a pin names it."""
    what: str
    """One line."""
    state: str
    since: float
    """When it last changed: another state, error, level; a feature that came."""
    action: str
    """The act it suggests: inspect, continue, recycle, re-run, open, review, answer, mute."""
    item: str
    kind: str
    """The kind of its events (docs/events.md)."""
    source: str
    rule: str
    """The tool and its rule that found it: `ruff/E501`; empty for all that is no finding."""
    delegate: str
    """The one delegate that says it; empty when several do, or none."""
    paths: tuple[str, ...]
    """Files it concerns."""
    level: Level
    reasons: tuple[str, ...]
    """Chips: what weighs most, at most 40 characters each."""
    terms: tuple[Term, ...]
    """All parts of the score, the largest first."""
    evidence: tuple[str, ...]
    """Lines that prove it, the most telling first."""
    events: tuple[int, ...]
    """Ids of at most ten events, the most telling first."""
    first: float
    last: float
    count: int
    suspects: tuple[str, ...]
    """Commits and upgrades that may have brought it, the likeliest first."""
    closes: str
    """What would end it, in words."""
    pinned: bool
    blocks: bool
    """It is what the head of a queue waits for: no mute hides it, but one keeps it from pausing the loop."""
    notify: bool
    """It is worth an interruption now (`notify.Notifier` has the policy)."""
    score: float
    muted: str = ""
    """Why it stands on the shelf; a row of the ranking has none."""
    mute: str = ""
    """Key of the mute that means it: `mute/ID` of the spec; a row of the ranking has one only when it blocks."""
    folded: int = 0
    """How many other rows it stands for."""
