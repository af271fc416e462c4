"""Check 9: no protected file is changed or deleted, nothing of `keep:` is touched, no test weakened (R184, R250)."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import PurePosixPath

from cockpit.clean import line
from cockpit.facts import Spot
from cockpit.persist import tree
from cockpit.spec.globs import matches, names_something
from cockpit.verify.case import Case, names
from cockpit.verify.checks.kept import kept
from cockpit.verify.checks.weakened import configured, is_config, is_golden, is_partly_config, language, weakened
from cockpit.verify.finding import Finding, told
from cockpit.verify.landed import exact

REMEDY = "fix the code, not the test (if the test is wrong, the item says so: name its file in `paths:`)"
_TESTS = re.compile(r"(?i)\b(?:tests?|specs?|expect\w*|snapshots?|goldens?|coverage)\b")


def protected(case: Case) -> Finding:
    """Files under `protect:` first, then what `keep:` names, then what became of the tests, wherever they are."""
    bad, notes, touched = _tests(case)
    parts = [_files(case), kept(case)]
    if touched:
        parts.append(told(bad, notes, fine=f"no test is weakened ({touched} looked at)", remedy=REMEDY))
    failed = [part for part in parts if part.result == "fail"]
    if failed:
        return _joined(failed)
    seen = [part for part in parts if part.result == "pass"]
    return _joined([part for part in seen if part is seen[0] or part.spots]) if seen else parts[0]


def _joined(parts: list[Finding]) -> Finding:
    spots = tuple(spot for part in parts for spot in part.spots)
    return Finding(parts[0].result, "; ".join(part.evidence for part in parts), spots)


def _files(case: Case) -> Finding:
    """The item's own `paths:` may declare a protected file, and it is the item's to change; but none of its `keep:`."""
    files = [guard.what for guard in case.guards if guard.kind == "file"]
    broken = [change for change in case.protected if change.status != "A"]
    if not case.protect and not files and not broken:
        return Finding("n/a", "nothing is protected (name globs in the front matter: protect)")
    added = [change.words for change in case.protected if change.status == "A"]
    if broken:
        said = {change.path: _why(case, change.path) for change in broken}
        spots = tuple(Spot(change.path, 0, said[change.path] or "protected") for change in broken)
        words = [change.words + (f", {said[change.path]}" if said[change.path] else "") for change in broken]
        return Finding("fail", names(words), spots)
    globs = [*case.protect, *files]
    there = [*tree.entries(case.places, case.base), *(change.path for change in case.changes)]
    idle = [glob for glob in globs if not any(matches(path, [glob]) for path in there)]
    live = [glob for glob in globs if glob not in idle]
    exempt = [change for change in case.changes if matches(change.path, case.protect) and change not in case.protected]
    notes = [names(added)] if added else []
    if exempt:
        notes.append(f"declared by paths: {names([change.words for change in exempt])}")
    if live and not notes:
        notes.append(f"nothing under {names(live)} is touched")
    if idle:
        notes.append(f"no file is named by {names(idle)}: nothing is protected by it")
    return Finding("pass", "; ".join(notes))


def _why(case: Case, path: str) -> str:
    """That `keep:` names the file; empty when it doesn't."""
    return next((f"which keep: names ({line(guard.what, 80)})" for guard in case.guards if guard.covers(path)), "")


def _tests(case: Case) -> tuple[list[Spot], list[Spot], int]:
    """What is proved, what is to be looked at, and how many files of tests the branch touches."""
    hunks = [hunk for hunk in case.patch.hunks if not case.excepted("tests", hunk.path)]
    tests = [hunk for hunk in hunks if language(hunk.path)]
    config = [
        hunk for hunk in hunks if not language(hunk.path) and (is_config(hunk.path) or is_partly_config(hunk.path))
    ]
    golden = [
        Spot(change.path, 0, "is what tests compare with, and is edited")
        for change in case.changes
        if change.status != "A" and is_golden(change.path) and not case.excepted("tests", change.path)
    ]
    weak, values = weakened(tests)
    loose, edited = configured(config)
    named, said = _named(case), _said(case)
    bad = [spot for spot in (*weak, *loose) if not named(spot.path)]
    bad += [spot for spot in (*values, *golden) if case.item is not None and not said(spot.path)]
    notes = [spot for spot in (*weak, *loose, *values, *golden, *edited) if spot not in bad]
    touched = {hunk.path for hunk in (*tests, *config) if not is_partly_config(hunk.path)} | {
        spot.path for spot in golden
    }
    return bad, notes, len(touched) or len(loose)


def _named(case: Case) -> Callable[[str], bool]:
    """Whether the item gives a test up to the delegate: its very path is in `paths:`, or nothing is protected."""
    free = case.item is not None and case.item.value("protect").strip().strip("`").lower() == "none"
    named = exact(case.paths)
    return lambda path: free or path in named or any(one.gives_up(path) for one in case.landed)


def _said(case: Case) -> Callable[[str], bool]:
    """Whether the item says that what a test expects may change: by `paths:`, by its name, or by speaking of tests."""
    named = _named(case)
    declared = [pattern for pattern in case.paths if names_something(pattern)]
    text = case.item.text if case.item else ""
    speaks = _TESTS.search(text) is not None
    return lambda path: named(path) or speaks or matches(path, declared) or PurePosixPath(path).name in text
