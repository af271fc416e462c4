"""agent-doc's own lines: components, and the rows of its lists, read and written (contracts, section 1).

How a row says its mark was tried with agent-doc 0.35.342 itself (docs/agent-doc.md has what it does with each): in a
queue a runtime marker or a strike, in the other lists the checkbox or a gate. `do [#id]` in a queue is the work of that
id in another list.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cockpit.spec.item import Kind, Mark

KINDS = {
    b"queue": Kind.QUEUE,
    b"run": Kind.QUEUE,
    b"backlog": Kind.BACKLOG,
    b"pending": Kind.BACKLOG,
    b"review": Kind.PENDING,
    b"icebox": Kind.BACKLOG,
    b"done": Kind.DONE,
    b"exchange": Kind.EXCHANGE,
    b"input": Kind.EXCHANGE,
    b"output": Kind.EXCHANGE,
    b"signals": Kind.SIGNALS,
}
"""What a component is for; any other is text that is never edited."""
LISTS = (Kind.QUEUE, Kind.BACKLOG, Kind.PENDING, Kind.DONE)
"""Components whose rows are items."""

MARKER = re.compile(rb" {0,3}<!--[ \t]*(/?)agent:([A-Za-z0-9][A-Za-z0-9-]*)((?:[ \t]+[^\r\n]*?)?)[ \t]*-->[ \t]*\r?$")
_FENCE = re.compile(rb"`{3,}(?=[^`]*$)|~{3,}")
_ROW = re.compile(rb"((?:[-*+]|\d{1,9}[.)])[ \t]+)(?=\S)(.*?)([ \t]*\r?)$", re.DOTALL)
_BOX = re.compile(rb"\[( |x|X|/[A-Za-z0-9-]*)\](?:[ \t]+|$)")
_ID = re.compile(rb"\[#([A-Za-z0-9][A-Za-z0-9_-]*)\](?:[ \t]+|$)")
_DO = re.compile(rb"do[ \t]+\[?#([A-Za-z0-9][A-Za-z0-9_-]*)\]?")
_STRUCK = re.compile(rb"~~(.+)~~(?: +\xe2\x80\x94 auto-struck:.*)?$", re.DOTALL)
_DATE = re.compile(rb"\d{4}-\d\d-\d\d[ \t]+")
_DROPPED = " — struck".encode()

RUNTIME = {
    "🚧": Mark.RUNNING,
    "🟡": Mark.RUNNING,
    "⏳": Mark.NEEDS_YOU,
    "🙋": Mark.NEEDS_YOU,
    "☑": Mark.NEEDS_YOU,
    "⚠": Mark.BLOCKED,
    "🔄": Mark.BLOCKED,
    "❔": Mark.BLOCKED,
    "⏸": Mark.DEFERRED,
    "⏭": Mark.DEFERRED,
    "📥": Mark.OPEN,
}
"""Runtime markers, without the selector of their form that may follow."""
_EMOJI = {sign.encode(): mark for sign, mark in RUNTIME.items()}
_PINS = tuple(sign.encode() for sign in ("📌", "📍"))
_FORM = "\ufe0f".encode()
_SIGN = {Mark.RUNNING: "🚧 ", Mark.NEEDS_YOU: "⏳ ", Mark.BLOCKED: "⚠️ ", Mark.DEFERRED: "⏸️ "}
_GATES = {b"needs-you": Mark.NEEDS_YOU, b"deferred": Mark.DEFERRED, b"struck": Mark.STRUCK}
"""Typed gates of ours; any other gate waits for the operator or the world."""
_BOXES = {
    Mark.OPEN: "[ ] ",
    Mark.RUNNING: "[ ] 🚧 ",
    Mark.NEEDS_YOU: "[/needs-you] ",
    Mark.BLOCKED: "[/] ",
    Mark.DEFERRED: "[/deferred] ",
    Mark.STRUCK: "[/struck] ",
    Mark.DONE: "[x] ",
}


@dataclass(frozen=True, slots=True)
class Component:
    """`<!-- agent:NAME attrs -->` to its end. Numbers of the two lines, from 0."""

    name: bytes
    attributes: bytes
    open: int
    close: int
    outer: int = -1
    """Index of the component around it, -1 for none."""

    @property
    def kind(self) -> Kind | None:
        """What it is for; None for one that is left alone."""
        return KINDS.get(self.name)


def hidden(lines: Sequence[bytes]) -> list[bool]:
    """Which lines stand in a fence or in a comment of several lines, their first and last included."""
    end = b""
    found: list[bool] = []
    for line in lines:
        bare = line.strip()
        opener = _FENCE.match(bare)
        comment = bare.startswith(b"<!--") and b"-->" not in bare
        found.append(bool(end) or opener is not None or comment)
        if end == b"-->":
            end = b"" if end in bare else end
        elif end:
            end = b"" if bare.startswith(end) and not bare.strip(end[:1]) else end
        elif opener or comment:
            end = opener[0] if opener else b"-->"
    return found


def components(lines: Sequence[bytes]) -> tuple[Component, ...]:
    """The components that begin and end, in the order of their begin; what is hidden is text."""
    found: list[Component] = []
    stack: list[int] = []
    for number, (line, text) in enumerate(zip(lines, hidden(lines), strict=True)):
        marker = None if text else MARKER.match(line)
        if marker is None:
            continue
        if not marker[1]:
            stack.append(len(found))
            found.append(Component(marker[2], marker[3].strip(), number, -1))
        elif any(found[index].name == marker[2] for index in stack):
            while found[stack[-1]].name != marker[2]:
                stack.pop()  # it never ends
            index = stack.pop()
            found[index] = replace(found[index], close=number)
    whole = [entry for entry in found if entry.close >= 0]
    return tuple(replace(entry, outer=_outer(whole, entry)) for entry in whole)


def _outer(whole: Sequence[Component], entry: Component) -> int:
    around = [index for index, other in enumerate(whole) if other.open < entry.open and entry.close < other.close]
    return around[-1] if around else -1


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list: its line is `bullet`, `lead`, id and words, `closing`, `end`."""

    component: Component
    bullet: bytes
    lead: bytes
    """What says the mark in front of id and words: pins, checkbox, runtime markers, `~~`."""
    mark: Mark
    id: str
    words: bytes
    """Without the id; empty for a queue row that only names the work of its id."""
    closing: bytes
    end: bytes
    pin: bytes = b""
    """The part of `lead` that stays whatever the mark: a pin, the date of what is done."""

    @property
    def named(self) -> bool:
        """Whether it is but the name of a work that stands in another list."""
        return self.component.kind is Kind.QUEUE and bool(self.id) and not self.words

    @property
    def line(self) -> bytes:
        """The row as agent-doc writes it."""
        name = f"[#{self.id}]".encode() if self.id else b""
        if self.named:
            body = b"do " + name
        elif self.component.kind is Kind.QUEUE and name and _DO.match(self.words):
            body = self.words
        else:
            body = b" ".join(part for part in (name, self.words) if part)
        return self.bullet + self.lead + body + self.closing + self.end

    def marked(self, mark: Mark) -> Row:
        """The same row with that mark; one that says it already keeps the way it says it."""
        if mark is self.mark:
            return self
        lead, closing = _signs(self.component, mark)
        return replace(self, mark=mark, lead=self.pin + lead.encode(), closing=closing.encode())


