"""What `## Known failures` says (R18, R26): ``- [ ] `key` words (source, 2026-11-21 10:12) ^f1``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cockpit.spec.model import Document, Item, Kind
from cockpit.spec.words import leading_code

_STAMP = re.compile(r"\s*\((?P<source>[^()]*?),? ?(?P<at>\d{4}-\d\d-\d\d(?: \d\d:\d\d)?)\)\s*$")


@dataclass(frozen=True, slots=True)
class Failure:
    """A known failure as its item tells it; what a human wrote in words of their own has only these."""

    item: Item
    key: str
    """What fails, such as `tests/test_a.py::test_b`: the code span that the item begins with; else empty."""
    words: str
    source: str
    """Who told of it; empty when nobody is named."""
    at: str
    """Local time as the spec writes it, or empty."""

    @property
    def open(self) -> bool:
        """Whether it still fails: neither struck nor ticked."""
        return not self.item.mark.over


def failure_of(item: Item) -> Failure:
    """The failure that an item of that section tells."""
    key, rest = leading_code(item.text)
    stamp = _STAMP.search(rest)
    words = (rest[: stamp.start()] if stamp else rest).strip().removeprefix(":").strip()
    return Failure(item, key, words, stamp["source"] if stamp else "", stamp["at"] if stamp else "")


def failures(document: Document) -> tuple[Failure, ...]:
    """All items of the known failures, nested ones aside, in document order."""
    return tuple(failure_of(item) for item in document.of(Kind.FAILURES))


def open_failures(document: Document) -> tuple[Failure, ...]:
    """Those that still fail: the next brief names them (R97)."""
    return tuple(failure for failure in failures(document) if failure.open)
