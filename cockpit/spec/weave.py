"""Three rows of units into one, without a conflict zone: each gap of the base gets what both sides put there.

Keyed units may have moved; they are put down once, where a side moved them, with both sides' changes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cockpit.spec.diff import matches
from cockpit.spec.units import Unit

Settle = Callable[[Unit | None, Unit, Unit], Sequence[bytes]]


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


def _side(base: list[Unit], side: list[Unit]) -> Side:
    size = len(base)
    result = Side([False] * size, [[] for _ in range(size + 1)], [-1] * size, {}, {})
    result.units = {unit.key: unit for unit in side if unit.keyed}
    a = b = 0
    for x, y in [*matches([unit.key for unit in base], [unit.key for unit in side]), (size, len(side))]:
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


def weave(
    base: Sequence[Unit], left: Sequence[Unit], right: Sequence[Unit], settle: Settle, where: str, conflicts: list[str]
) -> list[bytes]:
    """One row of lines of three rows of units: what either side put in is in, what either took away is out.

    `settle` gives the lines of a unit that all have, or both sides added. `where` goes before the words of conflicts.
    """
    old = list(base)
    ours, theirs = _side(old, list(left)), _side(old, list(right))
    before = {unit.key: unit for unit in old if unit.keyed}
    ours_moved = {unit.key for gap in ours.gaps for unit in gap if unit.key in before}
    done: set[object] = set()
    out: list[bytes] = []

    def put(unit: Unit, moved_by: Side | None) -> None:
        if not unit.keyed:
            out.extend(unit.lines)
            return
        was, mine, other = before.get(unit.key), ours.units.get(unit.key), theirs.units.get(unit.key)
        if unit.key in done or (moved_by is theirs and mine is not None and unit.key in ours_moved):
            return
        done.add(unit.key)
        if mine is not None and other is not None:
            out.extend(settle(was, mine, other))
        elif was is None:
            out.extend(unit.lines)
        elif unit.whole != was.whole:
            out.extend(unit.lines)
            conflicts.append(f"{_name(unit, where)} was removed on one side and changed on the other; it is kept")

    for index in range(len(old) + 1):
        for unit, side in _both(ours, theirs, index):
            put(unit, side)
        if index == len(old):
            break
        unit = old[index]
        if not unit.keyed:
            if ours.kept[index] and theirs.kept[index]:
                out.extend(unit.lines)
            continue
        mine, other = ours.units.get(unit.key), theirs.units.get(unit.key)
        if (ours.kept[index] and theirs.kept[index]) or (mine is None) != (other is None):
            there = mine or other
            if there is not None and (ours.kept[index] or theirs.kept[index]):
                put(there, None)
    conflicts.extend(_clashes(old, ours, theirs, where))
    return out


def _both(ours: Side, theirs: Side, index: int) -> list[tuple[Unit, Side]]:
    """What both put in at one place: what is the same once, else ours first."""
    left, right = ours.gaps[index], theirs.gaps[index]
    row: list[tuple[Unit, Side]] = []
    a = b = 0
    pairs = matches([unit.key for unit in left], [unit.key for unit in right]) if left and right else []
    for x, y in [*pairs, (len(left), len(right))]:
        row.extend((unit, ours) for unit in left[a:x])
        row.extend((unit, theirs) for unit in right[b:y])
        row.extend((unit, ours) for unit in left[x : x + 1])
        a, b = x + 1, y + 1
    return row


def _clashes(old: list[Unit], ours: Side, theirs: Side, where: str) -> list[str]:
    """Lines that both sides changed, each in its own way; both ways stand in the document."""
    told: set[tuple[int, int]] = set()
    words: list[str] = []
    for index, unit in enumerate(old):
        pair = (ours.hunk[index], theirs.hunk[index])
        if unit.keyed or -1 in pair or pair in told or not b"".join(unit.lines).strip():
            continue
        told.add(pair)
        mine = [entry.key for entry in ours.instead[pair[0]] if not entry.keyed]
        other = [entry.key for entry in theirs.instead[pair[1]] if not entry.keyed]
        if mine != other:
            words.append(f"{_name(unit, where)} was changed on both sides; both stand")
    return words


def _name(unit: Unit, where: str) -> str:
    if unit.part is not None:
        return unit.part.name
    text = unit.field or f"“{b' '.join(unit.lines).decode(errors='replace').strip()[:40]}”"
    return f"{where}: {text}" if where else text
