"""A spec's bytes to a `Document`: sections by their words, what stands in them, and what is odd about the whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

from cockpit.spec.fields import after_ids
from cockpit.spec.front import front
from cockpit.spec.items import Reader
from cockpit.spec.model import Document, Item, Kind, Mute, Pin, Problem, Section, Span, SpecError
from cockpit.spec.scan import BOM, Bullet, Outline, scan
from cockpit.spec.table import Table, find_table
from cockpit.spec.words import kind_of


@lru_cache(maxsize=8)
def parse(data: bytes) -> Document:
    """The document in these bytes, every part with its span (design, section 4; R141, R142).

    Raises SpecError for what can't be read at all: not UTF-8, a NUL byte, broken front matter, a control value that
    means nothing. All else that is odd is in `problems`. The last few documents are kept, for screen, engine and a row
    of edits ask for the same bytes again.
    """
    check_readable(data)
    head = front(data)
    outline = outline_of(data)
    sections = _sections(data, outline)
    reader = Reader(data)
    items: list[Item] = []
    mutes: list[Mute] = []
    pins: list[Pin] = []
    for bullet, kind in _placed(outline.bullets, sections):
        found = list(reader.items(bullet, kind))
        items.extend(found)
        if kind is Kind.MUTED and not found:
            mutes.append(reader.mute(bullet))
        elif kind is Kind.PINNED and not found:
            pins.append(reader.pin(bullet))
    goal = next((section for section in sections if section.kind is Kind.GOAL), None)
    table = signals_table(data, outline, sections)
    document = Document(
        data=data,
        controls=head.controls,
        sections=sections,
        items=tuple(items),
        signals=table.rows if table else (),
        mutes=tuple(mutes),
        pins=tuple(pins),
        problems=(),
        goal=goal_text(data, goal.body, outline) if goal else "",
    )
    problems = [*head.problems, *reader.problems, *_wrong(document, outline)]
    return replace(document, problems=tuple(sorted(problems, key=lambda problem: problem.line)))


@lru_cache(maxsize=8)
def outline_of(data: bytes) -> Outline:
    """The outline of what follows the front matter; raises what `front` raises."""
    head = front(data)
    begin = head.span.end if head.span else (len(BOM) if data.startswith(BOM) else 0)
    return scan(data, begin, data.count(b"\n", 0, begin) + 1)


def signals_table(data: bytes, outline: Outline, sections: tuple[Section, ...]) -> Table | None:
    """The table in the first section of live signals."""
    section = next((section for section in sections if section.kind is Kind.SIGNALS), None)
    if section is None:
        return None
    return find_table(data, [row for row in outline.rows if section.body.start <= row.start < section.body.end])


def check_readable(data: bytes) -> None:
    """Raises SpecError for bytes that are no text."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SpecError(line, f"not UTF-8: byte 0x{data[error.start]:02x}", "save the file as UTF-8") from None
    nul = data.find(b"\0")
    if nul >= 0:
        raise SpecError(data.count(b"\n", 0, nul) + 1, "a NUL byte, so this is no text", "take the byte out")


def _sections(data: bytes, outline: Outline) -> tuple[Section, ...]:
    sections: list[Section] = []
    headings = outline.headings
    for index, heading in enumerate(headings):
        end = headings[index + 1].start if index + 1 < len(headings) else len(data)
        title = heading.title.decode()
        kind = kind_of(title)
        sections.append(
            Section(kind, title, heading.level, heading.line, Span(heading.start, heading.end), Span(heading.end, end))
        )
    return tuple(sections)


def _owners(sections: tuple[Section, ...]) -> list[Kind | None]:
    """For each section the kind of what stands in its body: its own, else that of the section around it."""
    owners: list[Kind | None] = []
    above: list[tuple[int, Kind | None]] = []
    for section in sections:
        while above and above[-1][0] >= section.level:
            above.pop()
        kind = section.kind or (above[-1][1] if above else None)
        above.append((section.level, kind))
        owners.append(kind)
    return owners


def _placed(bullets: list[Bullet], sections: tuple[Section, ...]) -> Iterator[tuple[Bullet, Kind | None]]:
    owners = _owners(sections)
    following = 0
    kind: Kind | None = None
    for bullet in bullets:
        while following < len(sections) and sections[following].heading.start <= bullet.start:
            kind = owners[following]
            following += 1
        yield bullet, kind


def goal_text(data: bytes, body: Span, outline: Outline) -> str:
    """The words of a goal section: without comments and without the backslashes that `edit.set_goal` adds."""
    start, pieces = body.start, list[bytes]()
    for comment, end in outline.comments:
        if body.start <= comment and end <= body.end:
            pieces.append(data[start:comment])
            start = end
    pieces.append(data[start : body.end])
    text = b"".join(pieces).decode().replace("\r\n", "\n").strip()
    return re.sub(r"(?m)^( {0,3})\\(?=\\*[#`~<=-])", r"\1", text)


def _wrong(document: Document, outline: Outline) -> Iterator[Problem]:
    """What is wrong about the document as a whole: ids given twice, `after:` that leads nowhere, no end."""
    items = document.walk()
    first: dict[str, int] = {}
    named: list[Item | Mute | Pin] = [*items, *document.mutes, *document.pins]
    for entry in sorted(named, key=lambda entry: entry.line):
        line = first.setdefault(entry.id, entry.line)
        if line != entry.line:
            yield Problem(entry.line, f"id ^{entry.id} is already on line {line}", "give one of them another id")
    yield from _after_problems(items, first)
    if outline.unclosed:
        line, _, what = outline.unclosed
        end = "`-->`" if what == "comment" else "the same characters"
        yield Problem(line, f"a {what} that never ends", f"close it with {end}")


def _after_problems(items: list[Item], known: Iterable[str]) -> Iterator[Problem]:
    known = set(known)
    waits: dict[str, list[str]] = {}
    lines: dict[str, int] = {}
    for item in items:
        for entry in item.fields:
            if entry.key == "after":
                lines.setdefault(item.id, entry.line)
        names = after_ids(item) if item.id in lines else []
        for name in names:
            if name not in known:
                yield Problem(lines[item.id], f"after: no item has the id `{name}`", "name an item of this spec")
        if names:
            waits.setdefault(item.id, [name for name in names if name in known])
    for cycle in _cycles(waits):
        way = " after ".join([*cycle, cycle[0]])
        yield Problem(lines[cycle[0]], f"after: goes in a circle: {way}", "take one `after:` away")


def _cycles(waits: dict[str, list[str]]) -> Iterator[list[str]]:
    """One cycle for each group of items that wait for each other; depth-first with its own stack."""
    done: set[str] = set()
    for root in waits:
        path: list[str] = []
        on_path: dict[str, int] = {}
        ways: list[Iterator[str]] = []
        name: str | None = root
        while name is not None or ways:
            if name is not None and name not in done:
                if name in on_path:
                    yield path[on_path[name] :]
                else:
                    on_path[name] = len(path)
                    path.append(name)
                    ways.append(iter(waits.get(name, ())))
            name = next(ways[-1], None) if ways else None
            if name is None and ways:
                ways.pop()
                left = path.pop()
                del on_path[left]
                done.add(left)
