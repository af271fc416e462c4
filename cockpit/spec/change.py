"""One meant change, and how its parts are said: names, quotes, places, each short and on one line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from cockpit.spec.model import Item

Sort = Literal[
    "added", "removed", "reworded", "marked", "moved", "split", "field", "goal", "control", "text", "correction"
]
SHORT = 60
"""Characters of foreign words that are quoted."""
TOP = "the top"
"""What is above the first heading."""

_LEAD = re.compile(r"^(?:[-*+>]|\d+[.)])[ \t]+(?=\S)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing somebody meant. `item` is its id, empty for what is none; `line` is in the new version, 0 if gone."""

    kind: Sort
    item: str
    words: str
    """All of it on one line, as one would say it."""
    line: int
    before: str = ""
    """The words as they were, empty where there were none (R24: a deletion is told with what is gone)."""
    after: str = ""
    """The words as they are, empty where there are none."""
    section: str = ""
    """Title of the section in the version that has it, empty above the first heading; for a correction the heading of
    the answer (R27)."""


def plain(text: str) -> str:
    """The words with one blank between them."""
    return " ".join(text.split())


def bare(text: str) -> str:
    """The words on one line without bullets and the marks of quotes."""
    return plain(_LEAD.sub("", text))


def quote(text: str, most: int = SHORT) -> str:
    """The words in quotation marks, without the marks of a bullet or a quote before them, cut at `most` characters."""
    words = bare(text)
    return f"“{words if len(words) <= most else words[: most - 1].rstrip() + '…'}”"


def name(item: Item) -> str:
    """What an item is called: its id if it has one, and its words."""
    return f"{item.id} {quote(item.text)}" if item.touched else quote(item.text)


def became(was: str, now: str) -> str:
    """A value that is another one now; cut where both differ, so that the difference is seen."""
    one, other = bare(was), bare(now)
    if max(len(one), len(other)) <= SHORT:
        return f"“{one}” became “{other}”"
    same = next((at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), len(one))
    start = one.rfind(" ", 0, max(same - 15, 0)) + 1
    lead = "…" if start else ""
    return f"{quote(lead + one[start:])} became {quote(lead + other[start:])}"
