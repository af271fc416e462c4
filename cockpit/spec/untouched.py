"""Versions of a document as rows of runs: what all of them have, with nothing changed next to it, is not looked at.

A run is a block, or an outermost item with what follows it, or several of these that nobody touched.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from cockpit.spec.diff import matches
from cockpit.spec.document import Document
from cockpit.spec.item import Item, Part, Place


@dataclass(frozen=True, slots=True)
class Run:
    """Whole lines, told from 0: the first, and past the last."""

    line: int
    end: int
    text: bytes = b""
    parts: Sequence[Part] = ()
    """Of the outermost items in it, ..."""
    place: Place | None = None
    """... which stand here."""
    same: int = -1
    """Its number where all versions have it and nobody touched what is next to it, else -1."""

    @property
    def items(self) -> list[Item]:
        """The outermost items in it."""
        return [Item(part, self.place) for part in self.parts] if self.place else []


def runs(versions: Sequence[Document]) -> list[list[Run]]:
    """The runs of each version, those that nobody touched as few as may be, under one number in all of them."""
    blocks = [[_whole(document, at) for at in range(len(document.blocks))] for document in versions]
    untouched = _untouched(blocks)
    rows = [
        [part for at, block in enumerate(row) for part in ([block] if at in same else _parts(document, at))]
        for document, row, same in zip(versions, blocks, untouched, strict=True)
    ]
    return [_joined(row, same) for row, same in zip(rows, _untouched(rows), strict=True)]


def _whole(document: Document, at: int) -> Run:
    placed = document.blocks[at]
    line, block = placed.place.line - 1, placed.reading.block
    return Run(line, line + block.lines, block.data, placed.reading.parts, placed.place)


def _parts(document: Document, at: int) -> list[Run]:
    """A block item by item."""
    placed = document.blocks[at]
    block, first = placed.reading.block, placed.place.line - 1
    starts: dict[int, tuple[int, list[Part]]] = {0: (0, [])}
    for part in placed.reading.parts:
        starts.setdefault(part.bullet.start, (part.bullet.line, []))[1].append(part)
    edges = [(start, *entry) for start, entry in starts.items()]
    return [
        Run(first + line, first + past, block.data[start:stop], parts, placed.place)
        for (start, line, parts), (stop, past, _) in itertools.pairwise([*edges, (len(block.data), block.lines, ())])
    ]


def _untouched(rows: Sequence[Sequence[Run]]) -> list[dict[int, int]]:
    """Of each version the runs that all have and that nobody touched: index to that in the first version.

    The first and the last one never are, nor are those from the last item above a change on: what is put in there is
    told by what it stands below.
    """
    words = [[run.text for run in row] for row in rows]
    there = [dict(matches(words[0], other)) for other in words[1:]]
    found: list[dict[int, int]] = [{} for _ in rows]
    below: Collection[int] = ()
    covered = False  # whether between the one below and the next change an item stands in what is looked at
    for at in reversed(range(len(words[0]))):
        here = [at, *(way[at] for way in there)] if all(at in way for way in there) else []
        goes_on = bool(here) and below == [place + 1 for place in here]
        if goes_on and covered and min(here) > 0:
            for way, place in zip(found, here, strict=True):
                way[place] = at
        covered = bool(here) and (bool(rows[0][at].parts) or (goes_on and covered))
        below = here
    return found


def _joined(row: Sequence[Run], same: dict[int, int]) -> list[Run]:
    """What nobody touched in a row as one; in every version these are the same."""
    found: list[Run] = []
    at = 0
    while at < len(row):
        begin = at
        while at in same:
            at += 1
        if at > begin:
            found.append(Run(row[begin].line, row[at - 1].end, same=same[begin]))
        else:
            found.append(row[at])
            at += 1
    return found
