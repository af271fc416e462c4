"""Check 1: the acceptance criteria that have a command, each run by us, never believed of an agent (R17, R255)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cockpit.clean import line
from cockpit.facts import Result
from cockpit.paths import Places
from cockpit.spec import Controls, Criterion, fields
from cockpit.verify.bench import Bench
from cockpit.verify.case import Case
from cockpit.verify.command import Run
from cockpit.verify.known import told
from cockpit.verify.scratch import bare
from cockpit.verify.steps import run_all


@dataclass(frozen=True, slots=True)
class Tried:
    """A criterion's commands and how the one ended that decides: the first that is red, or the last."""

    criterion: Criterion
    ran: Run

    @property
    def green(self) -> bool:
        """Whether it ended with 0."""
        return self.ran.code == 0

    @property
    def words(self) -> str:
        """``a1 `make fast` exit 1: too slow``."""
        said = next((text for text in reversed(self.ran.output.split("\n")) if text.strip()), "")
        told = f"{self.criterion.name} `{line(self.criterion.command, 80)}` {self.ran.words}"
        return told if self.green or not said else f"{told}: {line(said.strip(), 100)}"


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What the criteria come to for one result."""

    result: Result
    evidence: str
    output: str = ""
    """What the red ones printed."""
    green: tuple[Criterion, ...] = ()
    """Open ones that are met."""
    proved: tuple[str, ...] = ()
    """The commands of all that are met."""
    on_base: tuple[str, ...] = ()
    """The commands that are red on the target too."""
    ended: Mapping[str, str] = field(default_factory=dict[str, str])
    """How the command of each ended."""


def try_all(criteria: Iterable[Criterion], controls: Controls, folder: Path) -> list[Tried]:
    """Run the commands of each criterion that has some, one after another. Raises what `run` raises."""
    return [
        Tried(entry, run_all(entry.steps, folder, 60 * (fields.minutes(entry.item, controls) or controls.timeout)).last)
        for entry in criteria
        if entry.steps
    ]


def try_on(places: Places, commit: str, criteria: Sequence[Criterion], controls: Controls) -> list[Tried]:
    """The same in a scratch worktree of a commit, never in the human's checkout. Raises CockpitError."""
    with bare(places, commit, "acceptance") as folder:
        return try_all(criteria, controls, folder)


def acceptance(case: Case, bench: Bench) -> Acceptance:
    """The finding: a ticked criterion that is red is a regression and fails, so does one that the item's `accept:`
    names; an open one that is red is work to come. Raises CockpitError when there is no tree to run on.
    """
    if not case.criteria:
        return Acceptance("n/a", "no acceptance criteria in the spec")
    required = fields.accept_ids(case.item) if case.item else []
    unknown = [id for id in required if id not in {entry.item.id for entry in case.criteria}]
    commands = [entry for entry in case.criteria if entry.command]
    if case.since:
        tried = [Tried(entry, Run(0, 0.0, "")) for entry in commands]
    else:
        tried = try_all(commands, case.controls, bench.place(case).folder) if commands else []
    red = [entry for entry in tried if not entry.green]
    broken = [entry for entry in red if entry.criterion.ticked]
    known: Mapping[str, str] = case.on_base() if broken else {}
    old = [command for entry in broken for command in entry.criterion.commands if command in known]
    before = [entry for entry in broken if not known.keys().isdisjoint(entry.criterion.commands)]
    since = f", since {known[old[0]]}" if old else ""
    missed = [entry for entry in red if not entry.criterion.ticked and entry.criterion.item.id in required]
    to_come = [entry for entry in red if entry not in broken and entry not in missed]
    met = [entry.criterion for entry in tried if entry.green]
    parts = (
        ("no such criterion", ", ".join(unknown)),
        ("regression", "; ".join(entry.words for entry in broken if entry not in before)),
        (f"red on the base too{since}", "; ".join(entry.words for entry in before)),
        ("not met", "; ".join(entry.words for entry in missed)),
        ("met", ", ".join(entry.name + ("" if entry.ticked else " (new)") for entry in met)),
        ("still open", "; ".join(entry.words for entry in to_come)),
        ("measured after the merge", ", ".join(entry.name for entry in case.criteria if entry.measured)),
        ("yours to judge", ", ".join(entry.name for entry in case.criteria if entry.yours)),
    )
    failed = broken or missed or unknown
    return Acceptance(
        result="fail" if failed else "pass" if tried else "n/a",
        evidence="; ".join(f"{title}: {line(words, 300)}" for title, words in parts if words)
        + (f"; {told(case.since)}" if case.since and tried else ""),
        output="".join(f"$ {entry.criterion.command}\n{entry.ran.output.rstrip()}\n" for entry in red),
        green=tuple(entry for entry in met if not entry.ticked),
        proved=tuple(step.command for entry in met for step in entry.steps),
        on_base=tuple(old),
        ended={entry.criterion.command: entry.ran.words for entry in tried},
    )
