"""One version of the spec: its blocks, each read, and where they stand. The rest is made when it is asked for."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeVar

from cockpit.spec.circles import circles
from cockpit.spec.front import Front
from cockpit.spec.item import Item, Kind, Place, Span
from cockpit.spec.numbers import mentioned
from cockpit.spec.plain import UNSAID, Controls, Mute, Pin, Problem, Section, SignalRow
from cockpit.spec.problems import wrong
from cockpit.spec.reading import Reading, numbers
from cockpit.spec.scan import Bullet, Row
from cockpit.spec.table import Table, find_table

_ESCAPED = re.compile(r"(?m)^( {0,3})\\(?=\\*[#`~<=-])")
"""The backslashes that `edit.set_goal` adds."""


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """A block of this version: what it says, and where it stands."""

    reading: Reading
    place: Place

    @property
    def end(self) -> int:
        """Past its last byte."""
        return self.place.offset + len(self.reading.block.data)

    def items(self) -> list[Item]:
        """Its outermost items."""
        return [Item(part, self.place) for part in self.reading.parts]


@dataclass(frozen=True, eq=False)
class Document:
    """One parsed version of the spec. Printing it is `data`: nothing is ever re-rendered. Never changes."""

    data: bytes
    front: Front = field(repr=False)
    blocks: tuple[Placed, ...] = field(repr=False)
    """What follows the front matter, without a gap."""

    def __eq__(self, other: object) -> bool:
        return self.data == other.data if isinstance(other, Document) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.data)

    @property
    def controls(self) -> Controls:
        """The `cockpit:` block of the front matter."""
        return self.front.controls

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """Top-level checkbox items of all sections, in document order (children hang below their parent)."""
        return tuple(item for placed in self.blocks for item in placed.items())

    @cached_property
    def queue(self) -> tuple[Item, ...]:
        """Items of `## Queue` in order."""
        return self.of(Kind.QUEUE)

    def of(self, kind: Kind) -> tuple[Item, ...]:
        """Items of all sections of that kind in order; nested ones hang below their parent."""
        return tuple(item for item in self.items if item.section is kind)

    def item(self, id: str) -> Item | None:
        """The first item of that id (or derived key), nested ones included; of `q1@14` the one on line 14."""
        if "@" in id:
            return next((item for item in self.walk() if f"{item.id}@{item.line}" == id), None)
        if not id.startswith("~"):
            for placed in self.blocks:
                part = placed.reading.ids.get(id)
                if part is not None:
                    return Item(part, placed.place)
            return None
        for placed in self.blocks:
            if id in placed.place.keys:
                return next((item for top in placed.items() for item in top.walk() if item.id == id), None)
        return None

    def above(self, item: Item) -> Item | None:
        """The item in which this one is nested; None for an outermost one."""
        at = bisect_right(self.blocks, item.span.start, key=lambda placed: placed.place.offset) - 1
        around = [top for top in self.blocks[at].items() if top.span.start < item.span.start < top.span.end]
        return next((parent for top in around for parent in top.walk() if item in parent.children), None)

    def lines_of(self, id: str) -> list[int]:
        """The lines of all items of that written id: more than one where somebody copied an item."""
        there = (placed for placed in self.blocks if id in placed.reading.ids)
        return [item.line for placed in there for top in placed.items() for item in top.walk() if item.id == id]

    def name(self, item: Item) -> str:
        """What an act calls the item: its id, with its line when it shares the id."""
        return f"{item.id}@{item.line}" if item.id in self.shared else item.id

    @cached_property
    def shared(self) -> frozenset[str]:
        """The written ids that more than one item has, because somebody copied it."""
        seen: set[str] = set()
        again = {id for at in self.blocks for id, _ in at.reading.named if id in seen or seen.add(id)}
        times = Counter(item.id for item in self.walk() if item.id in again) if again else Counter[str]()
        return frozenset(id for id, count in times.items() if count > 1)

    @cached_property
    def after(self) -> Mapping[str, tuple[str, ...]]:
        """The items that have an `after:`, by id, each with the ids it names."""
        waiting = ((at.place, *entry) for at in self.blocks for entry in at.reading.waiting)
        return {part.id or place.keys[part.nth]: names for place, part, names in waiting}

    @cached_property
    def circular(self) -> frozenset[str]:
        """The ids of the items that wait for themselves."""
        return circles(self.after)

    def walk(self) -> list[Item]:
        """All items, children after their parent."""
        return list(self._all)

    @cached_property
    def _all(self) -> tuple[Item, ...]:
        found: list[Item] = []
        for top in self.items:
            found.append(top)
            waiting = list(reversed(top.children))
            while waiting:
                found.append(waiting.pop())
                waiting.extend(reversed(found[-1].children))
        return tuple(found)

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """All sections in document order."""
        return tuple(self._sections())

    def section(self, kind: Kind) -> Section | None:
        """The first section of that kind."""
        return self._firsts.get(kind)

    @cached_property
    def _firsts(self) -> dict[Kind, Section]:
        return {section.kind: section for section in reversed(self.sections) if section.kind}

    def _sections(self) -> Iterator[Section]:
        found = [(at.place, *opened) for at in self.blocks for opened in at.reading.sections]
        ends = [place.offset + opening.start for place, opening, _, _ in found[1:]]
        for (place, opening, title, own), end in zip(found, [*ends, len(self.data)], strict=False):
            heading = place.span(opening.start, opening.end)
            yield Section(own, title, opening.level, place.line + opening.line, heading, Span(heading.end, end))

    @cached_property
    def mutes(self) -> tuple[Mute, ...]:
        """The lines of `## Muted`."""
        return tuple(_here(mute, nth, at.place) for at in self.blocks for mute, nth in at.reading.mutes)

    @cached_property
    def pins(self) -> tuple[Pin, ...]:
        """The lines of `## Pinned`."""
        return tuple(_here(pin, nth, at.place) for at in self.blocks for pin, nth in at.reading.pins)

    @cached_property
    def table(self) -> Table | None:
        """The table in the first section of live signals."""
        section = self.section(Kind.SIGNALS)
        if section is None:
            return None
        rows = [
            Row(at.place.line + row.line, at.place.offset + row.start, at.place.offset + row.end)
            for at in self._within(section.body)
            for row in at.reading.block.rows
        ]
        return find_table(self.data, [row for row in rows if section.body.start <= row.start < section.body.end])

    @property
    def signals(self) -> tuple[SignalRow, ...]:
        """The rows of that table."""
        return self.table.rows if self.table else ()

    @cached_property
    def goal(self) -> str:
        """Text of the goal section, stripped, without comments; empty when there is none, or the template's still."""
        section = self.section(Kind.GOAL)
        if section is None:
            return ""
        start, pieces = section.body.start, list[bytes]()
        for comment in self.comments(section.body):
            pieces.append(self.data[start : comment.start])
            start = comment.end
        pieces.append(self.data[start : section.body.end])
        text = b"".join(pieces).decode().replace("\r\n", "\n").strip()
        return "" if text == UNSAID else _ESCAPED.sub(r"\1", text)

    def comments(self, span: Span) -> list[Span]:
        """The whole lines in this span that HTML comments take, in order."""
        found = [at.place.span(start, end) for at in self._within(span) for start, end in at.reading.block.comments]
        return [comment for comment in found if span.start <= comment.start and comment.end <= span.end]

    def highest(self, letter: str) -> int:
        """The highest number of the ids of that letter that the document has or mentions; 0 for none."""
        begin = self.blocks[0].place.offset if self.blocks else len(self.data)
        known = [mentioned(self.data[:begin]), *(numbers(at.reading) for at in self.blocks)]
        return max(found.get(letter, 0) for found in known)

    def bullets(self, span: Span) -> list[Bullet]:
        """The outermost bullets that begin in this span."""
        return [
            bullet.moved(at.place.offset, at.place.line)
            for at in self._within(span)
            for bullet in at.reading.block.bullets
            if span.start <= at.place.offset + bullet.start < span.end
        ]

    @property
    def unclosed(self) -> tuple[int, int, str] | None:
        """Line, offset and name of a fence or comment that swallows the rest of the document."""
        last = self.blocks[-1] if self.blocks else None
        if last is None or last.reading.block.unclosed is None:
            return None
        line, start, what = last.reading.block.unclosed
        return last.place.line + line, last.place.offset + start, what

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """What is odd but can be gone on with, by line."""
        found = [
            Problem(at.place.line + problem.line, problem.what, problem.remedy)
            for at in self.blocks
            for problem in at.reading.problems
        ]
        whole = wrong([(at.reading, at.place) for at in self.blocks], self.circular, self.unclosed)
        return tuple(sorted([*self.front.problems, *found, *whole], key=lambda problem: problem.line))

    def _within(self, span: Span) -> Iterator[Placed]:
        """The blocks that hold a part of this span."""
        for placed in self.blocks:
            if placed.place.offset < span.end and span.start < placed.end:
                yield placed


_Order = TypeVar("_Order", Mute, Pin)


def _here(order: _Order, nth: int, place: Place) -> _Order:
    """A standing order of a block as it stands in the document."""
    span = place.span(order.span.start, order.span.end)
    return replace(order, id=order.id or place.keys[nth], line=place.line + order.line, span=span)
