"""Check 11: nothing is left lying about: conflict markers, calls of a debugger, stubs, files that programs leave."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from cockpit.facts import Spot
from cockpit.spec.globs import matches
from cockpit.verify.case import Case
from cockpit.verify.checks.data import rules
from cockpit.verify.finding import Finding, told

_MARKERS = ("<<<<<<< ", "=======", ">>>>>>> ")
_PROSE = ("*.md", "*.rst", "*.txt", "*.adoc")


@dataclass(frozen=True, slots=True)
class Rule:
    """A line or a file that is debris; `sure` is proof."""

    name: str
    files: tuple[str, ...]
    pattern: re.Pattern[str]
    sure: bool


def debris(case: Case) -> Finding:
    """Only lines and files that the branch adds. The project's own `forbid` words fail wherever they come in."""
    lines, left = _rules()
    forbid = [word for word in case.rule("debris", "forbid") if word]
    bad = [
        Spot(change.path, 0, rule.name)
        for change in case.changes
        if change.status == "A" and not case.excepted("debris", change.path)
        for rule in left
        if matches(change.path, rule.files)
    ]
    notes: list[Spot] = []
    markers: dict[str, list[int]] = {}
    for hunk in case.patch.hunks:
        if case.excepted("debris", hunk.path):
            continue
        here = [rule for rule in lines if matches(hunk.path, rule.files)]
        for number, text in enumerate(hunk.added, hunk.new):
            step = markers.setdefault(hunk.path, [])
            if len(step) < len(_MARKERS) and text.startswith(_MARKERS[len(step)]):
                step.append(number)
            bad += [Spot(hunk.path, number, f"has `{word}`") for word in forbid if word in text]
            for rule in here:
                if rule.pattern.search(text):
                    (bad if rule.sure else notes).append(Spot(hunk.path, number, f"{rule.name} `{text.strip()[:60]}`"))
    whole = {path: step[0] for path, step in markers.items() if len(step) == len(_MARKERS)}
    for path, number in whole.items():
        (notes if matches(path, _PROSE) else bad).append(Spot(path, number, "conflict markers"))
    return told(bad, notes, fine="nothing is left lying about", remedy="take it out")


@cache
def _rules() -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    table = rules("debris")
    lines, left = (
        tuple(
            Rule(row["name"], tuple(row["files"]), re.compile(row.get("pattern", "")), row.get("sure", True))
            for row in table[sort]
        )
        for sort in ("line", "file")
    )
    return lines, left
