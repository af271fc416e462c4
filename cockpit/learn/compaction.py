"""What a document may give to its archive, and what is left of it (R153). Pure; every line goes or stays, none is lost.

What goes: items that are done or struck, with all below them, and entries of the exchange, the oldest first. What stays
whatever its age: decisions, acceptance criteria, failures that are open, items that others wait for, entries that hold
an open item or are somebody's title we don't know, and what the caller names.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from cockpit.spec import Document, Item, Kind, Mark, Span, edit, parse
from cockpit.spec.exchange import Entry, entries
from cockpit.spec.fields import after_ids

KEEP = 10
"""Items of each section, and entries, that stay though they could go: the newest."""
LONG = 2000
"""Lines from which a document is worth compacting."""
SECTIONS = (Kind.QUEUE, Kind.BACKLOG, Kind.PENDING, Kind.FAILURES, Kind.DONE)
_NUMBERED = re.compile(r"([a-z])(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Compacted:
    """A document without its old parts. `data` is as it was when there is nothing to move."""

    data: bytes
    moved: tuple[tuple[str, bytes], ...]
    """What goes, in the order of the document: the section's name, and the lines as they stood."""

    def text(self, title: str) -> bytes:
        """What the archive gets: a heading with that title, and below it what went, by section."""
        parts = [f"## {title}\n".encode()]
        last = ""
        for name, lines in self.moved:
            parts += [] if name == last else [f"\n### {name.capitalize()}\n".encode()]
            parts.append(lines if lines.endswith(b"\n") else lines + b"\n")
            last = name
        return b"".join(parts) + b"\n"


def archive_name(spec_name: str) -> str:
    """The file beside the spec that takes what goes: `SPEC.md` has `SPEC.archive.md`."""
    return f"{spec_name.removesuffix('.md')}.archive.md"


def compact(document: Document, archive: str, keep: int = KEEP, stay: Collection[str] = ()) -> Compacted:
    """The document without its old parts and with one line that leads to the archive and keeps the highest ids.

    `archive` is that file's name beside the spec; `stay` names what must not go: ids of items, turns as `q1 turn 2`.
    """
    items = _items(document, keep, stay)
    old = _entries(document, keep, stay, {entry.id for item in items for entry in _walk(item)})
    moved = [(item.span, item.section.value if item.section else "") for item in items]
    moved += [(entry.span, Kind.EXCHANGE.value) for entry in old]
    moved.sort(key=lambda part: part[0].start)
    data = _without(document.data, [span for span, _ in moved])
    if not moved or _words(parse(data)) != _words(document, _starts(items)):
        return Compacted(document.data, ())
    gone = [entry.id for item in items for entry in _walk(item)]
    told = tuple((name, document.data[span.start : span.end]) for span, name in moved)
    return Compacted(_linked(data, archive, gone), told)


def worth(document: Document, keep: int = KEEP) -> bool:
    """Whether the document is long and has old parts, told cheaply: for an offer, not for the act."""
    if document.data.count(b"\n") <= LONG:
        return False
    closed = Counter(item.section for item in document.items if item.mark.over)
    answers = sum(1 for entry in entries(document) if entry.item)
    return any(closed[kind] > keep for kind in SECTIONS) or answers > keep


def archived(document: Document, ids: Iterable[str]) -> frozenset[str]:
    """Those of these ids that left the document for its archive, as far as the line that leads there can tell."""
    highest: dict[str, int] = {}
    for told in re.findall(rb"\(ids up to ([^()\r\n]*)\)", document.data):
        for letter, number in _NUMBERED.findall(told.decode()):
            highest[letter] = max(highest.get(letter, 0), int(number))
    there = {item.id for item in document.walk()} if highest else frozenset[str]()
    parts = ((id, _NUMBERED.fullmatch(id)) for id in ids if id not in there)
    return frozenset(id for id, match in parts if match and int(match[2]) <= highest.get(match[1], 0))


def _items(document: Document, keep: int, stay: Collection[str]) -> list[Item]:
    """Closed items beyond the last `keep` of their section, those aside that something which stays needs."""
    found: list[Item] = []
    sections: dict[Kind, list[Item]] = {kind: [] for kind in SECTIONS}
    for item in document.items:
        if item.section is not None and item.section in sections and _closed(item):
            sections[item.section].append(item)
    for closed in sections.values():
        found += closed[: len(closed) - keep] if keep else closed
    found = [item for item in found if not any(entry.id in stay for entry in _walk(item))]
    while True:
        going = _starts(found)
        waited = {name for item in document.walk() if item.span.start not in going for name in after_ids(item)}
        left = [item for item in found if not any(entry.id in waited for entry in _walk(item))]
        if len(left) == len(found):
            return left
        found = left


def _entries(document: Document, keep: int, stay: Collection[str], going: Collection[str]) -> list[Entry]:
    """Entries beyond the last `keep` that are settled: their item is closed or gone, and nobody waits for a word."""
    there = entries(document)
    answers = [entry.span.start for entry in there if entry.item]
    open_ = [item.span.start for item in document.walk() if not item.mark.over]
    found: list[Entry] = []
    for entry in there[: len(there) - keep] if keep else there:
        item = document.item(entry.item) if entry.item else None
        settled = (
            (item is None or item.id in going or _closed(item)) and entry.state != "running"
            if entry.item
            else entry.yours and any(start > entry.span.start for start in answers)
        )
        holds = any(entry.span.start <= start < entry.span.end for start in open_)
        if settled and not holds and f"{entry.item} turn {entry.turn}" not in stay:
            found.append(entry)
    return found


def _walk(item: Item) -> Iterator[Item]:
    yield item
    for child in item.children:
        yield from _walk(child)


def _starts(items: Iterable[Item]) -> set[int]:
    """Where these items and all below them begin: what tells two of them apart for sure."""
    return {entry.span.start for item in items for entry in _walk(item)}


def _closed(item: Item) -> bool:
    return all(entry.mark.over for entry in _walk(item))


def _without(data: bytes, spans: Iterable[Span]) -> bytes:
    kept, at = bytearray(), 0
    for span in spans:
        kept += data[at : span.start]
        at = span.end
    return bytes(kept + data[at:])


def _words(document: Document, without: Collection[int] = ()) -> list[tuple[str, str, Mark, Kind | None]]:
    """All that a reader of the items goes by: when this stays, taking lines out changed the sense of no other."""
    return [
        (item.id if item.touched else "", item.text, item.mark, item.section)
        for item in document.walk()
        if item.span.start not in without
    ]


def _linked(data: bytes, archive: str, gone: Iterable[str]) -> bytes:
    """The one line that leads to the archive. It names the highest ids in there, so that none is given again."""
    target = f"<{archive}>" if re.search(r"[\s()]", archive) else archive
    link = f"[{archive}]({target})"
    there = re.search(rb"[^\r\n]*" + re.escape(link.encode()) + rb"[^\r\n]*", data)
    row = there[0].decode() if there else f"Older: {link}"
    told = re.search(r" \(ids up to ([^()]*)\)", row)
    highest: dict[str, int] = {}
    for name in (*gone, *(re.findall(r"[a-z]\d+", told[1]) if told else ())):
        match = _NUMBERED.fullmatch(name)
        if match:
            highest[match[1]] = max(highest.get(match[1], 0), int(match[2]))
    ids = ", ".join(f"^{letter}{number}" for letter, number in sorted(highest.items()))
    row = (row.replace(told[0], "") if told else row) + (f" (ids up to {ids})" if ids else "")
    if there:
        return data[: there.start()] + row.encode() + data[there.end() :]
    return edit.add_line(data, row, section=Kind.DONE)
