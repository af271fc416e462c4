"""Three rows of units into one, without a conflict zone: each gap of the base gets what both sides put there.

Keyed units may have moved; they are put down once, where a side moved them, with both sides' changes.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from collections.abc import Set as AbstractSet

from cockpit.spec.diff import matches
from cockpit.spec.item import Kind
from cockpit.spec.sides import Side, follow, side_of
from cockpit.spec.units import Unit

Settle = Callable[[Unit | None, Unit | None, Unit | None, bytes], Sequence[bytes]]
"""Lines of a keyed unit, told from base, ours and theirs; of the last two one may be gone, then the other changed.

The bytes say where theirs moved it when both moved it, each to another place.
"""
Told = Callable[[Unit], Sequence[bytes]]
"""Lines that mark what both sides changed, given what it was."""


def weave(base: Sequence[Unit], left: Sequence[Unit], right: Sequence[Unit], settle: Settle, told: Told) -> list[bytes]:
    """One row of lines of three rows of units: what either side put in is in, what either took away is out.

    Lines without a key that both sides changed, each in its own way, stand one after the other with `told` below them.
    """
    old = list(base)
    ours, theirs = side_of(old, list(left)), side_of(old, list(right))
    before = {unit.key: unit for unit in old if unit.keyed}
    ours_moved, theirs_moved = (
        {unit.key for gap in side.gaps for unit in gap if unit.key in before} for side in (ours, theirs)
    )
    places = _places(left, right, ours_moved & theirs_moved)
    clashes = _clashes(old, ours, theirs)
    follow(before, left, ours, theirs, theirs_moved - ours_moved)
    follow(before, right, theirs, ours, ours_moved)
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
            out.extend(settle(was, mine, other, places.get(unit.key, b"")))
        elif was is None:
            out.extend(unit.lines)
        elif unit.changed(was):
            out.extend(settle(was, mine, other, b""))

    for index in range(len(old) + 1):
        for unit, side in _both(ours, theirs, index):
            put(unit, side)
        if index == len(old):
            break
        unit = old[index]
        if unit.keyed:
            mine, other = ours.units.get(unit.key), theirs.units.get(unit.key)
            if (ours.kept[index] and theirs.kept[index]) or (mine is None) != (other is None):
                there = mine or other
                if there is not None and (ours.kept[index] or theirs.kept[index]):
                    put(there, None)
        elif ours.kept[index] and theirs.kept[index]:
            out.extend(unit.lines)
        if index in clashes:
            out.extend(told(clashes[index]))
    return out


def _places(left: Sequence[Unit], right: Sequence[Unit], moved: AbstractSet[Hashable]) -> dict[Hashable, bytes]:
    """Where theirs put the items that both sides moved, for those that ours put elsewhere.

    A place is a section, and the item above that both sides have: what one side put in between is no other place.
    """
    if not moved:
        return {}
    common = {unit.key for unit in left if unit.part} & {unit.key for unit in right if unit.part}
    ours, theirs = _above(left, common), _above(right, common)
    found: dict[Hashable, bytes] = {}
    for key in moved & common:
        (home, mine), (there, other) = ours[key], theirs[key]
        if home is not there and there is not None:
            found[key] = b"moved to " + there.value.encode()
        elif home is not there or (mine and mine.key) != (other and other.key):
            found[key] = b"moved below " + other.part.name.encode() if other and other.part else b"moved to the top"
    return found


def _above(side: Sequence[Unit], common: AbstractSet[Hashable]) -> dict[Hashable, tuple[Kind | None, Unit | None]]:
    """For each of these items its section, and the one of them above it, in a section that we know the one in there."""
    last: dict[Kind | None, Unit] = {}
    found: dict[Hashable, tuple[Kind | None, Unit | None]] = {}
    for unit in side:
        if unit.part is not None and unit.key in common:
            found[unit.key] = (unit.part.section, last.get(unit.part.section))
            last[unit.part.section] = last[None] = unit
    return found


def _both(ours: Side, theirs: Side, index: int) -> list[tuple[Unit, Side]]:
    """What both put in at one place: what is the same once, else ours first, but what is nested before what is not."""
    left, right = ours.gaps[index], theirs.gaps[index]
    row: list[tuple[Unit, Side]] = []
    a = b = 0
    pairs = matches(list(map(_where, left)), list(map(_where, right))) if left and right else []
    for x, y in [*pairs, (len(left), len(right))]:
        mine, other = [(unit, ours) for unit in left[a:x]], [(unit, theirs) for unit in right[b:y]]
        row.extend([*other, *mine] if _depth(right[b:y]) > _depth(left[a:x]) else [*mine, *other])
        row.extend((unit, ours) for unit in left[x : x + 1])
        a, b = x + 1, y + 1
    return row


def _depth(put: Sequence[Unit]) -> int:
    """The indent of what is put in, if it begins with an item: below one indented less it were nested in that."""
    first = next((unit for unit in put if unit.part or unit.lines[0].strip()), None)
    return len(first.part.indent.expandtabs(4)) if first and first.part else 0


def _where(unit: Unit) -> Hashable:
    return (unit.key, unit.part.section if unit.part else None)


def _clashes(old: list[Unit], ours: Side, theirs: Side) -> dict[int, Unit]:
    """Index of the last line of each stretch that both sides changed, each in its own way, to its first one.

    What each side put there is drawn together, so that one version is read after the other.
    """
    found: dict[int, Unit] = {}
    told: dict[tuple[int, int], int] = {}
    for index, unit in enumerate(old):
        pair = (ours.hunk[index], theirs.hunk[index])
        if unit.keyed or -1 in pair or not b"".join(unit.lines).strip():
            continue
        if pair in told:
            found[index] = found.pop(told[pair])
        else:
            mine = [entry.key for entry in ours.instead[pair[0]] if not entry.keyed]
            other = [entry.key for entry in theirs.instead[pair[1]] if not entry.keyed]
            if mine == other:
                continue
            known = _within(mine, other) or _within(other, mine)
            for side, start in ((ours, pair[0]), (theirs, pair[1])):
                drawn = side.instead[start]
                for at in range(start, min(start + len(drawn), len(side.gaps))):
                    side.gaps[at] = [entry for entry in side.gaps[at] if not any(entry is new for new in drawn)]
                side.gaps[start] = [*side.gaps[start], *drawn]
            if known:
                continue
            found[index] = unit
        told[pair] = index
    return found


def _within(some: list[Hashable], more: list[Hashable]) -> bool:
    """Whether these lines stand among those in that order: who has all knows of them, as after a merge before."""
    rest = iter(more)
    return bool(some) and not any(line not in rest for line in some)
