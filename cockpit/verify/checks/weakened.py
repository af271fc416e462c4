"""The other half of check 9: no test is weakened, by what its lines say before and after."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from cockpit.facts import Spot
from cockpit.persist.patch import Hunk
from cockpit.spec.globs import matches
from cockpit.verify.checks.data import rules

LONGEST = 1000
"""Characters of a line that are read."""
_LITERAL = re.compile(r"""[rbuf]{0,2}"(?:[^"\\]|\\.)*"|[rbuf]{0,2}'(?:[^'\\]|\\.)*'|`[^`]*`|(?<![\w.])-?\d[\w.]*""")
_BOUND = re.compile(
    r"(?i)\b(?:delta|r?a?tol(?:erance)?|rel|abs|places|epsilon|eps|timeout|threshold|max\w*|min\w*|limit)\s*[=:]|"
    r"approx|almost|close|<=|>=|<|>|indelta|retries|reruns"
)
_FLOOR = re.compile(
    r"(?i)(fail[_-]under|threshold|branches|functions|lines|statements|minimum|target)\W{1,4}(\d+(?:\.\d+)?)"
)
_OFF = re.compile(
    r"--ignore=|--deselect|passWithNoTests|testPathIgnorePatterns|\bcollect_ignore|norecursedirs|--exit-zero|--no-verify"
    r"|-[km]\s*[\"']not\b|continue-on-error:\s*true|allow_failure:\s*true|\b(?:test|check|lint|pytest)\b.{0,200}\|\|\s*true\b"
)
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])")
_BEGINS = re.compile(r"^\s*(?:async\s+)?(?:def|function|func|fn|fun)\b")
_HOOK = re.compile(r"^\s*-\s+id:\s*(\S+)")
_ALONE = re.compile(r"\.only\b|^\s*f(?:it|describe|context)\b")


@dataclass(frozen=True, slots=True)
class Language:
    """How tests of a language look."""

    files: tuple[str, ...]
    comment: tuple[str, ...]
    test: re.Pattern[str]
    skip: re.Pattern[str]
    assertion: re.Pattern[str]
    exact: re.Pattern[str]
    trivial: re.Pattern[str]

    def demands(self, text: str) -> int:
        """How much an assertion demands: 0 next to nothing, 1 a part, 2 all of it."""
        if self.trivial.search(text):
            return 0
        return 2 if self.exact.search(text) else 1

    def name(self, text: str) -> str:
        """The test that begins on a line; empty for none."""
        found = self.test.search(text)
        return next((group for group in found.groups() if group), "") if found else ""


def language(path: str) -> Language | None:
    """The language of a test file; None for a file that is none."""
    return next((one for one in _languages() if matches(path, one.files)), None)


def is_config(path: str) -> bool:
    """Whether a file says how tests run."""
    return matches(path, _globs("config", "files"))


def is_partly_config(path: str) -> bool:
    """Whether a file says how tests run, and much else."""
    return matches(path, _globs("config", "partly"))


def is_golden(path: str) -> bool:
    """Whether tests compare with a file."""
    return matches(path, _globs("golden", "files"))


def weakened(hunks: list[Hunk]) -> tuple[list[Spot], list[Spot]]:
    """Of all test files together (tests move between them): what is proved, and expected values that were edited.

    The second are for the item to say: a changed value is right when the change of behaviour is.
    """
    hunks = [_short(hunk) for hunk in hunks]
    bad: list[Spot] = []
    values: list[Spot] = []
    fewer: list[Spot] = []
    balance: Counter[str] = Counter()
    come = Counter(text.strip() for hunk in hunks for text in hunk.added)
    gone = Counter(text.strip() for hunk in hunks for text in hunk.removed)
    names = {name for hunk in hunks if (one := language(hunk.path)) for text in hunk.added if (name := one.name(text))}
    for hunk in hunks:
        one = language(hunk.path)
        if one is None:
            continue
        bad += _removed(one, hunk, names)
        bad += _switched(one, hunk, gone)
        old = [(hunk.old + at, text) for at, text in enumerate(hunk.removed) if _moves_not(one, text, come)]
        new = [(hunk.new + at, text) for at, text in enumerate(hunk.added) if _moves_not(one, text, gone)]
        for (line, before), (at, after) in zip(old, new, strict=False):
            if not (_whole(before) and _whole(after)):
                continue  # it goes on in the next line
            if one.demands(after) < one.demands(before):
                bad.append(Spot(hunk.path, at, f"demands less: `{before.strip()}` is `{after.strip()}` now"))
            elif _LITERAL.sub("0", before) == _LITERAL.sub("0", after):
                if _BOUND.search(before):
                    if _tighter(before, after):
                        continue
                    bad.append(
                        Spot(hunk.path, at, f"has another threshold: `{before.strip()}` is `{after.strip()}` now")
                    )
                else:
                    values.append(Spot(hunk.path, at, f"expects another value than line {line} did: `{after.strip()}`"))
        if any(one.name(text) for text in hunk.removed):
            continue  # the test is told of
        balance[hunk.path] += len(new) - len(old)
        for line, text in old[len(new) :]:
            commented = any(_bare(one, added) == text.strip() for added in hunk.added)
            what = "commented out" if commented else "taken out"
            words = f"an assertion is {what}: `{text.strip()}`"
            fewer.append(Spot(hunk.path, hunk.new or line, words, gone=not hunk.new))
    bad += [spot for spot in fewer if balance[spot.path] < 0]
    return bad, values


