"""Check 10: no secret comes in, neither by the change nor by a commit that was taken back later."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from cockpit.facts import Spot
from cockpit.persist.patch import Hunk
from cockpit.spec.globs import matches
from cockpit.verify.case import Case
from cockpit.verify.checks.data import rules
from cockpit.verify.finding import Finding, told

REMEDY = "take it out of the branch's history and change the secret (a sample: `checks: {secrets: {allow: [PATH]}}`)"
FILES, START = 200, 1 << 20
"""Binary files that are looked into, and how many bytes of each."""
KEY = "private key"
_BODY = re.compile(r"[A-Za-z0-9+/]{40,}")
_SAMPLE = re.compile(r"(?i)example|sample|placeholder|dummy|redacted|changeme|your[_-]|xxxx|0000000|1234567|abcdefg")
"""What a value has in it that is no secret: documentation is full of these."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How one sort of secret looks."""

    name: str
    hint: str
    pattern: re.Pattern[str]


def secrets(case: Case) -> Finding:
    """Only what the branch brings: a value that the target has, or had where the branch left it, is not its fault."""
    shapes, suspects = _shapes()
    found: dict[str, Spot] = {}
    notes: list[Spot] = []
    allow = case.rule("secrets", "allow")
    for hunk in (*case.patch.hunks, *case.patch.history):
        if matches(hunk.path, allow):
            continue
        for number, text in enumerate(hunk.added, hunk.new):
            for shape in shapes:
                value = _value(shape, hunk, number) if shape.hint in text else ""
                if value and not _SAMPLE.search(value):
                    later = f", in commit {hunk.commit[:10]} only" if hunk.commit else ""
                    found.setdefault(value, Spot(hunk.path, number, f"{shape.name}{later}"))
            if not hunk.commit:
                notes += [
                    Spot(hunk.path, number, shape.name)
                    for shape in suspects
                    if (hit := shape.pattern.search(text)) and not _SAMPLE.search(hit[1])
                ]
    for path, text in _binaries(case):
        for shape in () if matches(path, allow) else shapes:
            hit = shape.pattern.search(text) if shape.hint in text else None
            if hit and shape.name != KEY and not _SAMPLE.search(hit[0]):
                found.setdefault(hit[0], Spot(path, 0, shape.name))
    fresh = [spot for value, spot in found.items() if not _known(case, value)]
    return told(fresh, notes, fine="none comes in, by the change or by a commit in between", remedy=REMEDY)


def _value(shape: Shape, hunk: Hunk, number: int) -> str:
    """The secret on a line that came, empty for none. Of a private key it is the first line of the key itself."""
    at = number - hunk.new
    hit = shape.pattern.search(hunk.added[at])
    if hit is None or shape.name != KEY:
        return hit[0] if hit else ""
    behind = hunk.added[at][hit.end() :]
    body = _BODY.search("\n".join((behind, *hunk.added[at + 1 : at + 5])))
    return body[0] if body else ""  # the words alone are no key


def _binaries(case: Case) -> Iterator[tuple[str, str]]:
    """What git shows no lines of: one zero byte hides a file from a diff, not from who clones it."""
    shown = {hunk.path for hunk in case.patch.hunks}
    hidden = [change for change in case.changes if change.path not in shown and change.mode.startswith("100")]
    for change in hidden[:FILES]:
        yield change.path, case.patch.start(change.after, START).decode("ascii", "replace")


def _known(case: Case, value: str) -> bool:
    return any(case.patch.grep([value], commit, whole=False, most=1) for commit in {case.base, case.patch.fork})


@cache
def _shapes() -> tuple[tuple[Shape, ...], tuple[Shape, ...]]:
    table = rules("secrets")
    shapes = tuple(Shape(row["name"], row["hint"], re.compile(row["pattern"])) for row in table["shape"])
    return shapes, tuple(Shape(row["name"], "", re.compile(row["pattern"])) for row in table["suspect"])
