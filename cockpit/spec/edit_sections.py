"""Edits of what is no item: the goal, mutes and pins, the table of live signals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from cockpit.spec.lines import flat, free_id, insert_lines, insert_section, line_end, prefix_of, room, without
from cockpit.spec.model import Document, Kind, Mute, NoSuchItem, Pin
from cockpit.spec.parse import parse
from cockpit.spec.table import COLUMNS, row
from cockpit.spec.words import code

_TAG = r"<(?:[!?]|/?[A-Za-z][A-Za-z0-9-]*(?:[\s/>]|$))"
_STRUCTURE = re.compile(rf"^ {{0,3}}(?=\\+[#`~<=-]|#{{1,6}}(?:\s|$)|`{{3}}|~{{3}}|{_TAG}|=+\s*$|-+\s*$)", re.MULTILINE)


def set_goal(data: bytes, text: str) -> bytes:
    """Replace the words of the goal section; comments around them stay.

    A line that would end the section or hide what follows (a heading, a fence, a comment) gets a backslash, which
    reading takes off again. A checkbox in the goal is an item, as in every section.
    """
    document = parse(data)
    if document.goal == text.strip():
        return data
    words = re.sub(r"\r\n?", "\n", text.replace("\0", "")).encode(errors="replace").decode().strip()
    lines = [line.rstrip() for line in _STRUCTURE.sub(r"\g<0>\\", words).split("\n")] if words else []
    section = document.section(Kind.GOAL)
    if section is None:
        return insert_section(document, Kind.GOAL, lines)
    # What is replaced runs from the first to the last line that is neither blank nor comment.
    comments = document.comments(section.body)
    start = end = 0
    at = after = section.body.start
    while at < section.body.end:
        newline = data.find(b"\n", at, section.body.end)
        next_line = newline + 1 if newline >= 0 else section.body.end
        if any(comment.start <= at < comment.end for comment in comments):
            after = after if end else next_line
        elif data[at:next_line].strip(b" \t\r\n"):
            start, end = (start if end else at), next_line
        at = next_line
    if end:
        stop = end - len(data[start:end]) + len(data[start:end].rstrip(b" \t\r\n"))
        new = line_end(data, start).join(line.encode() for line in lines)
        return data[:start] + new + data[stop:]
    follows = data[after : section.body.end].strip(b" \t\r\n") or not data[after : section.body.end]
    return insert_lines(data, after, [*lines, *([""] if follows and after < len(data) else [])])


def add_mute(data: bytes, target: str, until: str, reason: str, at: str) -> tuple[bytes, str]:
    """A line in `## Muted` and its id; a mute of the same target is replaced. Raises ValueError for no target."""
    until = flat(until).replace(": ", " ").rstrip(":") or "it changes"
    when = "always" if until == "always" else f"until {until}"
    why = f": {flat(reason)}" if flat(reason) else ""
    stamp = f" ({flat(at)})" if flat(at) else ""
    document = parse(data)
    old = next((mute for mute in document.mutes if mute.target == flat(target)), None)
    return _stand(document, Kind.MUTED, target, f" {when}{why}{stamp}", document.mutes, old)


def drop_mute(data: bytes, id_or_target: str) -> bytes:
    """Take the mutes of that id or target away. Raises NoSuchItem."""
    return _drop(data, id_or_target, parse(data).mutes)


def add_pin(data: bytes, target: str, reason: str = "") -> tuple[bytes, str]:
    """A line in `## Pinned` and its id; a pin of the same target is replaced. Raises ValueError for no target."""
    document = parse(data)
    old = next((pin for pin in document.pins if pin.target == flat(target)), None)
    return _stand(document, Kind.PINNED, target, f": {flat(reason)}" if flat(reason) else "", document.pins, old)


def drop_pin(data: bytes, id_or_target: str) -> bytes:
    """Take the pins of that id or target away. Raises NoSuchItem."""
    return _drop(data, id_or_target, parse(data).pins)


def add_line(data: bytes, text: str, *, section: Kind) -> bytes:
    """A bullet without a checkbox, last in its section, which is made when missing. Raises ValueError for no words."""
    words = flat(text)
    if not words:
        raise ValueError("a line needs words")
    document = parse(data)
    place = document.section(section)
    if place is None:
        return insert_section(document, section, [f"- {words}"])
    inside = document.bullets(place.body)
    if inside:
        return insert_lines(data, inside[-1].end, [prefix_of(data, inside[-1].start) + words])
    at, above, below = room(document, section)
    return insert_lines(data, at, [*above, f"- {words}", *below])


def set_signals(data: bytes, rows: Iterable[Sequence[str]]) -> bytes:
    """Make these the engine's rows (signal, state, since, action) of the live signals, its others go.

    A row that says the same keeps its bytes, and so do rows of other programs, which come after them. `since` has the
    form of `Table.own`. Columns follow the head of the table that is there; section and table are made when missing.
    """
    wanted = [[flat(text) for text in entry] for entry in rows]
    document = parse(data)
    section = document.section(Kind.SIGNALS)
    lines = ["| Signal | State | Since | Action |", "|---|---|---:|---|", *(row(entry) for entry in wanted)]
    if section is None:
        return insert_section(document, Kind.SIGNALS, lines)
    table = document.table
    if table is None:
        follows = [""] if data[section.body.start : section.body.end].strip() or section.body.end < len(data) else []
        return insert_lines(data, section.heading.end, [*lines, *follows])
    have = {(old.signal, old.state, old.since, old.action): old.span for old in reversed(table.own)}
    end = line_end(data, table.body.start)
    kept: list[bytes] = []
    for entry in wanted:
        span = have.get((entry[0], entry[1], entry[2], entry[3]))
        if span is not None:
            kept.append(data[span.start : span.end].rstrip(b"\r\n"))
        else:
            named: dict[str, str] = dict(zip(COLUMNS, entry, strict=True))
            kept.append(row([named.get(name, "") for name in table.head]).encode())
    kept += [data[old.span.start : old.span.end].rstrip(b"\r\n") for old in table.rows if old not in table.own]
    body = b"".join(line + end for line in kept)
    if table.body.start and data[table.body.start - 1] != 10:  # the dashes end the document
        return data + b"".join(end + line for line in kept)
    if table.body.end == len(data) and not data.endswith(b"\n"):
        body = body.removesuffix(end)
    return data[: table.body.start] + body + data[table.body.end :]


def _stand(
    document: Document, kind: Kind, target: str, rest: str, there: Sequence[Mute | Pin], old: Mute | Pin | None
) -> tuple[bytes, str]:
    """A line of a section of standing orders: in the place of `old`, else after the last, else in a new section."""
    data = document.data
    if not flat(target):
        raise ValueError("no target")
    id = old.id if old and not old.id.startswith("~") else free_id(document, kind)
    words = f"{code(flat(target))}{rest} ^{id}"
    if old is not None:
        line = data[old.span.start : old.span.end]
        bullet = re.match(rb"[ \t]*(?:[-*+]|\d+[.)])[ \t]+", line)
        start = old.span.start + (bullet.end() if bullet else 0)
        return data[:start] + words.encode() + data[old.span.start + len(line.rstrip(b"\r\n")) :], id
    if there:
        return insert_lines(data, there[-1].span.end, ["- " + words]), id
    section = document.section(kind)
    if section is None:
        return insert_section(document, kind, ["- " + words]), id
    follows = [""] if section.body.end < len(data) or data[section.body.start :].strip() else []
    return insert_lines(data, section.heading.end, ["- " + words, *follows]), id


def _drop(data: bytes, id_or_target: str, there: Sequence[Mute | Pin]) -> bytes:
    name = flat(id_or_target)
    gone = [entry for entry in there if name == entry.target or name.removeprefix("^") == entry.id]
    if not gone:
        raise NoSuchItem(id_or_target)
    for entry in reversed(gone):
        data = without(data, entry.span.start, entry.span.end)
    return data
