"""How one side of a merge differs from the base; what a side nested in an item goes where that item goes."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from cockpit.spec.diff import matches
from cockpit.spec.units import Unit, at_indent


@dataclass(slots=True)
class Side:
    """How one side differs from the base."""

    kept: list[bool]
    """For each unit of the base whether it is in its place."""
    gaps: list[list[Unit]]
    """What was put in before each unit of the base, and at the end; moved units too."""
    hunk: list[int]
    """For each unit of the base that is not kept the first one of the replaced stretch, else -1."""
    instead: dict[int, list[Unit]]
    """By that number what stands there now."""
    units: dict[object, Unit]
    """Keyed units by key."""


def side_of(base: list[Unit], side: list[Unit]) -> Side:
    """What that side did to the units of the base."""
    size = len(base)
    result = Side([False] * size, [[] for _ in range(size + 1)], [-1] * size, {}, {})
    result.units = {unit.key: unit for unit in side if unit.keyed}
    homes = {unit.key: unit.part.section for unit in base if unit.part}
    stayed = [
        unit.key if unit.part is None or homes.get(unit.key) is unit.part.section else ("moved", unit.key)
        for unit in side
    ]
    a = b = 0
    for x, y in [*matches([unit.key for unit in base], stayed), (size, len(side))]:
        gone, came = x - a, y - b
        if came or gone:
            result.instead[a] = side[b:y]
            result.hunk[a:x] = [a] * gone
            for index, unit in enumerate(side[b:y]):
                result.gaps[a + index if gone == came else a].append(unit)
        if x < size:
            result.kept[x] = True
        a, b = x + 1, y + 1
    return result


def follow(
    before: Mapping[Hashable, Unit], row: Sequence[Unit], side: Side, other: Side, moved: AbstractSet[Hashable]
) -> None:
    """Put the items that `side` nested anew where their item stands in the end, as deep as it came to stand.

    `row` is all of that side, `moved` the keys of what stands where the other side moved it, `before` the base by key.
    """
    above: list[Unit] = []
    roots: dict[object, Unit] = {}
    for unit in row:
        if unit.part is None:
            if unit.lines[0][:1].strip(b" \t\r"):
                above.clear()  # what begins at the margin ends the list
            continue
        while above and _depth(above[-1]) >= _depth(unit):
            above.pop()
        if above and unit.key not in before and unit.key not in other.units:
            roots[unit.key] = roots.get(above[-1].key, above[-1])
        above.append(unit)
    for gap in side.gaps if roots else ():
        for unit in [unit for unit in gap if unit.key in roots]:
            root = roots[unit.key]
            there = other.units.get(root.key)
            was = before.get(root.key)
            if there is None or was is None or was.part is None or there.part is None or root.part is None:
                continue
            indent = there.part.indent if root.part.indent == was.part.indent else root.part.indent
            new = at_indent(unit, indent + _indent(unit).removeprefix(root.part.indent))
            if root.key in moved:
                gap.remove(unit)
                home = next(gap for gap in other.gaps if root.key in {entry.key for entry in gap})
                home.insert(_end(home, root.key), new)
            else:
                gap[gap.index(unit)] = new


def _end(gap: Sequence[Unit], key: object) -> int:
    """Behind that item and what is nested in it."""
    at = next(index for index, unit in enumerate(gap) if unit.key == key)
    end = at + 1
    while end < len(gap) and gap[end].part and _depth(gap[end]) > _depth(gap[at]):
        end += 1
    return end


def _indent(unit: Unit) -> bytes:
    return unit.part.indent if unit.part else b""


def _depth(unit: Unit) -> int:
    return len(_indent(unit).expandtabs(4))
