"""Check 9: no protected file is changed or deleted, no test is weakened (R184)."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import PurePosixPath

from cockpit.facts import Spot
from cockpit.spec.globs import matches, names_something
from cockpit.verify.case import Case, names
from cockpit.verify.checks.weakened import configured, is_config, is_golden, is_partly_config, language, weakened
from cockpit.verify.finding import Finding, told

REMEDY = "fix the code, not the test (if the test is wrong, the item says so: name its file in `paths:`)"
_TESTS = re.compile(r"(?i)\b(?:tests?|specs?|expect\w*|snapshots?|goldens?|coverage)\b")


def protected(case: Case) -> Finding:
    """Files under `protect:` first, then what became of the tests, wherever they are."""
    files = _files(case)
    bad, notes, touched = _tests(case)
    if not touched:
        return files
    if not bad and files.result != "fail":
        tests = told([], notes, fine=f"no test is weakened ({touched} looked at)", remedy="")
        if files.result == "n/a":
            return tests
        return Finding("pass", f"{files.evidence}; {tests.evidence}" if notes else files.evidence, tests.spots)
    if not bad:
        return files
    tests = told(bad, [], fine="", remedy=REMEDY)
    words = f"{files.evidence}; {tests.evidence}" if files.result == "fail" else tests.evidence
    return Finding("fail", words, (*files.spots, *tests.spots))


def _files(case: Case) -> Finding:
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
    exact = {pattern.removeprefix("./") for pattern in case.paths}
    return lambda path: free or path in exact


def _said(case: Case) -> Callable[[str], bool]:
    """Whether the item says that what a test expects may change: by `paths:`, by its name, or by speaking of tests."""
    named = _named(case)
    declared = [pattern for pattern in case.paths if names_something(pattern)]
    text = case.item.text if case.item else ""
    speaks = _TESTS.search(text) is not None
    return lambda path: named(path) or speaks or matches(path, declared) or PurePosixPath(path).name in text
