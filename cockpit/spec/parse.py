"""A spec's bytes to a `Document`; what a version shares with one that was read before is not read again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from cockpit.spec.blocks import fresh, rescanned, same_ends
from cockpit.spec.document import Document, Placed
from cockpit.spec.front import front
from cockpit.spec.item import Place
from cockpit.spec.items import derive
from cockpit.spec.lens import ours
from cockpit.spec.plain import SpecError
from cockpit.spec.reading import Around, Reading, read
from cockpit.spec.scan import BOM, Block


@dataclass(frozen=True, slots=True)
class Near:
    """A document, and how many bytes of others it shares in front and last."""

    document: Document
    front: int
    back: int
    others: tuple[Document, ...] = ()
    """Others that may have blocks in common with them too, as the sides of a merge have."""


LIMIT = 16 << 20
"""Bytes of the largest document that is read: above that every look at it would take seconds."""
KEPT = 8
"""Documents that are remembered: screen, engine, a row of edits and a merge ask for few versions of one spec."""
SIDES = 3
"""Of these, how many are looked through for a block beside the nearest."""

_recent: tuple[Document, ...] = ()
"""The last ones, newest first. Only ever replaced as a whole, for several threads parse."""


def parse(data: bytes) -> Document:
    """The document in these bytes, every part with its span (design, section 4; R141, R142).

    Raises SpecError for what can't be read at all: not UTF-8, a NUL byte, broken front matter, a control value that
    means nothing, more than `LIMIT` bytes. All else that is odd is in `problems`. After an edit only the lines around
    it are read again; what the answer is never depends on what was read before. A document of agent-doc is read as it
    looks in our grammar, with the same lines (spec.agentview).
    """
    global _recent
    known = _recent
    document = next((one for one in known if one.data == data), None)
    if document is None:
        data = ours(data)
        document = next((one for one in known if one.data == data), None) or understand(data, nearest(data, known))
    if not known or document is not known[0]:
        _recent = (document, *(one for one in known if one is not document))[:KEPT]
    return document


def understand(data: bytes, known: Near | None = None) -> Document:
    """As `parse`, with the blocks of a document that is near where they are the same; remembers nothing."""
    check_readable(data, known.front if known else 0, known.back if known else 0)
    head = front(data)
    begin = head.span.end if head.span else (len(BOM) if data.startswith(BOM) else 0)
    row: list[Placed | Block]
    if known:
        versions = (known.document, *known.others)
        old = ([(placed.reading.block, placed) for placed in document.blocks] for document in versions)
        row = list(rescanned(data, begin, old))
    else:
        row = [*fresh(data, begin)]
    return Document(
        data, head, tuple(_placed(row, Around(aliases=head.aliases), begin, data.count(b"\n", 0, begin) + 1))
    )


def _placed(row: list[Placed | Block], around: Around, offset: int, line: int) -> Iterator[Placed]:
    """The blocks of a row, read below what is open above them, at their places; one that fits already as it is."""
    seen: dict[str, int] = {}
    taken: set[str] = set()
    for entry in row:
        if isinstance(entry, Block):
            reading = read(entry, around)
        else:
            reading = entry.reading
            if reading.around is not around and reading.around != around:
                reading = read(reading.block, around)
        keys = _keys(reading, seen, taken)
        here = Place(offset, line, keys)
        if isinstance(entry, Placed) and entry.reading is reading and entry.place == here:
            yield entry
        else:
            yield Placed(reading, here)
        around = reading.after
        offset += len(reading.block.data)
        line += reading.block.lines


def _keys(reading: Reading, seen: dict[str, int], taken: set[str]) -> tuple[str, ...]:
    """The derived keys of a block below others: its own, unless one of its texts came before."""
    if not reading.keys:
        return ()
    if seen.keys().isdisjoint(reading.texts) and taken.isdisjoint(reading.keys):
        seen.update(reading.texts)
        taken.update(reading.keys)
        return reading.keys
    return derive(reading.unnamed, seen, taken)


def nearest(data: bytes, known: Iterable[Document]) -> Near | None:
    """The known document that shares most with these bytes, or the first that shares nearly all."""
    best: Near | None = None
    known = tuple(known)
    for document in known:
        near = Near(document, *same_ends(document.data, data))
        if best is None or near.front + near.back > best.front + best.back:
            best = near
        if near.front + near.back >= len(data) - len(data) // 16:
            break
    if best is None:
        return None
    return replace(best, others=tuple(one for one in known if one is not best.document)[:SIDES])


_MARKERS = re.compile(rb"^<{7} [^\n]*$.*?^={7}\r?$.*?^>{7} ", re.MULTILINE | re.DOTALL)
"""What git writes around both sides; a sample of it in the text wants an indent."""


def too_large(size: int) -> str:
    """The words for a document above the limit."""
    return f"{size / (1 << 20):.1f} MB, above the limit of {LIMIT >> 20} MB"


def check_readable(data: bytes, front: int = 0, back: int = 0) -> None:
    """Raises SpecError for bytes that are no text, or too many, or where git left a conflict to the reader.

    So many in front and last are known to be the ends of a text.
    """
    if len(data) > LIMIT:
        raise SpecError(1, too_large(len(data)), "move what is done to another file")
    begin = data.rfind(b"\n", 0, front) + 1
    end = data.find(b"\n", len(data) - back) + 1 or len(data)
    try:
        data[begin:end].decode()
    except UnicodeDecodeError as error:
        at = begin + error.start
        line = data.count(b"\n", 0, at) + 1
        raise SpecError(line, f"not UTF-8: byte 0x{data[at]:02x}", "save the file as UTF-8") from None
    nul = data.find(b"\0", begin, end)
    if nul >= 0:
        raise SpecError(data.count(b"\n", 0, nul) + 1, "a NUL byte, so this is no text", "take the byte out")
    if line := left_by_git(data):
        raise SpecError(line, "a conflict that git left here", "take what should stand, and the marker lines out")


def left_by_git(data: bytes) -> int:
    """The line on which a conflict begins that git marked and nobody mended; 0 when there is none."""
    markers = _MARKERS.search(data) if b"\n>>>>>>> " in data else None
    return data.count(b"\n", 0, markers.start()) + 1 if markers else 0
