"""Check 13: it merges with the target; with another delegate's unmerged branch a conflict is only foretold."""

from __future__ import annotations

from cockpit.clean import line
from cockpit.facts import Spot
from cockpit.persist import branches, git
from cockpit.verify.case import Case, names
from cockpit.verify.finding import Finding


def conflicts(case: Case) -> Finding:
    """By git's merge in the object database, the spec merged by its items."""
    if case.conflicts:
        words = f"conflicts with the target in {names([line(path, 120) for path in case.conflicts])}"
        return Finding("fail", words, tuple(Spot(path, 0, "conflicts with the target") for path in case.conflicts))
    warnings: list[str] = []
    for other in case.others:
        tip = git.tip(case.places, f"refs/heads/{other.dispatch.branch}")
        if tip is None or tip == case.head or branches.is_merged(case.places, tip, case.base):
            continue  # no branch yet, gone, or in: nothing to conflict with
        files = branches.merge_tree(case.places, case.head, tip).conflicts
        if files:
            warnings.append(f"would conflict with {other.item} in {names([line(path, 120) for path in files])}")
    return Finding("pass", names(warnings) or "merges with the target")
