"""A document as a row of units for merging: each item is one, keyed by its id, each other line is one by itself.

What all versions have, with nothing changed next to it, is one unit (spec.untouched).
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from cockpit.spec.document import Document
from cockpit.spec.identity import Known, known, pair
from cockpit.spec.model import Item, Kind
from cockpit.spec.untouched import Run, runs

REPEATING = ("steer", "iterate")
"""Fields that come more than once: they are told apart by what they say."""

BLOCK = "block"
"""What stands for the field of a unit that is a run nobody touched: put down once wherever it comes to stand."""


@dataclass(frozen=True, slots=True)
class Part:
    """The item behind a unit. Its first line is box + mark + gap + text + id + tail, as bytes."""

    id: str
    """Written id, else empty."""
    name: str
    """How a conflict calls it."""
    box: bytes
    mark: bytes
    gap: bytes
    text: bytes
    tail: bytes
    inner: tuple[Unit, ...]
    """Fields and other lines below the first one, without nested items."""
    known: Known
    """What it is recognised by in another version."""
    section: Kind | None
    """What the section it stands in is for."""

    @property
    def indent(self) -> bytes:
        """The blanks before its bullet."""
        return self.box[: len(self.box) - len(self.box.lstrip(b" \t"))]


@dataclass(frozen=True, slots=True)
class Unit:
    """Lines that are merged as one. Units with a key of their own may move; others are where they are."""

    key: Hashable
    lines: tuple[bytes, ...]
    """Without their line feeds."""
    whole: tuple[bytes, ...] = ()
    """With all that is nested below: when that is unchanged a removal on the other side may stand."""
    part: Part | None = None
    field: str = ""
    """Name of a field that is merged by name."""

    @property
    def keyed(self) -> bool:
        """Whether the key is an identity and not just the words."""
        return self.part is not None or bool(self.field)

    def changed(self, was: Unit) -> bool:
        """Whether it, or what is nested below it, says something else than before, or stands in another section."""
        home, other = (unit.part.section if unit.part else None for unit in (self, was))
        return self.whole != was.whole or home is not other


def at_indent(unit: Unit, indent: bytes) -> Unit:
    """An item at another depth: its own lines, and those below it, with this indent in place of its own."""
    part = unit.part
    if part is None or part.indent == indent:
        return unit
    inner = tuple(_line_at(entry, _moved(entry.lines, part.indent, indent)) for entry in part.inner)
    box = indent + part.box.removeprefix(part.indent)
    return replace(unit, lines=_moved(unit.lines, part.indent, indent), part=replace(part, box=box, inner=inner))


def _line_at(unit: Unit, lines: tuple[bytes, ...]) -> Unit:
    """The same with other lines; one that is known by its words alone is known by these."""
    return replace(unit, lines=lines, key=lines[0] if unit.key == unit.lines[0] else unit.key)


def _moved(lines: Sequence[bytes], own: bytes, indent: bytes) -> tuple[bytes, ...]:
    return tuple(indent + line.removeprefix(own) if line.strip() and line.startswith(own) else line for line in lines)


def rows(*versions: Document) -> list[tuple[list[bytes], list[Unit]]]:
    """Of each version, the first one the base: the lines of its front matter, and the units of the rest."""
    return [_units(document, row) for document, row in zip(versions, runs(versions), strict=True)]


def _units(document: Document, row: Sequence[Run]) -> tuple[list[bytes], list[Unit]]:
    data = document.data
    lines = data.split(b"\n")
    head = document.front.span
    first = data.count(b"\n", 0, head.end) if head else 0
    if head and head.end and data[head.end - 1] != 10:
        first = len(lines)
    found: list[Unit] = []
    at = first
    seen: dict[str, int] = {}
    for run in row:
        if run.same >= 0:
            found.extend(Unit(line, (line,)) for line in lines[at : run.line])
            at = run.end
            text = (b"\n".join(lines[run.line : at]),)
            found.append(Unit((BLOCK, run.same), text, text, field=BLOCK))
            continue
        items = [item for top in run.items for item in top.walk()]
        for item, below in zip_longest(items, items[1:]):
            start = item.line - 1
            end = start + _count(data, item.span.start, item.span.end)
            own = min(end, below.line - 1) if below else end
            found.extend(Unit(line, (line,)) for line in lines[at:start])
            nth = seen.get(item.id, 0)
            seen[item.id] = nth + 1
            part = _part(data, item, lines, own)
            found.append(Unit((item.id, nth), tuple(lines[start:own]), tuple(lines[start:end]), part))
            at = own
    found.extend(Unit(line, (line,)) for line in lines[at:])
    return lines[:first], found


def _count(data: bytes, start: int, end: int) -> int:
    return data.count(b"\n", start, end) + (end > start and data[end - 1] != 10)


def _part(data: bytes, item: Item, lines: list[bytes], own: int) -> Part:
    start, text = item.head.start, item.text_span
    closing = data.index(b"]", item.mark_at + 1)
    line_end = start + len(lines[item.line - 1])
    id = item.id if item.touched else ""
    rest = data[text.end : line_end]
    tail = rest[len(rest) - len(rest.lstrip(b" \t")) + len(id) + 1 :] if id else rest
    inner: list[Unit] = []
    at = item.line
    for entry in item.fields:
        begin = entry.line - 1
        end = begin + _count(data, entry.span.start, entry.span.end)
        if end > own:
            break  # it stands below a nested item
        inner.extend(Unit(line, (line,)) for line in lines[at:begin])
        field = tuple(lines[begin:end])
        if entry.key in REPEATING:
            inner.append(Unit((entry.key, entry.value), field, field))
        else:
            nth = sum(unit.field == entry.key for unit in inner)
            inner.append(Unit((entry.key, nth), field, field, field=entry.key))
        at = end
    inner.extend(Unit(line, (line,)) for line in lines[at:own])
    return Part(
        id=id,
        name=f"^{id}" if id else f"“{item.text[:40]}”",
        box=data[start : item.mark_at],
        mark=data[item.mark_at : closing],
        gap=data[closing : text.start],
        text=data[text.start : text.end],
        tail=tail,
        inner=tuple(inner),
        known=known(item, b"\n".join(lines[item.line : own])),
        section=item.section,
    )


def known_by(base: list[Unit], side: list[Unit]) -> list[Unit]:
    """`side` with the keys of `base` for items that are the same though they got an id, lost it, or were reworded."""
    old, new = [unit for unit in base if unit.part], [unit for unit in side if unit.part]
    found = pair([unit.part.known for unit in old if unit.part], [unit.part.known for unit in new if unit.part])
    same = {unit.key: old[found[at]].key if at in found else ("new", unit.key) for at, unit in enumerate(new)}
    return [replace(unit, key=same[unit.key]) if unit.part else unit for unit in side]
