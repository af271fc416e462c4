"""What a human says about a line of a result, as an item's field says it.

`` comment: `src/a.py:12` on `time.sleep(2)`: add jitter ``: the place, the line as it stood there, the words. A line
that the result took away has a minus before its number, which is that of the file before. By hand `src/a.py:12 add
jitter` is enough, and what names no place is about the result as a whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cockpit.spec.item import Item
from cockpit.spec.words import code, leading_code

KEY = "comment"
_LINE = re.compile(r"(?P<path>.+):(?P<minus>-?)(?P<number>\d{1,9})", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Comment:
    """A human's words about a line."""

    path: str
    """Empty for the result as a whole."""
    line: int
    """From 1, on the branch as it was reviewed; 0 for the file as a whole."""
    words: str
    quote: str = ""
    """What stands on the line; empty when nobody looked."""
    gone: bool = False
    """The line is one that the result took away: `line` counts in the file before."""

    @property
    def place(self) -> str:
        """`src/a.py:12`, `src/a.py:-12` for a line that is gone, `src/a.py` for the file."""
        return f"{self.path}:{'-' if self.gone else ''}{self.line}" if self.line else self.path

    @property
    def value(self) -> str:
        """The field's value; `comment` reads it back."""
        on = f" on {code(self.quote)}" if self.quote else ""
        return f"{code(self.place)}{on}: {self.words}" if self.path else self.words


def place(text: str) -> tuple[str, int, bool]:
    """Path, line and whether the line is gone, of `src/a.py:12`, `src/a.py:-12` or `src/a.py`."""
    found = _LINE.fullmatch(text)
    if found is None or not int(found["number"]):
        return text, 0, False
    return found["path"], int(found["number"]), bool(found["minus"])


def comment(value: str) -> Comment | None:
    """The comment that a field's value says; None when it has no words."""
    named, rest = leading_code(value)
    if not named:
        first, _, more = value.partition(" ")
        first = first.removesuffix(":")
        named, rest = (first, more) if _LINE.fullmatch(first) else ("", value)
    quote = ""
    if named and rest.startswith(" on `"):
        quote, after = leading_code(rest[4:])
        quote, rest = (quote, after) if after.startswith(":") else ("", rest)
    words = rest.removeprefix(":").strip() if named else rest.strip()
    return Comment(*place(named)[:2], words, quote, place(named)[2]) if words else None


def comments(item: Item) -> list[Comment]:
    """What is said about the lines of the item's result, in the order of the spec."""
    return [found for value in item.values(KEY) if (found := comment(value)) is not None]
