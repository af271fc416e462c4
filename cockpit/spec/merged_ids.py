"""Items after a merge: what both sides had as one is one still, stands below no field, and no id is given twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from cockpit.spec.blocks import same_ends
from cockpit.spec.lines import free_id, indent_of, reindented
from cockpit.spec.model import Document, Item, Kind, SpecError
from cockpit.spec.parse import parse

_ID = re.compile(rb" \^(\S+)[ \t\r]*$", re.MULTILINE)


def found_again(data: bytes, ours: bytes, theirs: bytes) -> bytes:
    """Items that lost the one above them (removed here, moved there) stand at the margin: indented, they were text."""
    try:
        before, other, after = parse(ours), parse(theirs), parse(data)
    except SpecError:
        return data
    gone = {id for side in (before, other) for id in _written(side, after) - _written(after, side)}
    lost = {id for id in gone if after.item(id) is None and f" ^{id}".encode() in data}
    for id in sorted(lost):
        lines = data.split(b"\n")
        own = re.compile(rb"[ \t]+(?:[-*+]|\d+[.)])[ \t]+\[.*\^" + re.escape(id.encode()) + rb"[ \t\r]*$")
        at = next((number for number, line in enumerate(lines) if own.match(line)), None)
        if at is None:
            continue
        indent = lines[at][: len(lines[at]) - len(lines[at].lstrip(b" \t"))]
        while at < len(lines) and lines[at].startswith(indent):
            lines[at] = lines[at].removeprefix(indent)
            at += 1
        data = b"\n".join(lines)
    return data


def above_fields(data: bytes, ours: bytes, theirs: bytes) -> bytes:
    """Items that came to stand below a field, as on neither side, are indented as that field is."""
    try:
        if not any(_below_fields(parse(data), parse(ours))):
            return data
        known = {item.id for side in (ours, theirs) for item, _ in _below_fields(parse(side))}
        while entry := next((entry for entry in _below_fields(parse(data)) if entry[0].id not in known), None):
            item, field = entry
            known.add(item.id)
            start, end = item.span.start, item.span.end
            data = data[:start] + reindented(data[start:end], indent_of(data, field)) + data[end:]
    except SpecError:
        pass
    return data


def _below_fields(document: Document, but: Document | None = None) -> Iterator[tuple[Item, int]]:
    """Items that stand below a field, each with the offset of the field's line; none of what another one shares."""
    shared = {placed.reading for placed in but.blocks} if but else ()
    blocks = (placed for placed in document.blocks if placed.reading not in shared)
    for item in (item for placed in blocks for top in placed.items() for item in top.walk()):
        if not item.children:
            continue
        for field in item.fields:
            for child in item.children if field.end > field.span.end else ():
                if field.span.end <= child.span.start < field.end:
                    yield child, field.span.start


def single(data: bytes, ours: bytes, theirs: bytes, conflicts: list[str]) -> bytes:
    """Ids that both sides gave to different things are told apart: the later one gets a new id."""
    if _more(data, ours).keys().isdisjoint(_more(data, theirs)):
        return data
    most: dict[str, int] = {}
    for side in (ours, theirs):
        counts: dict[str, int] = {}
        for id, _, _, _ in _ids(side):
            counts[id] = counts.get(id, 0) + 1
            most[id] = max(most.get(id, 0), counts[id])
    try:
        found = _ids(data)
    except SpecError:
        return data
    seen: dict[str, int] = {}
    taken: set[str] = set()
    for id, kind, start, end in found:
        seen[id] = seen.get(id, 0) + 1
        if seen[id] > most.get(id, 1):
            new = free_id(parse(data), kind, taken)
            taken.add(new)
            conflicts.append(f"^{id} was given twice; the second is ^{new} now")
            line = data[start:end]
            at = line.rindex(b"^" + id.encode())
            data = data[:start] + line[:at] + b"^" + new.encode() + line[at + 1 + len(id) :] + data[end:]
            return single(data, ours, theirs, conflicts)
    return data


def _written(document: Document, other: Document) -> set[str]:
    """The written ids of items in the blocks that another version does not share."""
    there = {placed.reading for placed in other.blocks}
    return {id for placed in document.blocks if placed.reading not in there for id in placed.reading.ids}


def _more(data: bytes, side: bytes) -> Counter[bytes]:
    """The ids that end a line of `data` more often than of `side`, told from where the two differ."""
    front, back = same_ends(data, side)
    front = data.rfind(b"\n", 0, front) + 1
    end = data.find(b"\n", len(data) - back)
    back = len(data) - end if end >= 0 else 0
    here, there = (_ID.findall(text, front, len(text) - back) for text in (data, side))
    return Counter(here) - Counter(there)


def _ids(data: bytes) -> list[tuple[str, Kind | None, int, int]]:
    """Written ids with the section and the first line they stand on, in document order."""
    document = parse(data)
    found = [(item.id, item.section, item.head.start, item.head.end) for item in document.walk()]
    for kind, entries in ((Kind.MUTED, document.mutes), (Kind.PINNED, document.pins)):
        for entry in entries:
            end = data.find(b"\n", entry.span.start)
            found.append((entry.id, kind, entry.span.start, end + 1 if end >= 0 else len(data)))
    return sorted((entry for entry in found if not entry[0].startswith("~")), key=lambda entry: entry[2])
