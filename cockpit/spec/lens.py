"""A document of agent-doc seen through a lens: in our grammar, line for line, and every edit of that written back.

The view has the same lines at the same numbers, so all that reads and edits the spec works on it as it stands. Law:
what an edit leaves as it was in the view keeps its bytes in the document; a line it changes is written as agent-doc
writes it (spec.agentdoc). One work is one item: `do [#id]` in a queue is the item, with the words that stand in the
other list; there the row is text in the view, and its words and its tick follow the item.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from cockpit.spec.agentdoc import LISTS, Component, Row, components, fresh, row
from cockpit.spec.diff import matches
from cockpit.spec.model import Kind, Mark
from cockpit.spec.words import FIELDS, kind_of

_HEADING = re.compile(rb"( {0,3})(#{1,6})([ \t]+)(.*?)([ \t]*\r?)$", re.DOTALL)
_UNDERLINE = re.compile(rb" {0,3}(?:=+|-+)[ \t]*\r?$")
_CHECKBOX = re.compile(rb"([ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)+)(\[[^\]\r\n]{0,40}\](?=[ \t\r]|$))")
_ITEM = re.compile(
    rb"([ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+)\[(.)\]"
    rb"(?:[ \t]+(.*?))??(?:[ \t]+\^([A-Za-z0-9][A-Za-z0-9_-]{0,63}))?([ \t]*\r?)$",
    re.DOTALL,
)
_NESTED = re.compile(rb"([ \t]+)-([ \t]+(?:" + "|".join(FIELDS).encode() + rb"):)", re.IGNORECASE)
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


def ours(data: bytes) -> bytes:
    """The document in our grammar, with the same lines; the same bytes when nothing in it is agent-doc's."""
    view = seen(data)
    return view.data if view else data


def through(data: bytes, edit: Callable[[bytes], bytes], *others: bytes) -> bytes:
    """The document after an edit made in our grammar. Lines that the edit took from `others` keep their form."""
    view = seen(data)
    if view is None:
        return edit(data)
    after = edit(view.data)
    if after == view.data:
        return data
    return b"\n".join(_back(view, after.split(b"\n"), [known for other in others if (known := seen(other))]))


@lru_cache(maxsize=8)
def seen(data: bytes) -> View | None:
    """The view of a document of agent-doc; None for any other."""
    if b"agent:" not in data and b"session:" not in data and b"agent_doc_" not in data:
        return None
    lines = data.split(b"\n")
    begin = _front(lines)
    found = tuple(entry for entry in components(lines) if entry.open >= begin)
    inline = begin > 0 and not any(entry.kind in LISTS for entry in found) and _inline(lines, begin)
    if not found and not inline:
        return None
    view = View(lines, list(lines), found)
    inside = _inside(len(lines), found)
    _show_rows(view, inside)
    for entry in found:
        _show_markers(view, entry)
    turns = False
    fence, kinds = _fenced(lines), {entry.kind for entry in found if entry.kind}
    for number in range(begin, len(lines)):
        entry = inside[number]
        turn = _TURN.match(lines[number]) if inline and entry is None and not fence[number] else None
        if turn is not None:
            view.ours[number] = b"### " + turn[1] if turns else b"## Exchange (" + turn[1] + b")"
            view.ours[number] += lines[number][turn.end(1) :]
            turns = True
        elif fence[number] or (entry is not None and number in (entry.open, entry.close)):
            continue
        elif entry is not None or turns:
            _show_text(view, number, items=entry is not None and entry.kind in LISTS)
        elif (heading := _HEADING.match(lines[number])) and kind_of(heading[4].decode(errors="replace")) in kinds:
            view.titles.add(number)
            view.ours[number] = lines[number].rstrip(b" \t\r") + b" of agent-doc" + heading[5]
    return view


# -- looking ----------------------------------------------------------------------------------------------------------


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


def _fenced(lines: Sequence[bytes]) -> list[bool]:
    fence = b""
    found: list[bool] = []
    for line in lines:
        bare = line.strip()
        ticks = re.match(rb"`{3,}(?=[^`]*$)|~{3,}", bare)
        found.append(bool(fence) or ticks is not None)
        if fence:
            fence = b"" if bare.startswith(fence) and not bare.strip(fence[:1]) else fence
        elif ticks:
            fence = ticks[0]
    return found


def _inside(size: int, found: Sequence[Component]) -> list[Component | None]:
    """For each line the innermost component it stands in, its markers included."""
    inside: list[Component | None] = [None] * size
    for entry in found:  # an inner one begins later
        inside[entry.open : entry.close + 1] = [entry] * (entry.close + 1 - entry.open)
    return inside


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


