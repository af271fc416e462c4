"""Three-way merge of a spec: items by their ids, part by part, all else by lines (limits-substrate, section 2).

Laws, held by properties: m(b,x,b) = x, m(b,b,y) = y, m(b,x,x) = x; no word that a side added is lost, no id is doubled.
What both sides changed differently stands in the document twice, the second one as a nested `conflict:` bullet.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cockpit.spec import lens, merged_ids
from cockpit.spec.front import front
from cockpit.spec.model import Mark, SpecError
from cockpit.spec.parse import check_readable, parse
from cockpit.spec.scan import BOM
from cockpit.spec.units import Part, Unit, at_indent, known_by, rows
from cockpit.spec.weave import Settle, Told, weave

_BULLET = re.compile(rb"[ \t]+[-*+][ \t]+")


@dataclass(frozen=True, slots=True)
class Merged:
    """The merged bytes, and in words what could not be settled; empty when all is well."""

    data: bytes
    conflicts: tuple[str, ...] = ()


def merge(base: bytes, ours: bytes, theirs: bytes) -> Merged:
    """Both sides' changes since `base`, in the form of ours. Raises SpecError when one of the three can't be read."""
    if ours in (theirs, base) or theirs == base:
        return Merged(theirs if ours == base else ours)
    told: list[Merged] = []

    def both(view: bytes) -> bytes:
        told.append(_merged(lens.ours(base), view, lens.ours(theirs)))
        return told[-1].data

    data = lens.through(ours, both, theirs, base)
    return Merged(data, told[0].conflicts)


def _merged(base: bytes, ours: bytes, theirs: bytes) -> Merged:
    if ours in (theirs, base) or theirs == base:
        return Merged(theirs if ours == base else ours)
    marked = [side.startswith(BOM) for side in (base, ours, theirs)]
    if any(marked):  # what stands first is not another line for what comes to stand above it
        merged = _merged(*(side.removeprefix(BOM) for side in (base, ours, theirs)))
        keeps = marked[2] if marked[1] == marked[0] else marked[1]
        return Merged(BOM * keeps + merged.data, merged.conflicts)
    ends = [_line_end(side) for side in (base, ours, theirs)]
    # One side's editor changed every line end: that is one change, not one of each line. And where all lines end alike,
    # the last one without an end is no other line than before when something comes to stand below it.
    if len(set(ends)) > 1 or all(map(_only_crlf, (base, ours, theirs))):
        end = ends[2] if ends[1] == ends[0] else ends[1]
        merged = _merged(*(side.replace(b"\r\n", b"\n") for side in (base, ours, theirs)))
        return Merged(merged.data.replace(b"\n", end), merged.conflicts)
    for side in (base, ours, theirs):
        check_readable(side)
        front(side)
    conflicts: list[str] = []
    (base_head, old), (our_head, left), (their_head, right) = rows(parse(base), parse(ours), parse(theirs))
    left, right = known_by(old, left), known_by(old, right)
    right = _same_news(old, left, right)
    head = _heads(base_head, our_head, their_head, conflicts)
    body = weave(old, left, right, _settler(conflicts), _teller("", conflicts))
    data = b"\n".join([*head, *body])
    data = merged_ids.above_fields(merged_ids.found_again(data, ours, theirs), ours, theirs)
    return Merged(merged_ids.single(data, ours, theirs, conflicts), tuple(conflicts))


def merge_lines(base: bytes, ours: bytes, theirs: bytes) -> Merged:
    """As `merge`, knowing of nothing but lines: for a side that cannot be read. Never raises."""
    if ours in (theirs, base) or theirs == base:
        return Merged(theirs if ours == base else ours)
    conflicts: list[str] = []
    old, left, right = ([Unit(line, (line,)) for line in side.split(b"\n")] for side in (base, ours, theirs))
    data = b"\n".join(weave(old, left, right, _settler(conflicts), _teller("", conflicts)))
    return Merged(data, tuple(conflicts))


def _line_end(data: bytes) -> bytes:
    return b"\r\n" if data.count(b"\r\n") * 2 > data.count(b"\n") else b"\n"


def _only_crlf(data: bytes) -> bool:
    return data.count(b"\r\n") == data.count(b"\n") == data.count(b"\r") > 0


def _same_news(old: list[Unit], left: list[Unit], right: list[Unit]) -> list[Unit]:
    """`right` with the keys of `left` for items that both sides added in the same words, and other keys for others."""
    keys = {unit.key for unit in old}
    news = [unit for unit in left if unit.part and unit.key not in keys]
    texts = {unit.key: unit.part.text for unit in news if unit.part}
    fresh = iter(known_by(news, [unit for unit in right if unit.part and unit.key not in keys]))
    found: list[Unit] = []
    for unit in right:
        if unit.part is None or unit.key in keys:
            found.append(unit)
            continue
        new = next(fresh)
        other = new.part is not None and texts.get(new.key, new.part.text) != new.part.text
        found.append(replace(new, key=("theirs", new.key)) if other else new)
    return found


# -- an item, a field, the front matter -------------------------------------------------------------------------------


def _settler(conflicts: list[str]) -> Settle:
    def settle(old: Unit | None, ours: Unit | None, theirs: Unit | None, moved: bytes) -> Sequence[bytes]:
        one = ours or theirs
        if one is None:
            return ()
        if ours is None or theirs is None:
            if one.part is not None:
                conflicts.append(f"{one.part.name} was removed on one side and changed on the other; it is kept")
            return _noted(one, one.lines, [b"removed on the other side"])
        if moved:
            conflicts.append(f"{_name(ours)}: both sides moved it; theirs is {moved.decode(errors='replace')}")
        old, ours, theirs = _at_one_depth(old, ours, theirs)
        easy = _easy(old, ours, theirs)
        if easy is not None:
            return _noted(ours, easy, [moved] if moved else [])
        left, right, was = ours.part, theirs.part, old.part if old else None
        if left is None or right is None:
            return [*ours.lines, *theirs.lines]
        name = left.name if left.id else right.name
        head, notes = _first_line(was, left, right)
        conflicts.extend(f"{name}: both sides changed it: {words.decode(errors='replace')}" for words in notes)

        def told(unit: Unit) -> Sequence[bytes]:
            notes.append(_changed(unit))
            conflicts.append(f"{name}: {_name(unit)} was changed on both sides; both stand")
            return ()

        settle_field = _field_settler(name, ours.lines, conflicts)
        inner = weave(was.inner if was else (), left.inner, right.inner, settle_field, told)
        return _noted(ours, [head, *inner], [*notes, moved] if moved else notes)

    return settle


def _teller(where: str, conflicts: list[str]) -> Told:
    """Marks prose that both sides changed with a line below it; a row of a table would end there, so it gets none."""

    def told(unit: Unit) -> Sequence[bytes]:
        line = unit.lines[0]
        conflicts.append(f"{where}{_name(unit)} was changed on both sides; both stand")
        if line.lstrip().startswith(b"|"):
            return ()
        lead = line[: len(line) - len(line.lstrip(b" \t"))]
        return (lead + b"conflict: " + _changed(unit) + (b"\r" if line.endswith(b"\r") else b""),)

    return told


def _changed(unit: Unit) -> bytes:
    return b"both sides changed " + _name(unit).encode()


def _noted(unit: Unit, lines: Sequence[bytes], notes: Sequence[bytes]) -> Sequence[bytes]:
    """The item with a nested `conflict:` bullet for each of these words, below its own lines."""
    if unit.part is None or not notes:
        return lines
    end = len(lines)
    while end > 1 and not lines[end - 1].strip():
        end -= 1
    lead, tail = _bullet(unit.part, lines[1:]) + b"conflict: ", b"\r" if lines[0].endswith(b"\r") else b""
    bullets = [lead + words.rstrip(b"\r") + tail for words in notes]
    return [*lines[:end], *(bullet for bullet in bullets if bullet not in lines), *lines[end:]]


def _name(unit: Unit) -> str:
    if unit.part is not None:
        return unit.part.name
    return unit.field or f"“{b' '.join(unit.lines).decode(errors='replace').strip()[:40]}”"


def _easy(old: Unit | None, ours: Unit, theirs: Unit) -> Sequence[bytes] | None:
    if ours.lines == theirs.lines or (old is not None and old.lines == theirs.lines):
        return ours.lines
    return theirs.lines if old is not None and old.lines == ours.lines else None


def _at_one_depth(old: Unit | None, ours: Unit, theirs: Unit) -> tuple[Unit | None, Unit, Unit]:
    """The three at the depth that a side gave the item, so that what the other says below it belongs to it still."""
    if ours.part is None or theirs.part is None:
        return old, ours, theirs
    was = old.part.indent if old and old.part else None
    indent = theirs.part.indent if ours.part.indent == was else ours.part.indent
    return old and at_indent(old, indent), at_indent(ours, indent), at_indent(theirs, indent)


def _first_line(old: Part | None, ours: Part, theirs: Part) -> tuple[bytes, list[bytes]]:
    """The first line of an item, and what of theirs has no place in it."""
    lost: list[bytes] = []

    def pick(was: bytes | None, mine: bytes, other: bytes, told: bytes | None = None) -> bytes:
        if other in (was, mine):
            return mine
        if mine == was:
            return other
        if told is not None:
            lost.append(told + other)
        return mine

    mark = pick(old.mark if old else Mark.OPEN.value.encode(), ours.mark, theirs.mark, b"marked ")
    text = pick(old.text if old else None, ours.text, theirs.text, b"")
    was = old.id if old else ""
    id = pick(was.encode(), ours.id.encode(), theirs.id.encode()).decode() or ours.id or theirs.id or was
    box = pick(old.box if old else None, ours.box, theirs.box)
    tail = ours.tail if ours.id == id or not ours.id else theirs.tail
    end = f" ^{id}".encode() if id else b""
    return box + mark + ours.gap + text + end + tail, lost


def _field_settler(name: str, there: Sequence[bytes], conflicts: list[str]) -> Settle:
    """Settles the fields of an item; what stands `there` in ours as a conflict already is not told again."""

    def settle(old: Unit | None, ours: Unit | None, theirs: Unit | None, _moved: bytes) -> Sequence[bytes]:
        kept = ours or theirs
        if kept is None:
            return ()
        start = _BULLET.match(kept.lines[0])
        lead = kept.lines[0][: start.end() if start else 0] + b"conflict: "
        if ours is None or theirs is None:
            conflicts.append(f"{name}: {kept.field} was removed on one side and changed on the other; it is kept")
            end = b"\r" if kept.lines[0].endswith(b"\r") else b""
            return [*kept.lines, lead + b"removed " + kept.field.encode() + end]
        easy = _easy(old, ours, theirs)
        if easy is not None:
            return easy
        start = _BULLET.match(theirs.lines[0])
        begin = start.end() if start else 0
        line = theirs.lines[0][:begin] + b"conflict: " + theirs.lines[0][begin:]
        if line in there:
            return ours.lines
        conflicts.append(f"{name}: both sides changed {ours.field}; theirs is the line `conflict:`")
        return [*ours.lines, line, *theirs.lines[1:]]

    return settle


def _bullet(part: Part, inner: Sequence[bytes]) -> bytes:
    for line in inner:
        match = _BULLET.match(line)
        if match:
            return match[0]
    return part.indent + b" " * (len(part.box) - 1 - len(part.indent)) + b"- "


def _heads(base: list[bytes], ours: list[bytes], theirs: list[bytes], conflicts: list[str]) -> list[bytes]:
    """The front matter, merged by lines; where that fails ours stands, with what theirs says in comments."""
    if ours in (theirs, base) or theirs == base:
        return theirs if ours == base else ours
    clashes: list[str] = []
    old, left, right = ([Unit(line, (line,)) for line in side] for side in (base, ours, theirs))
    merged = weave(old, left, right, _settler(clashes), _teller("front matter: ", clashes))
    if not clashes and ours and theirs:
        try:
            if not front(b"\n".join([*merged, b""])).problems:
                return merged
        except SpecError:
            pass
    conflicts.extend(clashes or ["front matter: the two sides don't go together; ours stands"])
    have = {line.strip() for line in (*base, *ours)}
    extra = [b"# conflict: " + line.strip() for line in theirs if line.strip() and line.strip() not in have]
    if not ours:
        return theirs
    return [*ours[:-1], *extra, ours[-1]]
