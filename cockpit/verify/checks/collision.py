"""Check 4: a rename went only where it was meant to: not into other names, and not past some of its own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from cockpit.clean import line
from cockpit.facts import Spot
from cockpit.persist.patch import Hunk
from cockpit.spec.diff import matches
from cockpit.verify.case import Case
from cockpit.verify.finding import Finding, told

REMEDY = "rename whole words, and all of them"
RENAMES = 100
"""Different renames of one branch that are looked at, the most frequent ones."""
WORDS = 20
"""Names that are looked for in the whole tree."""
_WORD = re.compile(r"[^\W\d]\w*")
_DEFINES = r"\b(?:def|class|function|fn|func|fun|const|let|var|val|type|struct|interface|enum|trait|module)\s+"
_ENDINGS = ("s", "es", "ed", "er", "ers", "ing")
_PROSE = (".md", ".rst", ".txt", ".adoc", ".lock", ".json", ".svg", ".csv")


@dataclass(frozen=True, slots=True)
class Renamed:
    """A word that is another one now, in a line that is the same else."""

    old: str
    new: str
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Use:
    """A line where a name stands."""

    path: str
    line: int
    defines: bool


def collision(case: Case) -> Finding:
    """A rename is a word that became another in a line that is the same else.

    It went into a longer name when that name has the one put in place of the other. In the middle of a word (`width`
    to `wkeyth`) that is proof; at one end of it (`username`) it is when the longer name still stands elsewhere. A
    renamed definition whose old name is still in use is a note.
    """
    found = [one for hunk in case.patch.hunks if not case.excepted("collision", hunk.path) for one in renames(hunk)]
    often = Counter((one.old, one.new) for one in found if len(one.old) > 1)
    whole = [pair for pair, _ in often.most_common(RENAMES)]
    if not whole:
        return Finding("n/a", "no name is changed")
    bad: list[Spot] = []
    unsure: dict[str, tuple[Spot, Renamed]] = {}
    for one in found:
        for old, new in whole:
            if old == one.old or old not in one.old or one.old.replace(old, new) != one.new:
                continue
            left, right = torn(one.old, old)
            spot = Spot(one.path, one.line, f"`{one.old}` became `{one.new}` as `{old}` became `{new}`")
            if left and right:
                bad.append(spot)
            elif left or right:
                unsure.setdefault(one.old, (spot, one))
    notes: list[Spot] = []
    uses = _uses(case, [name for _, one in list(unsure.values())[:WORDS] for name in (one.old, one.new)])
    for name, (spot, one) in unsure.items():
        here = next((use for use in uses.get(name, []) if use.path == one.path), None)
        elsewhere = next((use for use in uses.get(name, []) if use.defines), None)
        undefined = not any(use.defines for use in uses.get(one.new, []))
        left_behind = here or (elsewhere if undefined else None)
        if left_behind:
            words = f"{spot.what}, and is still `{name}` at {line(left_behind.path, 80)}:{left_behind.line}"
            bad.append(Spot(spot.path, spot.line, words))
        else:
            notes.append(spot)
    defined = sorted({old for old, _ in whole for hunk in case.patch.hunks if _is_defined(old, hunk)})[:WORDS]
    for name, places in _uses(case, defined).items():
        if not any(use.defines for use in places):
            notes.append(Spot(places[0].path, places[0].line, f"still says `{name}`, which has another name now"))
    named = ", ".join(f"{old} to {new}" for old, new in sorted(whole)[:3])
    return told(bad, notes, fine=f"renamed {line(named, 150)}, whole words only", remedy=REMEDY)


def renames(hunk: Hunk) -> Iterator[Renamed]:
    """The words that differ between lines of equal shape, whatever lines came or went between them."""
    for at, to in _pairs(hunk):
        for old, new in zip(_WORD.findall(hunk.removed[at]), _WORD.findall(hunk.added[to]), strict=True):
            if old != new:
                yield Renamed(old, new, hunk.path, hunk.new + to)


def _pairs(hunk: Hunk) -> list[tuple[int, int]]:
    """Which line became which: equal in shape, in order. Where a shape is not as often on both sides, only lines that
    have a word in common: any two short lines look alike.
    """
    before, after = ([_WORD.sub("x", text) for text in side] for side in (hunk.removed, hunk.added))
    if before == after:
        return [(at, at) for at in range(len(before))]
    old, new = Counter(before), Counter(after)
    return [
        (at, to)
        for at, to in matches(before, after)
        if old[before[at]] == new[before[at]]
        or set(_WORD.findall(hunk.removed[at])) & set(_WORD.findall(hunk.added[to]))
    ]


def torn(name: str, part: str) -> tuple[bool, bool]:
    """Whether `part`, where it stands in `name`, is cut out of a word to its left, and to its right.

    `order_id`, `orderLine`, `orders` hold whole words; `username` and `width` don't.
    """
    at = name.find(part)
    end = at + len(part)
    left = at > 0 and name[at - 1].isalpha() and not (part[0].isupper() and name[at - 1].islower())
    right = end < len(name) and name[end].islower() and name[end:] not in _ENDINGS
    if right and any(name[end:].startswith(ending + after) for ending in _ENDINGS for after in ("_",)):
        right = False
    return left, right


def _uses(case: Case, words: list[str]) -> dict[str, list[Use]]:
    """Where these stand in code on the branch."""
    found: dict[str, list[Use]] = {}
    for path, number, text in case.patch.grep(words, case.head):
        if not path.endswith(_PROSE) and path != case.places.spec_name:
            for word in words:
                if re.search(rf"\b{re.escape(word)}\b", text):
                    defines = re.search(_DEFINES + re.escape(word) + r"\b", text) is not None
                    found.setdefault(word, []).append(Use(path, number, defines))
    return found


def _is_defined(name: str, hunk: Hunk) -> bool:
    pattern = re.compile(_DEFINES + re.escape(name) + r"\b")
    return any(pattern.search(text) for text in hunk.removed)
