"""Whether what results go to is green by the spec's own checks: `verify:` and the ticked criteria (R35, R67).

Pure: what must be green is told by the document, what is known by the proofs of that tree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from cockpit.clean import line
from cockpit.facts import Ran
from cockpit.spec import Document, criteria, fields, rules


@dataclass(frozen=True, slots=True)
class Wanted:
    """A command that must stay green."""

    command: str
    seconds: float
    """How long it may take."""
    name: str = ""
    """Of the ticked criterion that it belongs to; empty for `verify:`."""


@dataclass(frozen=True, slots=True)
class Base:
    """The tip of a branch, and what is known of it. `commit` is empty where there is none."""

    name: str = ""
    """Its short name."""
    commit: str = ""
    missing: tuple[Wanted, ...] = ()
    """What is still to be run there."""
    red: tuple[Ran, ...] = ()
    dark: tuple[Ran, ...] = ()
    """What could not be judged; it stops nothing."""
    wanted: int = 0
    """How many commands must be green; 0 when the spec names none, or the check is off."""
    since: float = 0.0
    """What was not green before then is looked at again."""

    @property
    def state(self) -> Literal["green", "red", "unknown", "none"]:
        """`green` only when all ran and were green; `none` when there is nothing to be held to."""
        if self.red:
            return "red"
        if not self.wanted:
            return "none"
        return "unknown" if self.missing or self.dark else "green"

    @property
    def words(self) -> str:
        """What is red since when, and how the loop goes on; empty when nothing is."""
        if not self.red:
            return ""
        first, more = self.red[0], len(self.red) - 1
        others = f" and {more} more" if more else ""
        ran = f"`{line(first.command, 60)}`{others} is red on {line(self.name, 60)} since {line(first.since, 80)}"
        return f"{ran}: {line(first.words, 80)}; mend it there, or n lets the head do it; h, c runs it again"

    @property
    def told(self) -> str:
        """One line for the engine's log."""
        return f"{line(self.name, 60)} at {self.commit[:12]}: {self.words or self.unjudged or self.state}"

    @property
    def unjudged(self) -> str:
        """What could not be judged, for the human to know; empty when all could."""
        return "; ".join(
            f"`{line(one.command, 60)}` on {line(self.name, 60)} is unknown: {line(one.words, 80)}; it stops nothing"
            for one in self.dark[:2]
        )


def off(document: Document) -> bool:
    """Whether a red base holds nothing: `checks: {off: [base]}`."""
    return rules.BASE in document.controls.rule("checks", rules.OFF)


def wanted(document: Document) -> tuple[Wanted, ...]:
    """What must be green on the base: `verify:` first, for it may build what the ticked criteria run."""
    controls = document.controls
    limit = controls.timeout
    found = [Wanted(command, limit * 60) for command in fields.commands(None, controls)]
    found += [
        Wanted(command, (fields.minutes(entry.item, controls) or limit) * 60, entry.name)
        for entry in criteria(document)
        if entry.ticked
        for command in entry.commands
    ]
    once: dict[str, Wanted] = {}
    for one in found:
        once.setdefault(one.command, one)
    return tuple(once.values())


def base(must: tuple[Wanted, ...], known: Mapping[str, Ran], *, name: str, commit: str, since: float) -> Base:
    """What is known of a commit. `known` are the last words on its tree by command; `since` is when the loop was last
    set on, epoch seconds: what was not green before that is looked at again, for the human may have mended the machine.
    """
    if not commit:
        return Base()
    told = [ran for one in must if (ran := known.get(one.command)) and (ran.result == "green" or ran.at >= since)]
    have = {ran.command for ran in told}
    return Base(
        name=name,
        commit=commit,
        missing=tuple(one for one in must if one.command not in have),
        red=tuple(ran for ran in told if ran.result == "red"),
        dark=tuple(ran for ran in told if ran.result == "unknown"),
        wanted=len(must),
        since=since,
    )


def checking(found: Base) -> str:
    """What is waited for before anything begins."""
    first = found.missing[0]
    return f"`{line(first.command, 60)}` runs on {line(found.name, 60)} first: nothing is built on a red base"
