"""Which numbers ids may still have: none that the document mentions, and none that was ever given before."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Generator, Mapping
from contextvars import ContextVar

from cockpit.spec.blocks import same_ends

_MENTION = re.compile(rb"(?:\^|delegate/|\[#)([A-Za-z])([0-9]{1,9})\b")
_NONE: Mapping[str, int] = {}
_given: ContextVar[Mapping[str, int]] = ContextVar("given", default=_NONE)


def mentioned(data: bytes) -> dict[str, int]:
    """For each letter the highest number that is mentioned as `^q7`, `delegate/q7` or `[#q7]`."""
    found: dict[str, int] = {}
    for match in _MENTION.finditer(data):
        letter = match[1].decode()
        found[letter] = max(found.get(letter, 0), int(match[2]))
    return found


def newly(old: bytes, new: bytes) -> dict[str, int]:
    """The same of the lines that are not as they were. Costs what changed, but for finding it."""
    front, back = same_ends(old, new)
    end = new.find(b"\n", len(new) - back)
    return mentioned(new[new.rfind(b"\n", 0, front) + 1 : end if end >= 0 else len(new)])


@contextlib.contextmanager
def given(numbers: Mapping[str, int]) -> Generator[None]:
    """While this lasts, edits and merges give no id of a number up to these: items that are gone had them.

    Said once by who holds the document's lock, for every edit gives ids: an item gets its own when first touched.
    """
    token = _given.set(numbers)
    try:
        yield
    finally:
        _given.reset(token)


def last_given(letter: str) -> int:
    """The highest number of that letter that was ever given, as far as who writes has said; else 0."""
    return _given.get().get(letter, 0)