def _show_rows(view: View, inside: Sequence[Component | None]) -> None:
    fence = _fenced(view.lines)
    for number, entry in enumerate(inside):
        if entry is None or entry.kind not in LISTS or fence[number]:
            continue
        found = row(view.lines[number], entry)
        if found is not None:
            view.rows[number] = found
    shown = _shown(view.rows)
    for id, number in shown.items():
        if view.rows[number].named:
            work = _work(view.rows, id)
            if work is not None:
                view.works[id] = work
    for number, entry in view.rows.items():
        if entry.id and shown[entry.id] != number and not _rival(view.rows, shown[entry.id], number):
            continue
        words = _words(view, entry)
        if words.strip():
            view.shown.add(number)
            view.ours[number] = _item(entry, _mark(view, entry), words)


def _words(view: View, entry: Row) -> bytes:
    """The words of the item that a row is."""
    if entry.named:
        work = view.works.get(entry.id)
        return view.rows[work].words if work is not None else b"do [#" + entry.id.encode() + b"]"
    return entry.pin + entry.words if entry.component.kind is Kind.DONE else entry.words


def _mark(view: View, entry: Row) -> Mark:
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
            rank = (_rank(entry), entry.mark in (Mark.DONE, Mark.STRUCK), number)
            best[entry.id] = min(best.get(entry.id, rank), rank)
    return {id: number for id, (_, _, number) in best.items()}


def _rank(entry: Row) -> int:
    kind = entry.component.kind
    return _ORDER.index(kind) if kind in _ORDER else len(_ORDER)


def _rival(rows: Mapping[int, Row], first: int, second: int) -> bool:
    """Whether two rows of one id are two things after all: both in lists that hold work, none but a name."""
    one, other = rows[first], rows[second]
    return one.component == other.component and not other.named and other.component.kind is not Kind.DONE


def _work(rows: Mapping[int, Row], id: str) -> int | None:
    """The row that has the words of a work."""
    found = [number for number, entry in rows.items() if entry.id == id and entry.words]
    return min(found, key=lambda number: (_rank(rows[number]), number), default=None)


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


# -- writing back -----------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Writer:
    view: View
    known: dict[tuple[bytes, bytes], bytes]
    """Lines that other versions have in a component of that name: in our grammar to theirs."""
    out: list[bytes] = field(default_factory=list[bytes])
    at: dict[int, int] = field(default_factory=dict[int, int])
    """Where in `out` each line of the document went that stays."""
    used: set[int] = field(default_factory=set[int])
    """Rows that a changed line stands for."""
    words: dict[str, bytes] = field(default_factory=dict[str, bytes])
    """What works are called now that a queue row names."""
    marks: dict[str, Mark] = field(default_factory=dict[str, Mark])
    back: str = ""
    """The work that has just left the queue: what is nested below goes along."""
    below: dict[str, list[bytes]] = field(default_factory=dict[str, list[bytes]])

    def keep(self, number: int) -> None:
        """A line that stays as it is."""
        self.at[number] = len(self.out)
        self.out.append(self.view.lines[number])


def _back(view: View, new: list[bytes], others: Iterable[View]) -> list[bytes]:
    """The lines of the document after an edit of its view."""
    known: dict[tuple[bytes, bytes], bytes] = {}
    for other in others:
        for number, entry in enumerate(_inside(len(other.lines), other.components)):
            if entry is not None:
                known.setdefault((entry.name, other.ours[number]), other.lines[number])
    writer = _Writer(view, known)
    after: dict[int, Component | None] = {}
    for entry in view.components:
        after[entry.open] = entry
        after[entry.close] = view.components[entry.outer] if entry.outer >= 0 else None
    cuts = sorted(after)
    places = _find(new, [view.ours[cut] for cut in cuts])
    if places is None:  # the edit took a component away: line by line then
        cuts, places = [], []
    a = b = 0
    entry: Component | None = None
    for x, y in [*zip(cuts, places, strict=True), (len(view.lines), len(new))]:
        _stretch(writer, entry, range(a, x), new[b:y])
        if x < len(view.lines):
            writer.keep(x)
            entry = after[x]
        a, b = x + 1, y + 1
    _follow(writer)
    return writer.out


def _find(new: Sequence[bytes], markers: Sequence[bytes]) -> list[int] | None:
    """Where these lines stand in `new`, in their order; None when one is missing."""
    places: list[int] = []
    at = 0
    for marker in markers:
        try:
            at = new.index(marker, at)
        except ValueError:
            return None
        places.append(at)
        at += 1
    return places


