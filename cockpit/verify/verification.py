"""Check 2: the item's own command, run by us, never believed from an agent (R9)."""

from __future__ import annotations

from typing import NamedTuple

from cockpit.clean import line
from cockpit.facts import Result
from cockpit.spec import fields
from cockpit.verify import reports
from cockpit.verify.bench import Bench
from cockpit.verify.case import Case, names
from cockpit.verify.command import run
from cockpit.verify.scratch import Scratch


class Verified(NamedTuple):
    """What the verification came to."""

    result: Result
    evidence: str
    """Command, exit, seconds, commit, what was restored."""
    output: str = ""
    """What it printed, verbatim, cleaned."""
    reports: tuple[str, ...] = ()
    """Reports that it wrote, kept in the turn's folder."""
    scratch: str = ""
    """Where it ran."""


def verification(case: Case, bench: Bench) -> Verified:
    """Run the item's command in the scratch. Raises CockpitError when that cannot be made."""
    command = command_of(case)
    if not command:
        return Verified("n/a", "no verification command named (write `verify:` below the item or in the front matter)")
    place = bench.place(case)
    globs = case.controls.reports
    before = reports.stamps(place.folder, globs) if case.turn else {}
    ran = run(command, place.folder, minutes(case) * 60)
    kept = reports.keep(place.folder, globs, before, case.turn.folder) if case.turn else []
    evidence = f"`{line(command, 120)}` {ran.words} in {ran.seconds:.1f} s on {place.commit[:10]}{_notes(place)}"
    return Verified("pass" if ran.code == 0 else "fail", evidence, ran.output, tuple(kept), str(place.folder))


def command_of(case: Case) -> str:
    """The item's last `verify:`, else the front matter's; empty when there is none."""
    named = fields.commands(case.item, case.controls)
    return named[-1] if named else ""


def minutes(case: Case) -> float:
    """The item's `timeout:`, else the front matter's."""
    found = fields.minutes(case.item, case.controls) if case.item else None
    return found or case.controls.timeout


def _notes(place: Scratch) -> str:
    notes = ""
    if place.restored:
        notes += f"; as on the target: {names([change.path for change in place.restored])}"
    if place.left_out:
        notes += f"; left out: {names([change.path for change in place.left_out])}"
    return line(notes, 400) if notes else ""
