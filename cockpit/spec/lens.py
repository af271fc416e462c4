"""A document of agent-doc through a lens: edited in our grammar, written back as agent-doc writes it.

Law: what an edit leaves as it was in the view (spec.agentview) keeps its bytes in the document, a line that it changes
is written in the dialect (spec.agentdoc). Words and tick of a work that a queue row names follow to its own row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from cockpit.spec.agentdoc import LISTS, Component, fresh
from cockpit.spec.agentview import NESTED, View, inside, mark_of, seen, words_of
from cockpit.spec.diff import matches
from cockpit.spec.item import Kind, Mark
from cockpit.spec.words import FIELDS

_ITEM = re.compile(
    rb"([ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+)\[(.)\]"
    rb"(?:[ \t]+(.*?))??(?:[ \t]+\^([A-Za-z0-9][A-Za-z0-9_-]{0,63}))?([ \t]*\r?)$",
    re.DOTALL,
)
_NESTED = re.compile(rb"([ \t]+)-([ \t]+(?:" + "|".join((*FIELDS, "conflict")).encode() + rb"):)", re.IGNORECASE)


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
    if seen(after) is not None:  # a whole document in agent-doc's form, an older version perhaps
        return after
    return b"\n".join(_back(view, after.split(b"\n"), [known for other in others if (known := seen(other))]))


_MARKED = re.compile(rb"## (?:[A-Z][A-Za-z ]* \()?(/?agent:[^()\r\n]*?)\)?(\r?)$")
_ESCAPED = re.compile(rb"^([ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)+)\\(?=\[)")
_TITLE = re.compile(rb"^( {0,3}#{1,6}[ \t].*) of agent-doc([ \t]*\r?)$")
LATER = "\0"
"""No id: what goes to the end of the backlog instead of the icebox."""


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
        for number, entry in enumerate(inside(len(other.lines), other.components)):
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
    known = writer.known.get((entry.name, line)) if entry else None
    line = _plain(line, rows=entry is not None and entry.kind in LISTS) if known is None else line
    if entry is None or entry.kind not in LISTS:
        writer.out.append(line if known is None else known)
        return
    item = _ITEM.match(line)
    nested = line[:1] in (b" ", b"\t")
    if writer.back and nested:
        writer.below.setdefault(writer.back, []).append(_NESTED.sub(rb"\1*\2", line))
        return
    writer.back = ""
    if known is not None:
        writer.out.append(known)
    elif item is None or (mark := _marks(item[2])) is None:
        writer.out.append(_NESTED.sub(rb"\1*\2", line))
    elif nested:
        blank = line[: len(line) - len(line.lstrip(b" \t"))]
        new = fresh(NESTED, item[1][len(blank) :], item[5])
        new = replace(new, id=(item[4] or b"").decode(), words=item[3] or b"")
        writer.out.append(blank + new.marked(mark).line)
    else:
        _put_row(writer, entry, item, mark, gone)


def _plain(line: bytes, *, rows: bool) -> bytes:
    """A line of another version's view, that an undo brings: what the view did to it is taken back."""
    marker = _MARKED.match(line)
    if marker is not None:
        return b"<!-- " + marker[1] + b" -->" + marker[2]
    if rows:
        line = _ESCAPED.sub(rb"\1", line)
    return _TITLE.sub(rb"\1\2", line)


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
    if number is None and entry.name == b"icebox" and (open_list := _backlog(view)) is not None:
        new = replace(fresh(open_list, item[1], item[5]), id=id, words=words).marked(mark)
        writer.back = LATER
        writer.below.setdefault(LATER, []).append(new.line)
        return
    old = fresh(entry, item[1], item[5]) if number is None else view.rows[number]
    if number is not None:
        writer.used.add(number)
    was = mark_of(view, old) if old.named else old.mark
    if old.named:
        if work is not None and words != view.rows[work].words:
            writer.words[id] = words
        if work is not None and mark is not was and (mark is Mark.DONE or view.rows[work].mark is not Mark.OPEN):
            writer.marks[id] = Mark.DONE if mark is Mark.DONE else Mark.OPEN
        words = b"" if work is not None or words == words_of(view, old) else words
    elif old.component.kind is Kind.DONE:
        words = words.removeprefix(old.pin)
    new = replace(old, bullet=item[1], end=item[5], id=id, words=words)
    writer.out.append((new if mark is was else new.marked(mark)).line)


def _backlog(view: View) -> Component | None:
    """The list for new work that is not put off: both it and the icebox are the backlog in our grammar."""
    return next((entry for entry in view.components if entry.kind is Kind.BACKLOG and entry.name != b"icebox"), None)


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
    later, target = writer.below.pop(LATER, []), _backlog(view)
    if later and target is not None:
        place = writer.at.get(target.close, len(writer.out))
        while place and not writer.out[place - 1].strip():
            place -= 1
        writer.out[place:place] = later
        for number, at in writer.at.items():
            writer.at[number] = at + len(later) if at >= place else at
    for id in sorted(writer.below, key=lambda id: writer.at.get(view.works[id], 0), reverse=True):
        place = writer.at.get(view.works[id], len(writer.out) - 1) + 1
        writer.out[place:place] = writer.below[id]
