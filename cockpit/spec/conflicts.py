"""What a merge could not settle and left in the document for the human to choose: lines that say `conflict:`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cockpit.spec.document import Document
from cockpit.spec.item import Item

_LINE = re.compile(rb"^[ \t]*(?:[-*+][ \t]+|#[ \t]*)?conflict: (.*?)\r?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Conflict:
    """One such line: what the other side says. `item` is the innermost one it stands in, None outside of items."""

    words: str
    line: int
    start: int
    """Offset of the line, `end` past its line end."""
    end: int
    item: Item | None


def conflicts(document: Document) -> list[Conflict]:
    """All of them in document order."""
    data = document.data
    if b"conflict: " not in data:
        return []
    items = document.walk()
    found: list[Conflict] = []
    for match in _LINE.finditer(data):
        at = match.start()
        item = next((item for item in reversed(items) if item.span.start < at < item.span.end), None)
        end = min(match.end() + 1, len(data))
        found.append(Conflict(match[1].decode(), data.count(b"\n", 0, at) + 1, at, end, item))
    return found
