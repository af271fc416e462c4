"""What a block says, given the sections that are open above it: the part of parsing that versions share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from cockpit.spec.fields import after_ids
from cockpit.spec.item import Kind, Part
from cockpit.spec.items import Reader, derive
from cockpit.spec.numbers import mentioned
from cockpit.spec.plain import Mute, Pin, Problem
from cockpit.spec.scan import Block, Opening
from cockpit.spec.words import Aliases, kind_of

_NUMBERED = re.compile(r"[A-Za-z][0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Around:
    """The sections that are open where a block begins: level and kind of each, the outermost first."""

    open: tuple[tuple[int, Kind | None], ...] = ()
    aliases: Aliases = ()
    """What other headings mean in this document."""

    @property
    def kind(self) -> Kind | None:
        """What stands here is for: the innermost section's kind, its own or inherited."""
        return self.open[-1][1] if self.open else None

    def opened(self, level: int, kind: Kind | None) -> Around:
        """The same after a heading of that level; without a kind of its own a section has that of the one around it."""
        above = tuple(entry for entry in self.open if entry[0] < level)
        return Around((*above, (level, kind or (above[-1][1] if above else None))), self.aliases)


@dataclass(slots=True, eq=False)
class Reading:
    """A block read: everything in document order, with offsets and lines of the block. Never changed."""

    block: Block
    around: Around
    after: Around
    """What is open where the block ends."""
    sections: tuple[tuple[Opening, str, Kind | None], ...]
    """Each opening with its title and its own kind."""
    parts: tuple[Part, ...]
    """The outermost items."""
    ids: Mapping[str, Part]
    """The first item of each written id, nested ones included."""
    named: tuple[tuple[str, int], ...]
    """All written ids with their lines, those of mutes and pins too."""
    waiting: tuple[tuple[Part, tuple[str, ...]], ...]
    """Items with an `after:`, and the ids it names."""
    mutes: tuple[tuple[Mute, int], ...]
    """Each with the number of its derived key, as in `Part`."""
    pins: tuple[tuple[Pin, int], ...]
    problems: tuple[Problem, ...]
    texts: Mapping[str, int]
    """Texts of what has no id, with how often each comes."""
    unnamed: tuple[str, ...]
    """The same, one by one."""
    keys: tuple[str, ...]
    """Their derived keys as long as no block before says the same."""


def read(block: Block, around: Around) -> Reading:
    """What this block says below the sections `around`."""
    reader = Reader(block.data)
    parts: list[Part] = []
    mutes: list[tuple[Mute, int]] = []
    pins: list[tuple[Pin, int]] = []
    sections: list[tuple[Opening, str, Kind | None]] = []
    openings = iter(block.openings)
    now, opening = around, next(openings, None)
    for bullet in block.bullets:
        while opening is not None and opening.start <= bullet.start:
            now = _open(now, opening, sections)
            opening = next(openings, None)
        kind = now.kind
        found = list(reader.items(bullet, kind))
        parts.extend(found)
        if kind is Kind.MUTED and not found:
            mutes.append(reader.mute(bullet))
        elif kind is Kind.PINNED and not found:
            pins.append(reader.pin(bullet))
    while opening is not None:
        now = _open(now, opening, sections)
        opening = next(openings, None)
    ids: dict[str, Part] = {}
    waiting: list[tuple[Part, tuple[str, ...]]] = []
    for part in parts:
        _gather(part, ids, waiting)
    texts: dict[str, int] = {}
    keys = derive(reader.texts, texts, set())
    return Reading(
        block=block,
        around=around,
        after=now,
        sections=tuple(sections),
        parts=tuple(parts),
        ids=ids,
        named=tuple(reader.ids),
        waiting=tuple(waiting),
        mutes=tuple(mutes),
        pins=tuple(pins),
        problems=tuple(reader.problems),
        texts=texts,
        unnamed=tuple(reader.texts),
        keys=keys,
    )


def _open(now: Around, opening: Opening, sections: list[tuple[Opening, str, Kind | None]]) -> Around:
    title = opening.title.decode()
    kind = kind_of(title, now.aliases)
    sections.append((opening, title, kind))
    return now.opened(opening.level, kind)


def _gather(part: Part, ids: dict[str, Part], waiting: list[tuple[Part, tuple[str, ...]]]) -> None:
    if part.id:
        ids.setdefault(part.id, part)
    if any(entry.key == "after" for entry in part.fields):
        waiting.append((part, tuple(after_ids(part))))
    for child in part.children:
        _gather(child, ids, waiting)


def numbers(reading: Reading) -> Mapping[str, int]:
    """For each letter the highest number that a mention (`^q7`, `delegate/q7`, `after: q7`) has in the block."""
    known = reading.block.numbers
    if known is None:
        known = mentioned(reading.block.data)
        for name in (name for _, names in reading.waiting for name in names):
            if _NUMBERED.fullmatch(name):
                known[name[0]] = max(known.get(name[0], 0), int(name[1:]))
        reading.block.numbers = known
    return known
