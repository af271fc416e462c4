"""What an answer found out beside its task, and what of it stands in the spec already (R154)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from cockpit.clean import line
from cockpit.facts import Answer
from cockpit.spec import Document, Kind

Sort = Literal["follow-up", "assumption", "claim"]
PLACES: dict[Sort, Kind] = {
    "follow-up": Kind.BACKLOG,
    "assumption": Kind.DECISIONS,
    "claim": Kind.CODE_MAP,
}
"""Where each sort belongs, unless the human says otherwise."""


@dataclass(frozen=True, slots=True)
class Discovery:
    """One thing worth keeping. An answer never changes, so its number names it for good."""

    number: int
    """From 1, in the order of the answer: follow-ups, assumptions, claims."""
    sort: Sort
    words: str
    place: Kind
    source: str
    """`q1 turn 2 #3`, as `from:` tells it."""
    promoted: bool
    """Whether the spec has it: something in it names the source, or an item says the same."""


def discoveries(answer: Answer, item: str, turn: int, document: Document) -> list[Discovery]:
    """What that turn's answer says beyond its summary, one line each, cleaned; words that come twice count once."""
    text = document.data.decode(errors="replace")
    said = {_same(entry.text) for entry in document.walk()}
    told = [("follow-up", answer.follow_ups), ("assumption", answer.assumptions), ("claim", answer.claims)]
    found: list[Discovery] = []
    seen: set[str] = set()
    number = 0
    for sort, entries in told:
        for raw in entries:
            number += 1
            words = line(raw, 400).strip()
            if not words or _same(words) in seen:
                continue
            seen.add(_same(words))
            source = f"{item} turn {turn} #{number}"
            known = re.search(rf"(?<![\w-]){re.escape(source)}(?!\d)", text) is not None
            found.append(Discovery(number, sort, words, PLACES[sort], source, known or _same(words) in said))
    return found


def _same(words: str) -> str:
    return " ".join(words.casefold().split())
