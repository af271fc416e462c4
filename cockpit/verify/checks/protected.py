"""Check 9: no protected file is changed or deleted, no test is weakened (R184)."""

from __future__ import annotations

from cockpit.facts import Spot
from cockpit.spec.globs import matches
from cockpit.verify.case import Case, names
from cockpit.verify.finding import Finding


def protected(case: Case) -> Finding:
    """The item's own `paths:` may declare a protected file; then it is the item's to change."""
    if not case.protect:
        return Finding("n/a", "nothing is protected (name globs in the front matter: protect)")
    broken = [change for change in case.protected if change.status != "A"]
    added = [change.words for change in case.protected if change.status == "A"]
    if broken:
        spots = tuple(Spot(change.path, 0, "protected") for change in broken)
        return Finding("fail", names([change.words for change in broken]), spots)
    exempt = [change for change in case.changes if matches(change.path, case.protect) and change not in case.protected]
    notes = [names(added)] if added else []
    if exempt:
        notes.append(f"declared by paths: {names([change.words for change in exempt])}")
    return Finding("pass", "; ".join(notes) or f"nothing under {names(list(case.protect))} is touched")
