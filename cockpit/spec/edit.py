r"""The pure edits: bytes in, bytes out. Each finds its item by id in the bytes at hand and changes only its lines.

Line ends and indents follow the neighbourhood. An item without an id gets one with its first edit. Foreign text is
flattened to one line, and a ` ^word` at its end is kept from becoming an id.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from cockpit.spec.front import front
from cockpit.spec.model import Document, Item, Kind, Mark, Span
from cockpit.spec.parse import outline_of, parse, signals_table
from cockpit.spec.scan import BOM
from cockpit.spec.table import row
from cockpit.spec.words import code

TITLES = {kind: kind.value.capitalize() for kind in Kind} | {Kind.SIGNALS: "Live Signals", Kind.CODE_MAP: "Code map"}
PREFIX = {Kind.QUEUE: "q", Kind.BACKLOG: "b", Kind.MUTED: "m", Kind.PINNED: "p", Kind.DECISIONS: "d"}
_ID = re.compile(rb"\^([A-Za-z0-9][A-Za-z0-9_-]*)[ \t\r]*$", re.MULTILINE)
_TAIL = re.compile(r"\s\^(?=[A-Za-z0-9][A-Za-z0-9_-]*$)")


class NoSuchItem(KeyError):
    """There is no item of that id in the bytes at hand; it may have been removed meanwhile."""

    def __str__(self) -> str:
        return f"no item {self.args[0]} in the spec"


def ensure_id(data: bytes, id: str, *, taken: Collection[str] = ()) -> tuple[bytes, str]:
    """The bytes in which the item has a written id, and that id. `taken` are ids that facts on disk hold already."""
    item = _item(parse(data), id)
    if item.touched:
        return data, item.id
    made = _free(data, item.section, taken)
    at = item.text_span.end
    return _splice(data, Span(at, at), f" ^{made}".encode()), made


def set_mark(data: bytes, id: str, mark: Mark) -> bytes:
    """The item with another character between its brackets."""
    data, id = ensure_id(data, id)
    item = _item(parse(data), id)
    old = data[item.mark_at : data.index(b"]", item.mark_at)]
    return _splice(data, Span(item.mark_at, item.mark_at + len(old)), mark.value.encode())


def set_text(data: bytes, id: str, text: str) -> bytes:
    """The item in other words; its id stays."""
    data, id = ensure_id(data, id)
    return _splice(data, _item(parse(data), id).text_span, _flat(text).encode())


def set_field(data: bytes, id: str, key: str, value: str) -> bytes:
    """The item with that field: the last one of the name is replaced, else it is added below the others."""
    data, id = ensure_id(data, id)
    item = _item(parse(data), id)
    known = [entry for entry in item.fields if entry.key == key]
    if not known:
        return add_field(data, id, key, value)
    if known[-1].value == _flat(value):
        return data
    return _splice(data, known[-1].span, _field_line(data, item, key, value, known[-1].span))


def replace_field(data: bytes, id: str, key: str, old: str, new: str) -> bytes:
    """The item with `new` where a field of that name says `old`; unchanged when none does."""
    item = _item(parse(data), id)
    known = next((entry for entry in item.fields if entry.key == key and entry.value == old), None)
    return data if known is None else _splice(data, known.span, _field_line(data, item, key, new, known.span))


def add_field(data: bytes, id: str, key: str, value: str) -> bytes:
    """The item with one more field below those it has (`steer:` and `iterate:` repeat)."""
    data, id = ensure_id(data, id)
    item = _item(parse(data), id)
    at = max([item.head.end, *(entry.span.end for entry in item.fields)])
    data, at = _ended(data, at)
    return _splice(data, Span(at, at), _field_line(data, item, key, value, None))


def drop_field(data: bytes, id: str, key: str) -> bytes:
    """The item without any field of that name."""
    for entry in reversed([entry for entry in _item(parse(data), id).fields if entry.key == key]):
        data = _splice(data, entry.span, b"")
    return data


def add_item(
    data: bytes, text: str, *, section: Kind = Kind.QUEUE, below: str | None = None, taken: Collection[str] = ()
) -> tuple[bytes, str]:
    """A new open item at the end of the section (made when missing), or right after the item `below` and its fields."""
    made = _free(data, section, taken)
    if below is not None:
        item = _item(parse(data), below)
        data, at = _ended(data, item.span.end)
        lead = data[item.head.start : item.mark_at - 1]
        bullet = re.match(rb"[ \t]*(?:[-*+]|\d+[.)])[ \t]*", lead)
        start = bullet[0] if bullet else b"- "
    else:
        data, at = _end_of(data, section)
        start = b"- "
    line = start + f"[ ] {_flat(text)} ^{made}".encode() + _newline(data)
    return _splice(data, Span(at, at), line), made


def split(data: bytes, id: str, texts: Sequence[str], *, taken: Collection[str] = ()) -> bytes:
    """The item in the first of `texts`, and a new one after it for each of the others, in order."""
    data, id = ensure_id(data, id, taken=taken)
    data = set_text(data, id, texts[0])
    last = id
    for text in texts[1:]:
        data, last = add_item(data, text, section=_item(parse(data), id).section or Kind.QUEUE, below=last, taken=taken)
    return data


def set_control(data: bytes, key: str, value: str) -> bytes:
    """The front matter with that control; line, block or front matter are made when missing."""
    head = front(data)
    known = dict(head.values).get(key)
    newline = _newline(data)
    if known is not None:
        space = b" " if known.start == known.end and data[known.start - 1 : known.start] == b":" else b""
        return _splice(data, known, space + value.encode())
    block = next((block for block in head.blocks if block[0] == "cockpit"), None)
    line = f"{key}: {value}".encode()
    if block is not None and block[2]:
        return _splice(data, Span(block[1].start + 1, block[1].start + 1), line + b", ")
    if block is not None and block[1].start < block[1].end:
        begin = data.rindex(b"\n", 0, block[1].start) + 1
        return _splice(data, Span(block[1].start, block[1].start), line + newline + data[begin : block[1].start])
    if block is not None:
        end = data.index(b"\n", block[1].end) + 1
        return _splice(data, Span(end, end), b"  " + line + newline)
    text = b"cockpit:" + newline + b"  " + line + newline
    if head.yaml is not None:
        return _splice(data, Span(head.yaml.start, head.yaml.start), text)
    at = len(BOM) if data.startswith(BOM) else 0
    return _splice(data, Span(at, at), b"---" + newline + text + b"---" + newline)


def set_goal(data: bytes, text: str) -> bytes:
    """The goal section with this text (several lines are kept); made at the top when missing."""
    newline = _newline(data)
    lines = [line.rstrip() for line in text.strip().split("\n")]
    body = newline.join(_no_structure(line).encode() for line in lines) + newline
    document = parse(data)
    section = document.section(Kind.GOAL)
    if section is None:
        head = front(data)
        at = head.span.end if head.span else (len(BOM) if data.startswith(BOM) else 0)
        data, at = _ended(data, at)
        return _splice(data, Span(at, at), b"## Goal" + newline + body + newline)
    old = data[section.body.start : section.body.end]
    start = section.body.start + len(old) - len(old.lstrip(b"\r\n"))
    if not old.strip():
        data, begin = _ended(data, section.heading.end)
        return _splice(data, Span(begin, section.body.end if begin == section.heading.end else begin), body + newline)
    end = section.body.start + len(old.rstrip())
    return _splice(data, Span(start, end), body[: -len(newline)])


def add_mute(data: bytes, target: str, until: str, reason: str, at: str) -> tuple[bytes, str]:
    """The muted section with one more line; gives its id."""
    made = _free(data, Kind.MUTED, ())
    when = "always" if until == "always" else f"until {until}"
    because = f": {_flat(reason).replace('^', '')}" if reason.strip() else ":"
    return _add_line(data, Kind.MUTED, f"- {code(_flat(target))} {when}{because} ({at}) ^{made}"), made


def drop_mute(data: bytes, target: str) -> bytes:
    """The spec without the mutes of that id or target."""
    return _drop(data, [entry.span for entry in parse(data).mutes if target in (entry.id, entry.target)])


def add_pin(data: bytes, target: str, reason: str) -> tuple[bytes, str]:
    """The pinned section with one more line; gives its id."""
    made = _free(data, Kind.PINNED, ())
    because = f": {_flat(reason).replace('^', '')}" if reason.strip() else ""
    return _add_line(data, Kind.PINNED, f"- {code(_flat(target))}{because} ^{made}"), made


def drop_pin(data: bytes, target: str) -> bytes:
    """The spec without the pins of that id or target."""
    return _drop(data, [entry.span for entry in parse(data).pins if target in (entry.id, entry.target)])


def set_signals(data: bytes, rows: Sequence[tuple[str, str, str, str]]) -> bytes:
    """The table of `## Live Signals` with these rows; its head stays, one is written when there is no table."""
    document = parse(data)
    table = signals_table(data, outline_of(data), document.sections)
    newline = _newline(data)
    body = b"".join(row(list(cells)).encode() + newline for cells in rows)
    if table is not None:
        data, start = _ended(data, table.body.start)
        end = table.body.end if start == table.body.start else start
        return _splice(data, Span(start, max(start, end)), body)
    head = b"| Signal | State | Since | Action |" + newline + b"|---|---|---:|---|" + newline
    data, at = _end_of(data, Kind.SIGNALS)
    return _splice(data, Span(at, at), head + body)


def _item(document: Document, id: str) -> Item:
    item = document.item(id)
    if item is None:
        raise NoSuchItem(id)
    return item


def _splice(data: bytes, span: Span, new: bytes) -> bytes:
    return data[: span.start] + new + data[span.end :]


def _newline(data: bytes) -> bytes:
    """The line end most lines have."""
    count = data.count(b"\n")
    return b"\r\n" if count and data.count(b"\r\n") * 2 > count else b"\n"


def _flat(text: str) -> str:
    """One line that is no id at its end."""
    return _TAIL.sub(" ˆ", " ".join(text.replace("\0", "").split()))


def _no_structure(line: str) -> str:
    """A line of the goal that is no heading: the goal must not end before its text does."""
    return "\\" + line if re.match(r"#{1,6}(?:\s|$)|(?:=+|-+)\s*$|`{3}|~{3}|<!--", line) else line


def _field_line(data: bytes, item: Item, key: str, value: str, old: Span | None) -> bytes:
    """A field's line, indented as its neighbours are; an old one keeps its own indent and line end."""
    newline = _newline(data)
    like = old or (item.fields[0].span if item.fields else None)
    if like is not None:
        lead = re.match(rb"[ \t]*(?:[-*+]|\d+[.)])[ \t]+", data[like.start : like.end])
        start = lead[0] if lead else b"  - "
    else:
        begin = re.match(rb"[ \t]*(?:[-*+]|\d+[.)])[ \t]*", data[item.head.start : item.head.end])
        width = len(begin[0].expandtabs(4)) if begin else 2
        start = b"\t- " if begin and begin[0].startswith(b"\t") else b" " * width + b"- "
        if begin and begin[0].startswith(b"\t"):
            start = begin[0][: len(begin[0]) - len(begin[0].lstrip(b"\t"))] + start
    if old is not None and not data[old.start : old.end].endswith(b"\n"):
        newline = b""
    return start + f"{key}: {_flat(value)}".rstrip().encode() + newline


