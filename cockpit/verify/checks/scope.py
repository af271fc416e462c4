"""Check 3: the branch changes something, all of it where the item says, never what is the human's."""

from __future__ import annotations

from cockpit.facts import Spot
from cockpit.spec.globs import matches
from cockpit.verify.case import Case, Change, names
from cockpit.verify.finding import Finding


def scope(case: Case) -> Finding:
    """Inside the item's `paths:`; never the spec or `.cockpit/`, unless no delegate made the branch."""
    paths = [change.path for change in case.changes]
    if not paths:
        if case.turn is None:
            return Finding("pass", "no change against the target")
        if case.kind in ("ops", "data"):
            return Finding("pass", f"no change, as may be with kind {case.kind}")
        answer = case.turn.answer
        if case.turn.dispatch.agent == "shell" and answer is not None and answer.source == "exit status":
            # The human's own command, a step that code leads (R176): a formatter may find nothing to do, a check never.
            return Finding("n/a", "no change: a command of yours, which ended with exit status 0")
        return Finding("fail", "no change on the branch")
    own = [change for change in case.changes if change.path.startswith(".cockpit/")]
    if own:
        return _fail(f"changes the cockpit's own {names([change.path for change in own])}", own)
    if case.turn and case.places.spec_name in paths:
        spec = [change for change in case.changes if change.path == case.places.spec_name]
        return _fail(f"changes the spec {case.places.spec_name}, which is the human's", spec)
    if not case.paths:
        return Finding("pass", f"no paths named on the item; {case.stat}" if case.item else case.stat)
    outside = [change for change in case.changes if not matches(change.path, case.paths)]
    if outside:
        return _fail(f"outside of {names(list(case.paths))}: {names([change.words for change in outside])}", outside)
    return Finding("pass", f"all inside {names(list(case.paths))}; {case.stat}")


def _fail(evidence: str, changes: list[Change]) -> Finding:
    return Finding("fail", evidence, tuple(Spot(change.path, 0, "out of scope") for change in changes))
