"""What was decided for an item, as the document said it when its turn began, and which finding that names (R290). Pure.

A ruling is a decision that stands, a note of the human's to the item (the answer to what was asked), or one of the
fields that draw a line: `keep:`, `protect:`, `paths:`. Its reason is none: it says what was, not what shall be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cockpit.spec import fields, guards
from cockpit.spec.decisions import decisions
from cockpit.spec.document import Document
from cockpit.spec.globs import matches
from cockpit.spec.item import Item
from cockpit.spec.named import about, files, named, stands
from cockpit.spec.phases import whole

SCOPE, PROTECTED = 3, 9
"""The checks on what was changed at all: only to them a bare path is what they found."""
SHORTEST = 3
"""Characters of an identifier; a shorter one stands anywhere by chance."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """One thing that was decided."""

    id: str
    """Of the decision or the item; empty for the spec's own `protect:`."""
    key: str
    """The field that says it: `keep`, `protect`, `paths`, `iterate`; empty for a decision."""
    words: str
    """As it is written."""
    names: tuple[str, ...]

    @property
    def source(self) -> str:
        """`d3`, `q1 keep:`, `your word on q1`."""
        if self.key == "iterate":
            return f"your word on {self.id}"
        return f"{self.id} {self.key}:".lstrip() if self.key else self.id

    def rules(self, check: int, path: str, what: str) -> bool:
        """Whether it decided what that check found at `path`, `what` in words.

        A field speaks to the check that holds it. A decision or note is about what it names: an identifier, command or
        string that stands in the words, in one of its files where it names any; with files alone, that one of them was
        changed. A decision that is cited by its id (`^d3`, `decision d3`) is what they are about too.
        """
        match self.key:
            case "paths":
                return check == SCOPE and bool(path) and not matches(path, self.names)
            case "protect":
                return check == PROTECTED and matches(path, self.names)
            case "keep":
                kept = any(stands(name, what) or matches(path, [name]) for name in self.names)
                return check == PROTECTED and kept
            case _:
                cited = not self.key and re.search(rf"(?:\^|\bdecision ){re.escape(self.id)}\b", what) is not None
                only_files = len(files(self.names)) == len(self.names)
                if only_files and check not in (SCOPE, PROTECTED):
                    return cited
                return cited or about(self.names, path, what)


def rulings(document: Document, item: Item | None) -> list[Ruling]:
    """All that held for the item, decisions first. A decision without names can only be cited."""
    found = [
        Ruling(entry.id, "", entry.text, _names(f"{entry.text} {entry.recommended}"))
        for entry in decisions(document)
        if entry.state == "standing"
    ]
    if item is not None:
        found += _of(whole(document, item))
    if document.controls.protect:
        found.append(Ruling("", "protect", ", ".join(document.controls.protect), tuple(document.controls.protect)))
    return found


def _of(item: Item) -> Iterator[Ruling]:
    for note in item.values("iterate"):
        yield Ruling(item.id, "iterate", note, _names(note))
    kept = tuple(guard.what.partition("(")[0] for guard in guards.guards(item))
    if kept:
        yield Ruling(item.id, "keep", ", ".join(item.values("keep")), kept)
    own = fields.globs(item.value("protect"))
    if own and own != ("none",):
        yield Ruling(item.id, "protect", item.value("protect"), own)
    if paths := fields.paths(item):
        yield Ruling(item.id, "paths", ", ".join(item.values("paths")), paths)


def _names(words: str) -> tuple[str, ...]:
    found = named(words)
    paths = files(found)
    return tuple(dict.fromkeys(name for name in found if name in paths or len(name) >= SHORTEST))
