"""What an answer found out beside its task, and what of it stands in the spec already (R154)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from cockpit.clean import line
from cockpit.facts import Answer, Checked
from cockpit.spec import Document, Kind
from cockpit.spec.exchange import blocks, entry_of

Sort = Literal["follow-up", "assumption", "claim", "paragraph", "correction"]
PLACES: dict[Sort, Kind] = {
    "follow-up": Kind.BACKLOG,
    "assumption": Kind.DECISIONS,
    "claim": Kind.CODE_MAP,
    "paragraph": Kind.CODE_MAP,
    "correction": Kind.DECISIONS,
}
"""Where each sort belongs, unless the human says otherwise."""
_TOLD = re.compile(r"[-*+] (assumes|claims|follow-up|and \d+ more)\b|Asks: ")
"""Blocks of an entry that only repeat the answer's lists."""


@dataclass(frozen=True, slots=True)
class Discovery:
    """One thing worth keeping."""

    number: int
    """From 1, in the order of the answer: follow-ups, assumptions, claims; then what else its entry says."""
    sort: Sort
    words: str
    place: Kind
    source: str
    """`q1 turn 2 #3`, as `from:` tells it: the number in the answer, which never changes, or a mark of the words."""
    promoted: bool
    """Whether the spec has it: something in it names the source, or an item says the same."""
    mark: str = ""
    """Of a claim: what we know of it (`unverified`, `confirmed: pytest exit 0`); its word proves nothing (R193)."""


def discoveries(
    answer: Answer, item: str, turn: int, document: Document, checked: Sequence[Checked] = ()
) -> list[Discovery]:
    """What that turn's answer found out and what its entry in the exchange says, one clean line each, words once.

    `checked` is what the turn's review says of its claims.
    """
    marks = {_same(claim.words): claim.mark for claim in checked}
    text = document.data.decode(errors="replace")
    said = {_same(entry.text) for entry in document.walk()}
    found: list[Discovery] = []
    seen: set[str] = set()
    for number, (sort, raw, tag) in enumerate([*_answer(answer), *_entry(document, item, turn)], 1):
        words = line(raw, 400).strip()
        if words and _same(words) not in seen:
            seen.add(_same(words))
            source = f"{item} turn {turn} #{tag or number}"
            known = re.search(rf"(?<![\w-]){re.escape(source)}(?!\w)", text) is not None
            mark = marks.get(_same(line(raw, 300)), "unverified") if sort == "claim" else ""
            found.append(Discovery(number, sort, words, PLACES[sort], source, known or _same(words) in said, mark))
    return found


def _answer(answer: Answer) -> Iterator[tuple[Sort, str, str]]:
    told: dict[Sort, list[str]] = {
        "follow-up": answer.follow_ups,
        "assumption": answer.assumptions,
        "claim": answer.claims,
    }
    for sort, said in told.items():
        for words in said:
            yield sort, words, ""


def _entry(document: Document, item: str, turn: int) -> Iterator[tuple[Sort, str, str]]:
    """Paragraphs of the entry, the human's quotes among them; these may change, so their words are their mark."""
    entry = entry_of(document, item, turn)
    for block in blocks(document, entry) if entry is not None else ():
        quoted = block.text.startswith(">")
        words = re.sub(r"^(> ?|[-*+] )", "", block.text, flags=re.MULTILINE)
        if words.strip() and not _TOLD.match(block.text):
            tag = "x" + hashlib.blake2s(_same(words).encode(), digest_size=3).hexdigest()
            yield ("correction" if quoted else "paragraph"), words, tag


def _same(words: str) -> str:
    return " ".join(words.casefold().split())
