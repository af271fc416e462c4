"""The checks that are real now: scope, protected paths, conflicts, the answer. Each gives a result and its evidence."""

from __future__ import annotations

from cockpit.clean import line
from cockpit.facts import Result, Turn
from cockpit.persist import branches, git
from cockpit.spec.globs import matches
from cockpit.verify.case import Case, names

Finding = tuple[Result, str]


def scope(case: Case) -> Finding:
    """Check 3: the branch changes something, all of it inside the item's `paths:`, never the spec or `.cockpit/`."""
    paths = [change.path for change in case.changes]
    if not paths:
        if case.kind in ("ops", "data"):
            return "pass", f"no change, as may be with kind {case.kind}"
        return "fail", "no change on the branch"
    own = [path for path in paths if path.startswith(".cockpit/")]
    if own:
        return "fail", f"changes the cockpit's own {names(own)}"
    if case.places.spec_name in paths:
        return "fail", f"changes the spec {case.places.spec_name}, which is the human's"
    if not case.paths:
        return "pass", f"no paths named on the item; {case.stat}"
    outside = [change.words for change in case.changes if not matches(change.path, case.paths)]
    if outside:
        return "fail", f"outside of {names(list(case.paths))}: {names(outside)}"
    return "pass", f"all inside {names(list(case.paths))}; {case.stat}"


def protected(case: Case) -> Finding:
    """Check 9: no protected file is changed or deleted, unless the item's own `paths:` declares it (R184)."""
    if not case.protect:
        return "n/a", "nothing is protected (name globs in the front matter: protect)"
    broken = [change.words for change in case.protected if change.status != "A"]
    added = [change.words for change in case.protected if change.status == "A"]
    if broken:
        return "fail", names(broken)
    exempt = [change for change in case.changes if matches(change.path, case.protect) and change not in case.protected]
    notes = [names(added)] if added else []
    if exempt:
        notes.append(f"declared by paths: {names([change.words for change in exempt])}")
    return "pass", "; ".join(notes) or f"nothing under {names(list(case.protect))} is touched"


def conflicts(case: Case) -> Finding:
    """Check 13: it merges with the target; with another delegate's unmerged branch a conflict is only foretold."""
    if case.conflicts:
        return "fail", f"conflicts with the target in {names([line(path, 120) for path in case.conflicts])}"
    warnings: list[str] = []
    for other in case.others:
        tip = git.tip(case.places, f"refs/heads/{other.dispatch.branch}")
        if tip is None or tip == case.head or branches.is_merged(case.places, tip, case.base):
            continue  # no branch yet, gone, or in: nothing to conflict with
        files = branches.merge_tree(case.places, case.head, tip).conflicts
        if files:
            warnings.append(f"would conflict with {other.item} in {names([line(path, 120) for path in files])}")
    return "pass", names(warnings) or "merges with the target"


def answer(turn: Turn) -> Finding:
    """Check 14: the answer file is there, well formed, says done, and says what was done."""
    if "answer.json" in turn.broken:
        return "fail", line(turn.broken["answer.json"])
    if turn.answer is None:
        return "fail", "the agent left no answer"
    if turn.answer.source == "exit status":
        return "n/a", "this agent gives no answer; its exit status stands for it"
    if turn.answer.status != "done":
        words = turn.answer.question or turn.answer.summary
        return "fail", line(f"the answer says {turn.answer.status}: {words}")
    if not turn.answer.summary.strip():
        return "fail", "the answer's summary is empty"
    return "pass", line(turn.answer.summary)
