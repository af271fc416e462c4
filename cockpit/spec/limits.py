"""Limits that a spec accepts: lines that say SHALL NOT, MUST NOT or accepted limit, and name what they are about. Pure.

A line that names nothing (in backticks, in double quotes, as a path) covers nothing (R280).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cockpit.spec.document import Document
from cockpit.spec.item import Item, Kind, Mark
from cockpit.spec.named import about, named
from cockpit.spec.phases import parent

LONGEST = 400
"""Characters of a line that are kept."""
_SAYS = re.compile(r"\b(?:SHALL|MUST) NOT\b|\b(?P<accepted>(?i:accepted limit(?:ation)?|known limit(?:ation)?))\b")
_BULLET = re.compile(r"^\s*(?:(?:[-*+]|\d+[.)])\s+(?:\[.\]\s+)?|[#>|]+\s*)?")
_ID = re.compile(r"\s+\^[\w-]+\s*$")
_FENCE = re.compile(r"^\s*(?:```|~~~)")


@dataclass(frozen=True, slots=True)
class Limit:
    """One line."""

    line: int
    """From 1, of the text it stands in."""
    words: str
    names: tuple[str, ...]
    accepted: bool
    """It says itself that it is an accepted or known limit; SHALL NOT alone may forbid what was found."""

    def covers(self, path: str, what: str) -> bool:
        """Whether it names what a finding at `path` is about: every sort of name that it has must fit."""
        return about(self.names, path, what)


def limits(text: str) -> list[Limit]:
    """Those of a text in markdown; fenced code says nothing."""
    return list(_limits(text, frozenset()))


def limits_of(document: Document, item: Item | None = None) -> list[Limit]:
    """Those of the human's words that hold for an item: goal, acceptance, decisions that are not struck, its own lines.

    Not what others wrote into the document: answers, questions, signals.
    """
    lines = document.data.decode("utf-8", "replace").split("\n")
    said: set[int] = set()
    for section in document.sections:
        if section.kind in (Kind.GOAL, Kind.ACCEPTANCE, Kind.DECISIONS):
            said |= _rows(document, section.body.start, section.body.end)
    for other in (each for each in document.walk() if each.mark is Mark.STRUCK):
        said -= _rows(document, other.span.start, other.span.end)
    above = parent(document, item) if item else None
    for mine in (each for each in (above, item) if each is not None):
        said |= _rows(document, mine.span.start, mine.span.end)
        for child in mine.children if mine is above else ():
            said -= _rows(document, child.span.start, child.span.end)
        for field in (field for each in mine.walk() for field in each.fields):
            said -= _rows(document, field.span.start, field.span.end)
    return list(_limits("\n".join(lines), frozenset(range(1, len(lines) + 1)) - said))


def _rows(document: Document, start: int, end: int) -> set[int]:
    """Numbers of the lines that begin in these bytes."""
    first = document.data.count(b"\n", 0, start) + 1
    return set(range(first, first + max(1, document.data.count(b"\n", start, end))))


def _limits(text: str, without: frozenset[int]) -> Iterator[Limit]:
    fenced = False
    for number, row in enumerate(text.split("\n"), 1):
        if _FENCE.match(row):
            fenced = not fenced
        found = None if fenced or number in without else _SAYS.search(row)
        if found is not None:
            words = _ID.sub("", _BULLET.sub("", row[: LONGEST * 2], count=1)).strip()[:LONGEST]
            accepted = any(match["accepted"] for match in _SAYS.finditer(row))
            yield Limit(number, words, named(words), accepted)