def _free(data: bytes, section: Kind | None, taken: Collection[str]) -> str:
    """The next id of the section's letter: one more than the highest in the whole document."""
    letter = PREFIX.get(section, "i") if section else "i"
    used = {match[1].decode() for match in _ID.finditer(data)} | set(taken)
    numbers = [int(id[1:]) for id in used if id[:1] == letter and id[1:].isdecimal()]
    return f"{letter}{max(numbers, default=0) + 1}"


def _ended(data: bytes, at: int) -> tuple[bytes, int]:
    """The bytes with a line end before `at`, which is the end of a line or of the document."""
    if at == 0 or data[at - 1 : at] == b"\n":
        return data, at
    newline = _newline(data)
    return _splice(data, Span(at, at), newline), at + len(newline)


def _end_of(data: bytes, kind: Kind) -> tuple[bytes, int]:
    """Where a line at the end of that section goes; the section is made at the end of the document when missing."""
    section = parse(data).section(kind)
    newline = _newline(data)
    if section is None:
        data = _ended(data, len(data))[0]
        gap = b"" if not data.strip() or data.endswith(newline * 2) else newline
        data += gap + f"## {TITLES[kind]}".encode() + newline
        return data, len(data)
    body = data[section.body.start : section.body.end].rstrip(b" \t\r\n")
    if not body:
        return _ended(data, section.heading.end)
    end = data.find(b"\n", section.body.start + len(body))
    return _ended(data, len(data) if end < 0 else end + 1)


def _add_line(data: bytes, kind: Kind, line: str) -> bytes:
    data, at = _end_of(data, kind)
    return _splice(data, Span(at, at), line.encode() + _newline(data))


def _drop(data: bytes, spans: Sequence[Span]) -> bytes:
    for span in sorted(spans, key=lambda span: -span.start):
        data = _splice(data, span, b"")
    return data
