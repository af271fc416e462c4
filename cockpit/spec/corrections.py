"""What a human wrote into an answer, bound to that answer (R27, R98): the entry as it was written against as it is.

It is found level by level, from two texts, never from the order of edits: so it outlives restarts, and a correction
that was made with the engine down, or came by `git pull`, is one too.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from cockpit.spec.diff import matches
from cockpit.spec.exchange import Block, blocks, entries
from cockpit.spec.model import Document

ALIKE = 0.5
"""Least likeness of two blocks of which one may be the other, changed."""


@dataclass(frozen=True, slots=True)
class Written:
    """What the engine put below an answer's heading, block by block, as its facts keep it."""

    answer: Sequence[str]
    said: Sequence[str] = ()
    """What the delegate said while it worked; to take such a line away corrects nothing."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One block of an answer that somebody added, changed or deleted since it was written."""

    item: str
    turn: int
    heading: str
    """Title of the answer's entry."""
    words: str
    """What the human says by it, without quote marks: `deleted: ...` for what is gone."""
    before: str
    """The block as it was, empty when it was added."""
    after: str
    """The block as it is, empty when it was deleted."""
    line: int
    """Where it stands, the heading's line when it was deleted; from 1."""

    @property
    def key(self) -> str:
        """The same for the same correction wherever it stands, another when it is reworded."""
        told = "\0".join((self.item, str(self.turn), _flat(self.before), _flat(self.after)))
        return hashlib.blake2s(told.encode(), digest_size=8).hexdigest()


def corrections(document: Document, written: Mapping[tuple[str, int], Written]) -> list[Correction]:
    """All corrections of the answers in `written` (by item and turn), in the order of the document.

    An entry that is gone as a whole corrects nothing: it was archived or tidied away.
    """
    found: list[Correction] = []
    for entry in entries(document):
        was = written.get((entry.item, entry.turn))
        if was is None:
            continue
        for before, after in _pairs([*was.said, *was.answer], blocks(document, entry)):
            if after is None and before in was.said:
                continue
            text, line = (after.text, after.line) if after else ("", entry.line)
            words = _words(before, text)
            if words:
                found.append(Correction(entry.item, entry.turn, entry.title, words, before, text, line))
    return found


def unanswered(found: Iterable[Correction], told: Collection[str]) -> list[Correction]:
    """Those that no brief has told yet; `told` are the keys that briefs did tell."""
    return [correction for correction in found if correction.key not in told]


def _pairs(was: Sequence[str], now: Sequence[Block]) -> list[tuple[str, Block | None]]:
    """Each block that is not as it was: (as it was, as it is), in the order of the new; the gone ones where they were.

    Within a stretch that differs a new block is the old one most like it, else it was added.
    """
    pairs: list[tuple[str, Block | None]] = []
    a = b = 0
    same = matches([_flat(text) for text in was], [block.key for block in now])
    for x, y in [*same, (len(was), len(now))]:
        old, new = list(was[a:x]), now[b:y]
        for block in new:
            nearest = max(old, key=lambda text: _likeness(text, block.text), default="")
            if nearest and _likeness(nearest, block.text) >= ALIKE:
                old.remove(nearest)
                pairs.append((nearest, block))
            else:
                pairs.append(("", block))
        pairs.extend((text, None) for text in old)
        a, b = x + 1, y + 1
    return pairs


def _likeness(old: str, new: str) -> float:
    if _flat(new).startswith(_flat(old)):
        return 1.0  # the human's line stands right below, with no blank line between
    return SequenceMatcher(None, old[:2000].split(), new[:2000].split(), autojunk=False).ratio()


def _words(before: str, after: str) -> str:
    if not after:
        return f"deleted: {_flat(before)}"
    was, now = _flat(before), _flat(re.sub(r"(?m)^> ?", "", after))
    return now.removeprefix(was).strip() if was else now


def _flat(text: str) -> str:
    return " ".join(text.split())
