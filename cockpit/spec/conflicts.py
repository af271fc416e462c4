"""What a merge could not settle and left in the document for the human to choose: lines that say `conflict:`."""

from __future__ import annotations

import re
from collections.abc import Mapping
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


def contested(document: Document) -> dict[int, Item]:
    """Lines of the outermost items in which a conflict stands, each with the item that has the first of them."""
    inside = [entry.item for entry in conflicts(document) if entry.item is not None]
    found: dict[int, Item] = {}
    for item in inside:
        top = next(top for top in reversed(document.items) if top.span.start <= item.span.start)
        found.setdefault(top.line, item)
    return found


def contest(item: Item, found: Mapping[int, Item]) -> str:
    """In words what an outermost item waits for as long as a conflict stands in it; empty when none does."""
    inner = found.get(item.line)
    if inner is None:
        return ""
    return f"has a conflict{f' in {inner.id}' if inner.line != item.line else ''}: resolve it with ="
