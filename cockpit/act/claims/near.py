"""What a stale mention may have meant: the nearest path, name or line. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from difflib import SequenceMatcher

from cockpit.act.claims import forms

NAME, LINE, PATH = 0.83, 0.7, 0.85
"""How alike (0 to 1) a name, a line and a path must be to be suggested."""
LENGTH = NAME / (2 - NAME)
"""A word that is shorter than this part of another cannot be alike enough."""
COMMON = forms.words(
    "__init__.py __main__.py index.js index.ts index.html mod.rs lib.rs main.rs main.py main.go readme.md "
    "conftest.py package.json utils.py helpers.py types.ts makefile dockerfile cargo.toml pyproject.toml license"
)
"""File names that say nothing of which file is meant."""


def alike(one: str, other: str) -> float:
    """How much two words have in common, 0 to 1; 1 for those that differ in case and underscores alone."""
    if _plain(one) == _plain(other):
        return 1.0
    matcher = SequenceMatcher(None, one.lower(), other.lower(), autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= LINE and matcher.quick_ratio() >= LINE else 0.0


def name(wanted: str, known: Iterable[str]) -> str:
    """The known name that was most probably meant; empty when none is near enough."""
    plain = _plain(wanted)
    if len(plain) < 4:
        return ""
    matcher = SequenceMatcher(None, "", wanted.lower(), autojunk=False)  # it prepares its second word once
    best = (0.0, "")
    for each in known:
        if each == wanted or min(len(each), len(wanted)) < LENGTH * max(len(each), len(wanted)):
            continue
        if _plain(each) == plain:
            return each
        matcher.set_seq1(each.lower())
        if matcher.real_quick_ratio() >= NAME and matcher.quick_ratio() >= NAME:
            best = max(best, (matcher.ratio(), each))
    return best[1] if best[0] >= NAME else ""


def path(wanted: str, known: Collection[str], named: Sequence[str]) -> str:
    """The path that was most probably meant: `named` are those of the same file name, `known` are all."""
    lower = wanted.lower()
    cased = next((each for each in known if each.lower() == lower), "")
    if cased:
        return cased
    if named and wanted.rpartition("/")[2].lower() not in COMMON:
        ranked = sorted(named, key=lambda each: (-SequenceMatcher(None, wanted, each, autojunk=False).ratio(), each))
        return ranked[0] if len(named) <= 3 else ""
    folder, _, file = wanted.rpartition("/")
    stem, _, ending = file.rpartition(".")
    best = (0.0, "")
    for each in known:
        where, _, its = each.rpartition("/")
        its_stem, _, its_ending = its.rpartition(".")
        if its_ending != ending or (folder and where != folder and not where.endswith(f"/{folder}")):
            continue
        best = max(best, (alike(stem, its_stem), each))
    return best[1] if best[0] >= PATH else ""


def line(wanted: str, lines: Sequence[str]) -> int:
    """The number of the line that is most like the words; 0 when none is."""
    flat = " ".join(wanted.split())
    words = set(re.findall(r"\w{3,}", flat.lower()))
    best = (0.0, 0)
    for number, text in enumerate(lines, 1):
        if not words or len(words & set(re.findall(r"\w{3,}", text.lower()))) * 2 < len(words):
            continue
        best = max(best, (_within(flat, " ".join(text.split())), -number))
    return -best[1] if best[0] >= LINE else 0


def _within(words: str, text: str) -> float:
    """How alike the words are to the part of the text that fits them best."""
    matcher = SequenceMatcher(None, words.lower(), text.lower(), autojunk=False)
    block = matcher.find_longest_match()
    start = max(0, block.b - block.a)
    part = text[start : start + len(words)]
    return SequenceMatcher(None, words.lower(), part.lower(), autojunk=False).ratio()


def _plain(text: str) -> str:
    return text.replace("_", "").lower()


def stems(name: str) -> list[str]:
    """Parts that a name like this one would have: one of its halves stays whole through one slip of the pen."""
    last = forms.last_of(name)
    half = len(last) // 2
    # Without the letters that begin a word: they are capitals in another way of writing.
    halves = [last[1:half], last[half + 1 :]] if len(last) >= 10 else [last[:-2], last[2:]]
    return [part for part in (*halves, *_variants(last)) if len(part) >= 4]


def _variants(name: str) -> list[str]:
    """The name in the other ways of writing: snake_case, camelCase, PascalCase."""
    parts = [part for part in re.split(r"_|(?<=[a-z0-9])(?=[A-Z])", name) if part]
    if len(parts) < 2:
        return []
    camel = "".join(part.capitalize() for part in parts)
    found = ["_".join(part.lower() for part in parts), camel, camel[:1].lower() + camel[1:]]
    return [each for each in found if each != name]
