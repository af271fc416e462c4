r"""An item of the living spec: what it says, shared by all versions that have it, at the place where it stands now.

All offsets are byte offsets into `Document.data`; all line numbers count from 1. Lines end at `\n` only; a `\r`
before it is content.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from cockpit.spec.scan import Bullet


class Mark(StrEnum):
    """The character between an item's brackets."""

    OPEN = " "
    RUNNING = "/"
    NEEDS_YOU = "?"
    DONE = "x"
    STRUCK = "-"
    DEFERRED = ">"
    BLOCKED = "!"

    @property
    def over(self) -> bool:
        """Whether nothing is left to do: done or struck."""
        return self in (Mark.DONE, Mark.STRUCK)


class Kind(StrEnum):
    """What a section is for, told by the words of its heading at any level."""

    GOAL = "goal"
    SIGNALS = "live signals"
    QUEUE = "queue"
    BACKLOG = "backlog"
    PENDING = "pending"
    ACCEPTANCE = "acceptance"
    FAILURES = "known failures"
    DECISIONS = "decisions"
    RUNBOOKS = "runbooks"
    CODE_MAP = "code map"
    EXCHANGE = "exchange"
    MUTED = "muted"
    PINNED = "pinned"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open range of bytes."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Field:
    """A nested bullet `- key: value` below an item. `span` is its whole line(s), line end included.

    A value that is one code span is given without its backticks; wrapped lines are joined; for `key:` with bullets
    below it the value is these, joined by commas. Items below it are none of it, but of the item that has the field.
    """

    key: str
    value: str
    line: int
    span: Span
    value_span: Span
    end: int
    """Past all that is nested below it: past `span` where items are."""

    def at(self, place: Place) -> Field:
        """The same field of a block, as it stands in the document."""
        span, value = self.span, self.value_span
        there = place.span(span.start, span.end), place.span(value.start, value.end)
        return Field(self.key, self.value, place.line + self.line, *there, place.offset + self.end)


@dataclass(slots=True)
class Part:
    """What a checkbox item says, with offsets and lines that count from its block: versions of a document share it."""

    bullet: Bullet
    id: str
    """As written; empty when the item has none."""
    nth: int
    """Which of the block's derived keys is its own when it has no id."""
    mark: Mark
    text: str
    section: Kind | None
    mark_at: int
    text_span: tuple[int, int]
    fields: tuple[Field, ...]
    children: tuple[Part, ...]

    def values(self, key: str) -> list[str]:
        """As `Item.values`."""
        return [entry.value for entry in self.fields if entry.key == key]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block stands in one version of the document."""

    offset: int
    line: int
    """Number of its first line."""
    keys: tuple[str, ...]
    """Derived keys of what has no id of its own, in order."""

    def span(self, start: int, end: int) -> Span:
        """These offsets of the block as a span of the document."""
        return Span(self.offset + start, self.offset + end)


class Item:
    """A checkbox item: what its part says, at the place where its block stands. Never changes."""

    __slots__ = ("_part", "_place")

    def __init__(self, part: Part, place: Place) -> None:
        self._part = part
        self._place = place

    @property
    def id(self) -> str:
        """Its trailing ` ^id`, else a derived key `~xxxxx` that stays as long as the text does."""
        return self._part.id or self._place.keys[self._part.nth]

    @property
    def touched(self) -> bool:
        """Whether the id is written in the document (derived ids are not)."""
        return bool(self._part.id)

    @property
    def mark(self) -> Mark:
        """The mark between its brackets; one that means nothing reads as blocked."""
        return self._part.mark

    @property
    def text(self) -> str:
        """First line after the checkbox, without the id; code spans and emphasis as they are."""
        return self._part.text

    @property
    def section(self) -> Kind | None:
        """What the section it stands in is for."""
        return self._part.section

    @property
    def line(self) -> int:
        """Number of its first line."""
        return self._place.line + self._part.bullet.line

    @property
    def depth(self) -> int:
        """Columns of indent before the bullet."""
        return self._part.bullet.column

    @property
    def span(self) -> Span:
        """From its first line through all that is nested below it."""
        return self._place.span(self._part.bullet.start, self._part.bullet.end)

    @property
    def head(self) -> Span:
        """Its first line, line end included."""
        return self._place.span(self._part.bullet.start, self._part.bullet.head_end)

    @property
    def below(self) -> int:
        """Past the last line of its first paragraph: where a first nested line goes."""
        return self._place.offset + self._part.bullet.wrapped

    @property
    def mark_at(self) -> int:
        """Offset of the mark's byte."""
        return self._place.offset + self._part.mark_at

    @property
    def text_span(self) -> Span:
        """The bytes of `text`."""
        return self._place.span(*self._part.text_span)

    @property
    def fields(self) -> tuple[Field, ...]:
        """Its fields in order."""
        return tuple(entry.at(self._place) for entry in self._part.fields)

    @property
    def children(self) -> tuple[Item, ...]:
        """Checkbox items nested below it, through bullets that are none."""
        place = self._place
        return tuple([Item(part, place) for part in self._part.children])

    def value(self, key: str, default: str = "") -> str:
        """Value of the last field of that name; `default` when there is none."""
        return next((entry.value for entry in reversed(self._part.fields) if entry.key == key), default)

    def values(self, key: str) -> list[str]:
        """Values of all fields of that name, in order (`steer:` and `iterate:` repeat)."""
        return self._part.values(key)

    def inheriting(self, other: Item, keys: Collection[str]) -> Item:
        """The same item, to be read, with these fields of an item around it where it has none of that name."""
        own = {entry.key for entry in self._part.fields}
        more = tuple(entry for entry in other._part.fields if entry.key in keys and entry.key not in own)
        return Item(replace(self._part, fields=self._part.fields + more), self._place) if more else self

    def walk(self) -> Iterator[Item]:
        """The item and all that are nested below it, children after their parent."""
        yield self
        for child in self.children:
            yield from child.walk()

    def __eq__(self, other: object) -> bool:
        return self._says() == other._says() if isinstance(other, Item) else NotImplemented

    def __hash__(self) -> int:
        return hash((self.id, self.line))

    def _says(self) -> tuple[object, ...]:
        """All of it: two blocks that differ elsewhere hold the same item when this is the same."""
        where = (self.line, self.depth, self.span, self.head, self.below, self.mark_at, self.text_span)
        return (self.id, self.mark, self.text, self.section, where, self.fields, self.children)

    def __repr__(self) -> str:
        return f"Item({self.id!r}, {self.mark.value!r}, {self.text!r}, line {self.line})"
