"""Which words of a line were changed, by comparing it with the line whose place it took."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import lru_cache

LONGEST = 400
"""Characters of a line that is compared: comparing costs the square of its words."""
ALIKE = 0.4
"""How much of both lines must be the same: else all of it is changed, and marking words says nothing."""

_WORD = re.compile(r"\w+|\s+|.", re.DOTALL)

Spans = tuple[tuple[int, int], ...]
"""Beginnings and ends, in characters, in order."""


@lru_cache(maxsize=1024)
def changed_words(old: str, new: str) -> tuple[Spans, Spans]:
    """What of `old` is not in `new`, and the other way round; nothing when a line is too long, or too different."""
    if max(len(old), len(new)) > LONGEST:
        return (), ()
    before, after = _WORD.findall(old), _WORD.findall(new)
    found = SequenceMatcher(None, before, after, autojunk=False)
    same = sum(len("".join(before[block.a : block.a + block.size]).strip()) for block in found.get_matching_blocks())
    if same < ALIKE * max(len(old.strip()), len(new.strip())):
        return (), ()
    gone: list[tuple[int, int]] = []
    come: list[tuple[int, int]] = []
    at, to = _offsets(before), _offsets(after)
    for what, i1, i2, j1, j2 in found.get_opcodes():
        if what != "equal":
            gone += [(at[i1], at[i2])] if i2 > i1 else []
            come += [(to[j1], to[j2])] if j2 > j1 else []
    return tuple(gone), tuple(come)


def _offsets(words: list[str]) -> list[int]:
    found = [0]
    for word in words:
        found.append(found[-1] + len(word))
    return found