def fresh(component: Component, bullet: bytes, end: bytes) -> Row:
    """An open row of that list, without words."""
    lead, _ = _signs(component, Mark.OPEN)
    return Row(component, bullet, lead.encode(), Mark.OPEN, "", b"", b"", end)


def _signs(component: Component, mark: Mark) -> tuple[str, str]:
    """What stands in front of and behind id and words for that mark."""
    if component.kind is Kind.DONE:
        return "", ""
    if component.kind is not Kind.QUEUE:
        deferred = component.name == b"icebox" and mark is Mark.DEFERRED
        return ("[ ] " if deferred else _BOXES[mark]), ""
    if mark is Mark.DONE:
        return "~~", "~~"
    return ("~~", f"{_DROPPED.decode()}~~") if mark is Mark.STRUCK else (_SIGN.get(mark, ""), "")


def row(line: bytes, component: Component) -> Row | None:
    """The row that this line of a list is; None for what is none (nested lines, headings, prose)."""
    match, kind = _ROW.match(line), component.kind
    if match is None or kind not in LISTS:
        return None
    bullet, rest, end = match[1], match[2], match[3]
    whole = rest
    pin = closing = b""
    mark = Mark.DONE if kind is Kind.DONE else Mark.DEFERRED if component.name == b"icebox" else Mark.OPEN
    if kind is Kind.DONE and (date := _DATE.match(rest)):
        pin, rest = date[0], rest[date.end() :]
    while (sign := _sign(rest)) is not None:
        length, told = sign
        if told is None and not rest.startswith(b"["):
            pin += rest[:length]
        mark = told or mark
        rest = rest[length:]
    struck = _STRUCK.match(rest) if kind is Kind.QUEUE else None
    if struck is not None:
        inner = struck[1].removesuffix(_DROPPED)
        mark = Mark.DONE if inner == struck[1] else Mark.STRUCK
        rest, closing = rest[2:], rest[2 + len(inner) :]
        lead = whole[: len(whole) - len(rest)]
        rest = inner
    else:
        lead = whole[: len(whole) - len(rest)]
    id, words = _identity(rest, queue=kind is Kind.QUEUE)
    return Row(component, bullet, lead, mark, id, words, closing, end, pin)


def _sign(rest: bytes) -> tuple[int, Mark | None] | None:
    """Length and meaning of the checkbox, runtime marker or pin that `rest` begins with; an empty box means nothing."""
    box = _BOX.match(rest)
    if box is not None:
        done = box[1] in (b"x", b"X")
        return box.end(), Mark.DONE if done else None if box[1] == b" " else _GATES.get(box[1][1:], Mark.BLOCKED)
    sign = next((sign for sign in (*_EMOJI, *_PINS) if rest.startswith(sign)), None)
    if sign is None:
        return None
    after = rest[len(sign) :].removeprefix(_FORM).lstrip(b" \t")
    return len(rest) - len(after), _EMOJI.get(sign)


def _identity(rest: bytes, *, queue: bool) -> tuple[str, bytes]:
    """Id and words of what is left of a row. A queue row that says more than `do [#id]` says it in its own words."""
    do = _DO.match(rest) if queue else None
    if do is not None:
        return do[1].decode(), b"" if do.end() == len(rest) else rest
    match = _ID.match(rest)
    return (match[1].decode(), rest[match.end() :]) if match else ("", rest)
