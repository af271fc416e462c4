"""How a document of agent-doc looks in our grammar: line for line, at the same numbers.

One work is one item: `do [#id]` in a queue is the item, with the words that stand in the other list, where the row is
text then. Components are sections; what stands in one that is no list opens neither section nor item.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from cockpit.spec.agentdoc import LISTS, MARKER, Component, Row, components, hidden, row
from cockpit.spec.item import Kind, Mark
from cockpit.spec.words import kind_of

_HEADING = re.compile(rb"( {0,3})(#{1,6})([ \t]+)(.*?)([ \t]*\r?)$", re.DOTALL)
_UNDERLINE = re.compile(rb" {0,3}(?:=+|-+)[ \t]*\r?$")
_CHECKBOX = re.compile(rb"([ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)+)(\[[^\]\r\n]{0,40}\](?=[ \t\r]|$))")
_INLINE = re.compile(rb"(?:agent_doc_)?session:|agent_doc_(?:format|mode):")
_TURN = re.compile(rb"##[ \t]+(User|Assistant)[ \t]*\r?$")
_TITLES = {Kind.SIGNALS: "Live Signals"}
NESTED = Component(b"backlog", b"", 0, 0)
"""What a task nested below a row is written as, in whatever list."""
_ORDER = (Kind.QUEUE, Kind.BACKLOG, Kind.PENDING, Kind.DONE)


@dataclass(slots=True)
class View:
    """A document and how it looks in our grammar: two rows of as many lines."""

    lines: list[bytes]
    ours: list[bytes]
    components: tuple[Component, ...]
    rows: dict[int, Row] = field(default_factory=dict[int, Row])
    """By number of the line from 0."""
    shown: set[int] = field(default_factory=set[int])
    """Rows that are items."""
    works: dict[str, int] = field(default_factory=dict[str, int])
    """Where the words of each work stand that a queue row names."""
    titles: set[int] = field(default_factory=set[int])
    """Headings that but name the component below them."""

    @property
    def data(self) -> bytes:
        """The document in our grammar."""
        return b"\n".join(self.ours)


def seen(data: bytes) -> View | None:
    """The view of a document of agent-doc; None for any other. The last few are kept."""
    return _seen(data) if any(word in data for word in (b"agent:", b"session:", b"agent_doc_")) else None


@lru_cache(maxsize=8)
def _seen(data: bytes) -> View | None:
    lines = data.split(b"\n")
    begin = _front(lines)
    found = tuple(entry for entry in components(lines) if entry.open >= begin)
    inline = begin > 0 and not any(entry.kind in LISTS for entry in found) and _inline(lines, begin)
    if not found and not inline:
        return None
    view = View(lines, list(lines), found)
    there = inside(len(lines), found)
    _show_rows(view, there)
    for entry in found:
        _show_markers(view, entry)
    turns = False
    text, kinds = hidden(lines), {entry.kind for entry in found if entry.kind}
    for number in range(begin, len(lines)):
        entry = there[number]
        turn = _TURN.match(lines[number]) if inline and entry is None and not text[number] else None
        if turn is not None:
            view.ours[number] = b"### " + turn[1] if turns else b"## Exchange (" + turn[1] + b")"
            view.ours[number] += lines[number][turn.end(1) :]
            turns = True
        elif text[number] or (entry is not None and number in (entry.open, entry.close)):
            continue
        elif MARKER.match(lines[number]):  # the other end is missing: it must find none among what is left
            view.ours[number] = lines[number].replace(b"agent:", b"agent ", 1)
        elif entry is not None or turns:
            _show_text(view, number, items=entry is not None and entry.kind in LISTS)
        elif (heading := _HEADING.match(lines[number])) and kind_of(heading[4].decode(errors="replace")) in kinds:
            view.titles.add(number)
            view.ours[number] = lines[number].rstrip(b" \t\r") + b" of agent-doc" + heading[5]
    return view


def _front(lines: Sequence[bytes]) -> int:
    """How many lines the front matter takes."""
    if lines[0].removeprefix(b"\xef\xbb\xbf").rstrip() != b"---":
        return 0
    return next((number + 1 for number, line in enumerate(lines[1:], 1) if line.rstrip() in (b"---", b"...")), 0)


def _inline(lines: Sequence[bytes], begin: int) -> bool:
    """Whether it is a session in turns of `## User` and `## Assistant`."""
    head = lines[:begin]
    template = any(line.startswith(b"agent_doc_format:") and b"template" in line for line in head)
    return not template and any(_INLINE.match(line) for line in head) and any(_TURN.match(line) for line in lines)


def inside(size: int, found: Sequence[Component]) -> list[Component | None]:
    """For each line the innermost component it stands in, its markers included."""
    there: list[Component | None] = [None] * size
    for entry in found:  # an inner one begins later
        there[entry.open : entry.close + 1] = [entry] * (entry.close + 1 - entry.open)
    return there


def _show_markers(view: View, entry: Component) -> None:
    """The two markers as headings, so that what they hold is a section."""
    outer = view.components[entry.outer] if entry.outer >= 0 else None
    for number, component, slash in ((entry.open, entry, b""), (entry.close, outer, b"/")):
        words = b"agent:" + entry.name + (b" " + entry.attributes if entry.attributes and not slash else b"")
        kind = component.kind if component else None
        end = b"\r" if view.lines[number].endswith(b"\r") else b""
        if kind is None:
            view.ours[number] = b"## " + slash + words + end
        else:
            title = _TITLES.get(kind, kind.value.capitalize()).encode()
            view.ours[number] = b"## " + title + b" (" + slash + re.sub(rb"[()]", b"", words) + b")" + end


def _show_rows(view: View, there: Sequence[Component | None]) -> None:
    text = hidden(view.lines)
    for number, entry in enumerate(there):
        if entry is None or entry.kind not in LISTS or text[number]:
            continue
        found = row(view.lines[number], entry)
        if found is not None:
            view.rows[number] = found
    shown = _shown(view.rows)
    worded = _works(view.rows)
    view.works.update({id: worded[id] for id, number in shown.items() if view.rows[number].named and id in worded})
    for number, entry in view.rows.items():
        if entry.id and shown[entry.id] != number and not _rival(view.rows, shown[entry.id], number):
            continue
        words = words_of(view, entry)
        if words.strip():
            view.shown.add(number)
            view.ours[number] = _item(entry, mark_of(view, entry), words)


def words_of(view: View, entry: Row) -> bytes:
    """The words of the item that a row is."""
    if entry.named:
        work = view.works.get(entry.id)
        return view.rows[work].words if work is not None else b"do [#" + entry.id.encode() + b"]"
    return entry.pin + entry.words if entry.component.kind is Kind.DONE else entry.words


def mark_of(view: View, entry: Row) -> Mark:
    """The mark of the item that a row is: a queue row that says none has that of the work it names."""
    work = view.rows[view.works[entry.id]] if entry.named and entry.id in view.works else None
    if work is None or entry.mark is not Mark.OPEN or work.component.name in (b"icebox", b"done"):
        return entry.mark
    return work.mark


def _item(entry: Row, mark: Mark, words: bytes) -> bytes:
    name = b" ^" + entry.id.encode() if entry.id else b""
    return entry.bullet + b"[" + mark.value.encode() + b"] " + words + name + entry.end


def _shown(rows: Mapping[int, Row]) -> dict[str, int]:
    """Which row of each id is the item: in the queue before the backlog before what is done; open before struck."""
    best: dict[str, tuple[int, bool, int]] = {}
    for number, entry in rows.items():
        if entry.id:
            rank = (_rank(entry), entry.mark.over, number)
            best[entry.id] = min(best.get(entry.id, rank), rank)
    return {id: number for id, (_, _, number) in best.items()}


def _rank(entry: Row) -> int:
    kind = entry.component.kind
    return _ORDER.index(kind) if kind in _ORDER else len(_ORDER)


def _rival(rows: Mapping[int, Row], first: int, second: int) -> bool:
    """Whether two rows of one id are two things after all: both in lists that hold work, none but a name."""
    one, other = rows[first], rows[second]
    return one.component == other.component and not other.named and other.component.kind is not Kind.DONE


def _works(rows: Mapping[int, Row]) -> dict[str, int]:
    """For each id the row that has the words of the work, in the order of `_shown`."""
    best: dict[str, tuple[int, int]] = {}
    for number, entry in rows.items():
        if entry.id and entry.words:
            best[entry.id] = min(best.get(entry.id, (_rank(entry), number)), (_rank(entry), number))
    return {id: number for id, (_, number) in best.items()}


def _show_text(view: View, number: int, *, items: bool) -> None:
    """A line in a component: it opens no section, and outside of lists and where a row is no item, no item either."""
    line = view.lines[number]
    if number in view.shown:
        return
    heading = _HEADING.match(line)
    if heading is not None:
        level = heading[2] if len(heading[2]) > 2 else b"###"
        odd = b" of agent-doc" if kind_of(heading[4].decode(errors="replace")) else b""
        line = heading[1] + level + heading[3] + heading[4] + odd + heading[5]
    elif _UNDERLINE.match(line) and number and view.lines[number - 1].strip():
        line = b"\\" + line.lstrip(b" ")
    elif items and line[:1] in (b" ", b"\t"):
        blanks = len(line) - len(line.lstrip(b" \t"))
        line = line[:blanks] + _show_child(line[blanks:])
    else:
        line = _CHECKBOX.sub(rb"\1\\\2", line)
    view.ours[number] = line


def _show_child(line: bytes) -> bytes:
    """A task nested below a row: an item of its own there."""
    entry = row(line, NESTED)
    if entry is None or not entry.lead.startswith(b"[") or not entry.words.strip():
        return line
    return _item(entry, entry.mark, entry.words)