def _stretch(writer: _Writer, entry: Component | None, old: range, new: list[bytes]) -> None:
    """The lines between two markers, in that component or in none."""
    view = writer.view
    a = b = begin = 0
    for x, y in [*matches(view.ours[old.start : old.stop], new), (len(old), len(new))]:
        begin = len(writer.out)
        for line in new[b:y]:
            _put(writer, entry, line, old[a:x])
        writer.back = ""
        if x < len(old):
            writer.keep(old[x])
        a, b = x + 1, y + 1
    if entry is None and writer.out[begin:] and writer.out[begin].startswith(b"#") and old:
        _above_title(writer, begin, old)


def _above_title(writer: _Writer, begin: int, old: range) -> None:
    """A new section before a component goes above the heading that names the component."""
    last = next((number for number in reversed(old) if writer.view.lines[number].strip()), -1)
    if last not in writer.view.titles or last not in writer.at or writer.at[last] >= begin:
        return
    at = writer.at[last]
    new, kept = writer.out[begin:], writer.out[at:begin]
    writer.out[at:] = [*new, *kept]
    for number, place in writer.at.items():
        writer.at[number] = place + len(new) if place >= at else place


def _put(writer: _Writer, entry: Component | None, line: bytes, gone: range) -> None:
    """A line that the view did not have there, as agent-doc writes it."""
    if entry is None or entry.kind not in LISTS:
        writer.out.append(writer.known.get((entry.name, line), line) if entry else line)
        return
    item = _ITEM.match(line)
    nested = line[:1] in (b" ", b"\t")
    if writer.back and nested:
        writer.below.setdefault(writer.back, []).append(_NESTED.sub(rb"\1*\2", line))
        return
    writer.back = ""
    if (entry.name, line) in writer.known:
        writer.out.append(writer.known[entry.name, line])
    elif item is None or (mark := _marks(item[2])) is None:
        writer.out.append(_NESTED.sub(rb"\1*\2", line))
    elif nested:
        blank = line[: len(line) - len(line.lstrip(b" \t"))]
        new = fresh(NESTED, item[1][len(blank) :], item[5])
        new = replace(new, id=(item[4] or b"").decode(), words=item[3] or b"")
        writer.out.append(blank + new.marked(mark).line)
    else:
        _put_row(writer, entry, item, mark, gone)


def _marks(sign: bytes) -> Mark | None:
    return next((mark for mark in Mark if mark.value.encode() == sign), None)


def _put_row(writer: _Writer, entry: Component, item: re.Match[bytes], mark: Mark, gone: range) -> None:
    view = writer.view
    id, words = (item[4] or b"").decode(), item[3] or b""
    number = _meant(writer, entry, id, words, gone)
    work = view.works.get(id)
    if number is None and work is not None and view.rows[work].component == entry:
        writer.back = id  # it stands here already, under its other name
        writer.words[id], writer.marks[id] = words, mark
        return
    old = fresh(entry, item[1], item[5]) if number is None else view.rows[number]
    if number is not None:
        writer.used.add(number)
    was = _mark(view, old) if old.named else old.mark
    if old.named:
        if work is not None and words != view.rows[work].words:
            writer.words[id] = words
        if work is not None and mark is not was and (mark is Mark.DONE or view.rows[work].mark is not Mark.OPEN):
            writer.marks[id] = Mark.DONE if mark is Mark.DONE else Mark.OPEN
        words = b"" if work is not None or words == _words(view, old) else words
    elif old.component.kind is Kind.DONE:
        words = words.removeprefix(old.pin)
    new = replace(old, bullet=item[1], end=item[5], id=id, words=words)
    writer.out.append((new if mark is was else new.marked(mark)).line)


def _meant(writer: _Writer, entry: Component, id: str, words: bytes, gone: range) -> int | None:
    """The row that a changed line stands for: by id, else one without id that has gone there, the same words first."""
    rows = writer.view.rows
    free = [number for number in gone if number in rows and number not in writer.used]
    if id:
        there = [number for number in writer.view.shown if rows[number].id == id and rows[number].component == entry]
        found = next((number for number in (*free, *there) if rows[number].id == id), None)
        if found is not None and found not in writer.used:
            return found
    unnamed = [number for number in free if not rows[number].id]
    return next((number for number in unnamed if rows[number].words == words), next(iter(unnamed), None))


def _follow(writer: _Writer) -> None:
    """Words and ticks of works that a queue row names, where their own rows stand."""
    view = writer.view
    for id in {*writer.words, *writer.marks}:
        number = view.works[id]
        if number not in writer.at:
            continue
        old = view.rows[number]
        new = replace(old, words=writer.words.get(id, old.words))
        if id in writer.marks and old.component.kind is not Kind.DONE:
            new = new.marked(writer.marks[id])
        writer.out[writer.at[number]] = new.line
    for id in sorted(writer.below, key=lambda id: writer.at.get(view.works[id], 0), reverse=True):
        place = writer.at.get(view.works[id], len(writer.out) - 1) + 1
        writer.out[place:place] = writer.below[id]
