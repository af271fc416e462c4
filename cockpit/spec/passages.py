"""The words of a stretch that are no items: paragraphs, bullets and table rows, each with the section it stands in."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from cockpit.spec.change import plain
from cockpit.spec.changes_items import Entry
from cockpit.spec.front import front
from cockpit.spec.model import Document, Kind, Section, Span
from cockpit.spec.stretch import Stretch

TURN = re.compile(r"(?P<name>\^?[A-Za-z0-9][\w-]* turn \d+)\b(?P<running>: *running\b)?")
"""The heading of a delegate's answer; while it runs there is none yet that could be corrected."""
_STARTS = re.compile(rb"[ \t]*(?:(?:[-*+]|\d+[.)])[ \t]|\|)")


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, a bullet, a row of a table."""

    text: str
    """Its lines without indent."""
    line: int
    section: int
    """Index of its section in the document, -1 above the first heading."""
    item: int
    """Index of the entry that it stands below, -1 for none."""


def passages(stretch: Stretch, entries: Sequence[Entry], unchanged: Collection[int] = ()) -> list[Passage]:
    """What is written in a stretch beside headings, items, fields, the goal, signals, mutes and pins, in order.

    Nothing of the entries that are `unchanged`. Comments are the human's scratch pad and never told.
    """
    document = stretch.document
    comments = document.comments(Span(stretch.begin, stretch.end))
    regions = sorted([*_sections(stretch), *_below(entries, unchanged)], key=lambda region: region[0].start)
    found: list[Passage] = []
    at, line = stretch.begin, document.data.count(b"\n", 0, stretch.begin) + 1
    for span, section, item in regions:
        table = section >= 0 and document.sections[section].kind is Kind.SIGNALS
        for piece in _without(span, comments):
            line += document.data.count(b"\n", at, piece.start)
            at = piece.start
            for text, row in _blocks(document.data, piece):
                if not (table and text.startswith("|")):
                    found.append(Passage(text, line + row, section, item))
    return found


def _sections(stretch: Stretch) -> Iterator[tuple[Span, int, int]]:
    """The parts of sections that are their own words."""
    document = stretch.document
    held: list[Span] = [item.span for item in stretch.items if item.section is not Kind.EXCHANGE]
    held += [entry.span for entry in (*document.mutes, *document.pins)]
    held.sort(key=_start)
    goal = document.section(Kind.GOAL)
    for index, body in _bodies(stretch):
        if index < 0 or document.sections[index] is not goal:
            yield from ((piece, index, -1) for piece in _without(body, held))


def _bodies(stretch: Stretch) -> Iterator[tuple[int, Span]]:
    document = stretch.document
    head = front(document.data).span
    top = Span(head.end if head else 0, document.sections[0].heading.start if document.sections else stretch.end)
    first = stretch.sections.start - 1
    for index in range(first, stretch.sections.stop):
        body = document.sections[index].body if index >= 0 else top
        start, end = max(body.start, stretch.begin), min(body.end, stretch.end)
        if start < end:
            yield index, Span(start, end)


def _below(entries: Sequence[Entry], unchanged: Collection[int]) -> Iterator[tuple[Span, int, int]]:
    """What stands below items: all but their fields and nested items."""
    for index, item in ((at, entry.item) for at, entry in enumerate(entries) if at not in unchanged):
        holes = sorted([*(field.span for field in item.fields), *(child.span for child in item.children)], key=_start)
        for piece in _without(Span(item.head.end, item.span.end), holes):
            yield piece, entries[index].section, index


def _start(span: Span) -> int:
    return span.start


def _without(span: Span, holes: Sequence[Span]) -> Iterator[Span]:
    """What is left of a span; `holes` rise and don't overlap."""
    at = span.start
    for index in range(max(bisect_right(holes, at, key=_start) - 1, 0), len(holes)):
        hole = holes[index]
        if hole.start >= span.end:
            break
        if hole.start > at:
            yield Span(at, hole.start)
        at = max(at, hole.end)
    if at < span.end:
        yield Span(at, span.end)


def _blocks(data: bytes, span: Span) -> Iterator[tuple[str, int]]:
    """Paragraphs, bullets, rows and fences with the number of lines above them; what has no letter or digit is none."""
    block: list[str] = []
    begin, fence = 0, b""
    for row, line in enumerate([*data[span.start : span.end].split(b"\n"), b""]):
        words = line.strip()
        opens = not fence and words.startswith((b"```", b"~~~"))
        if not fence and (not words or opens or _STARTS.match(line)):
            yield from _worth(block, begin)
            block = []
        if words or fence:
            begin = begin if block else row
            block.append((line.rstrip() if fence else words).decode())
        if opens:
            fence = words[:3]
        elif fence and words.startswith(fence):
            yield from _worth(block, begin)
            block, fence = [], b""
    yield from _worth(block, begin)


def _worth(block: list[str], begin: int) -> Iterator[tuple[str, int]]:
    text = "\n".join(block).rstrip("\n")
    if any(map(str.isalnum, text)):
        yield text, begin


# -- answers ----------------------------------------------------------------------------------------------------------


def answers(document: Document) -> list[int]:
    """For each section the answer that it belongs to, as an index of the sections; -1 for none (R27).

    An answer is what stands right below the exchange and is no turn of the user's, `Re: ...`, a turn of the assistant.
    """
    found: list[int] = []
    above: list[tuple[int, int, bool]] = []  # level, answer, whether the exchange is around it
    for index, section in enumerate(document.sections):
        while above and above[-1][0] >= section.level:
            above.pop()
        _, answer, exchange = above[-1] if above else (0, -1, False)
        if answer < 0 and _is_answer(section, exchange=exchange):
            answer = index
        inside = section.kind is Kind.EXCHANGE or (exchange and section.kind is None)
        above.append((section.level, answer, inside))
        found.append(answer)
    return found


def _is_answer(section: Section, *, exchange: bool) -> bool:
    words = plain(section.title.casefold()).split() or [""]
    if words[0] in ("re:", "assistant"):
        return True
    turn = TURN.match(section.title)
    return exchange and words[0] not in ("user", "you") and not (turn and turn["running"])
