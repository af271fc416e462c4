"""Check 2: the item's own commands, run by us, never believed from an agent (R9)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from cockpit.clean import line
from cockpit.facts import Result
from cockpit.verify import reports
from cockpit.verify.bench import Bench
from cockpit.verify.case import Case, names
from cockpit.verify.demanded import demanded, minutes
from cockpit.verify.known import told
from cockpit.verify.scratch import Scratch
from cockpit.verify.steps import run_all


class Verified(NamedTuple):
    """What the verification came to."""

    result: Result
    evidence: str
    """Each command with its exit and seconds, the commit, what was restored."""
    output: str = ""
    """What they printed, verbatim, cleaned."""
    printed: str = ""
    """The same without the names of the commands."""
    reports: tuple[str, ...] = ()
    """Reports that it wrote, kept in the turn's folder."""
    scratch: str = ""
    """Where it ran."""
    proved: tuple[str, ...] = ()
    """The commands that ended with 0."""
    on_base: str = ""
    """The command that is red, where it is red on the target too."""
    ended: Mapping[str, str] = {}
    """How each command that ran ended."""


def verification(case: Case, bench: Bench) -> Verified:
    """Run all commands of the item in the scratch, up to the first that is red: an agent is told all of them, so all of
    them prove its result. Raises CockpitError when the scratch cannot be made.
    """
    steps = demanded(case)
    if not steps:
        return Verified("n/a", "no verification command named (write `verify:` below the item or in the front matter)")
    if case.since:
        evidence = f"{', '.join(step.title for step in steps)} {told(case.since)}"
        return Verified("pass", evidence, ended={step.command: "exit 0" for step in steps})
    place = bench.place(case)
    globs = case.controls.reports
    before = reports.stamps(place.folder, globs) if case.turn else {}
    ran = run_all(steps, place.folder, minutes(case) * 60)
    kept = reports.keep(place.folder, globs, before, case.turn.folder) if case.turn else []
    since = None if ran.green else case.on_base().get(ran.decisive.command)
    evidence = f"{ran.words} on {place.commit[:10]}{_notes(place)}"
    return Verified(
        result="pass" if ran.green else "fail",
        evidence=evidence if since is None else f"red on the base too, since {since}: {evidence}",
        output=ran.output,
        printed=ran.printed,
        reports=tuple(kept),
        scratch=str(place.folder),
        proved=tuple(step.command for step, one in zip(ran.steps, ran.runs, strict=False) if one.code == 0),
        on_base="" if since is None else ran.decisive.command,
        ended=ran.ended,
    )


def _notes(place: Scratch) -> str:
    notes = ""
    if place.restored:
        notes += f"; as on the target: {names([change.path for change in place.restored])}"
    if place.left_out:
        notes += f"; left out: {names([change.path for change in place.left_out])}"
    return line(notes, 400) if notes else ""