def configured(hunks: list[Hunk]) -> tuple[list[Spot], list[Spot]]:
    """Edits of what says how tests run: a lower floor, tests or hooks left out are proof; any other is a note."""
    bad: list[Spot] = []
    notes: list[Spot] = []
    hooks = {found[1] for hunk in hunks for text in hunk.added if (found := _HOOK.match(text))}
    for hunk in hunks:
        floors = {name.lower(): float(number) for text in hunk.removed for name, number in _FLOOR.findall(text)}
        for at, text in enumerate(hunk.added, hunk.new):
            lower = any(float(number) < floors.get(name.lower(), 0.0) for name, number in _FLOOR.findall(text))
            if lower:
                bad.append(Spot(hunk.path, at, f"has a lower floor: `{text.strip()}`"))
            elif _OFF.search(text) and not any(_OFF.search(before) for before in hunk.removed):
                bad.append(Spot(hunk.path, at, f"leaves tests or hooks out: `{text.strip()}`"))
        for at, text in enumerate(hunk.removed, hunk.old):
            found = _HOOK.match(text)
            if found and found[1] not in hooks and hunk.path.endswith((".yaml", ".yml")) and is_config(hunk.path):
                bad.append(Spot(hunk.path, at, f"hook {found[1]} is taken out", gone=True))
        if is_config(hunk.path):
            notes.append(Spot(hunk.path, hunk.new, "says how tests run and is edited"))
    return bad, notes


def _short(hunk: Hunk) -> Hunk:
    """With lines that a person may have written: no pattern walks through a page on one line."""
    removed, added = (tuple(text[:LONGEST] for text in lines) for lines in (hunk.removed, hunk.added))
    return replace(hunk, removed=removed, added=added)


def _removed(one: Language, hunk: Hunk, names: set[str]) -> Iterator[Spot]:
    """Tests that are nowhere any more. As many new ones in their place are other names of them."""
    lost = [
        (hunk.old + at, name) for at, text in enumerate(hunk.removed) if (name := one.name(text)) and name not in names
    ]
    instead = sum(1 for text in hunk.added if one.name(text))
    commented = {one.name(_bare(one, text)) for text in hunk.added if _bare(one, text)}
    for number, name in lost[instead:] if instead else lost:
        what = "is commented out" if name in commented else "is removed"
        yield Spot(hunk.path, number, f"test {name} {what}", gone=True)


def _switched(one: Language, hunk: Hunk, gone: Counter[str]) -> Iterator[Spot]:
    """Tests switched off. In a file or a test that is new there is nothing that ran before."""
    fresh = not hunk.removed and (hunk.old == 0 or any(one.name(text) for text in hunk.added))
    for at, text in enumerate(hunk.added, hunk.new):
        fresh = fresh or (_BEGINS.match(text) is not None and not one.name(text))  # a new helper, that no test was
        if (
            one.skip.search(text)
            and not (fresh and not _ALONE.search(text))
            and not gone[text.strip()]
            and not _bare(one, text)
        ):
            yield Spot(hunk.path, at, f"skips: `{text.strip()}`")


def _tighter(before: str, after: str) -> bool:
    """Whether every number of a bound moved to where it demands more; False when that can't be told."""
    pairs = list(zip(_NUMBER.findall(before), _NUMBER.findall(after), strict=False))
    moved = [(float(old), float(new)) for old, new in pairs if old != new]
    if not moved:
        return False
    floor = re.search(r"(?i)>|\bplaces\b|\bmin\w*\s*[=:]|greater", before) is not None
    ceiling = re.search(r"(?i)<|less", before) is not None
    if floor and ceiling:
        return False
    return all(new > old for old, new in moved) if floor else all(new < old for old, new in moved)


def _whole(text: str) -> bool:
    """Whether all brackets of a line are closed."""
    return sum(text.count(sign) for sign in "([{") == sum(text.count(sign) for sign in ")]}")


def _moves_not(one: Language, text: str, other: Counter[str]) -> bool:
    """Whether a line is an assertion that doesn't stand the same on the other side."""
    return one.assertion.search(text) is not None and not other[text.strip()]


def _bare(one: Language, text: str) -> str:
    """What a line that is a comment says; empty for code."""
    text = text.strip()
    return next((text[len(sign) :].strip() for sign in one.comment if text.startswith(sign)), "")


@cache
def _languages() -> tuple[Language, ...]:
    parts = ("test", "skip", "assertion", "exact", "trivial")
    return tuple(
        Language(tuple(row["files"]), tuple(row["comment"]), *(re.compile(row[part]) for part in parts))
        for row in rules("tests")["language"]
    )


def _globs(table: str, key: str) -> tuple[str, ...]:
    return tuple(rules("tests")[table][0][key])
