"""Bullets of a block to items with ids and fields, and to mutes and pins."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from zlib import crc32

from cockpit.spec.item import Field, Kind, Mark, Part, Span
from cockpit.spec.plain import Mute, Pin, Problem
from cockpit.spec.scan import Bullet
from cockpit.spec.words import FIELDS, leading_code, nearest_field, nearest_word, uncode

_MARKS: dict[bytes, Mark] = {mark.value.encode(): mark for mark in Mark} | {b"X": Mark.DONE, b"\t": Mark.OPEN}
_CHECKBOX = re.compile(rb"\[([^\]\n\d]|[\x80-\xff]{2,4})\](?=[ \t\r\n]|$)")
_NO_CHECKBOX = re.compile(rb"\[(?: {2,}| *[xX] *)?\](?=[ \t\r\n]|$)")
_ID = re.compile(rb"(?:^|[ \t])\^([A-Za-z0-9][A-Za-z0-9_-]{0,63})[ \t\r]*$")
_FIELD = re.compile(rb"([A-Za-z][A-Za-z-]*):(?:[ \t]+|(?=\r?$))")
_UNTIL = re.compile(r"(?:^|\s)(?:until\s+(?P<until>.+?)|(?P<always>always))\s*(?=:(?:\s|$)|$)")
_AT = re.compile(r"\s*\((?P<at>\d{4}-\d\d-\d\d[^()]*)\)$")
_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"


def derive(texts: Sequence[str], seen: dict[str, int], taken: set[str]) -> tuple[str, ...]:
    """A key for each of these texts: `~` and 5 letters that depend on the text and on how often it came before.

    `seen` counts the texts so far, `taken` holds the keys so far; both grow. The place of an item plays no part.
    """
    keys: list[str] = []
    for text in texts:
        nth = seen.get(text, 0)
        seen[text] = nth + 1
        salt = f"{nth}\0{text}".encode()
        while (key := _letters(crc32(salt))) in taken:
            salt += b"\0"
        taken.add(key)
        keys.append(key)
    return tuple(keys)


def _letters(number: int) -> str:
    letters = "~"
    for _ in range(5):
        number, digit = divmod(number, 36)
        letters += _BASE36[digit]
    return letters


class Reader:
    """Reads the bullets of one block in their order; keeps what has no id and what was wrong."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.problems: list[Problem] = []
        self.ids: list[tuple[str, int]] = []
        """Written ids with their lines."""
        self.texts: list[str] = []
        """Texts of what has no id of its own."""

    def items(self, bullet: Bullet, kind: Kind | None) -> Iterator[Part]:
        """The item this bullet is, or else those nested below it."""
        box = self._box(bullet)
        if box is not None:
            yield self._item(bullet, box, kind)
            return
        if _NO_CHECKBOX.match(self.data, bullet.at, bullet.head_end):
            self.problems.append(Problem(bullet.line, "a checkbox holds exactly one character", "write `[ ]`"))
        for nested in bullet.bullets:
            yield from self.items(nested, kind)

    def _box(self, bullet: Bullet) -> re.Match[bytes] | None:
        return None if bullet.inline else _CHECKBOX.match(self.data, bullet.at, bullet.head_end)

    def _item(self, bullet: Bullet, box: re.Match[bytes], kind: Kind | None) -> Part:
        mark = _MARKS.get(box[1])
        if mark is None:
            mark = Mark.BLOCKED  # never dispatched, and it asks for a look
            what = f"unknown mark `[{box[1].decode()}]`"
            self.problems.append(Problem(bullet.line, what, "write one of [ ] [/] [?] [x] [-] [>] [!]"))
        text, id, span = self._text(box.end(), bullet.head_end)
        nth = self._named(id, text, bullet)
        if not text:
            self.problems.append(Problem(bullet.line, "an item without text", "say what is to be done"))
        fields: list[Field] = []
        children: list[Part] = []
        for nested in bullet.bullets:
            found = self._field(nested)
            if found is None:
                children.extend(self.items(nested, kind))
                continue
            below = [part for entry in nested.bullets for part in self.items(entry, kind)]
            fields.append(self._without(found, below[0].bullet) if below else found)
            children.extend(below)
        for line in (field.line for child in children for field in child.fields if field.key == "phased"):
            remedy = "a phase has no phases: make it an item of its own, with `after:`"
            self.problems.append(Problem(line, "phased: counts for nothing below another item", remedy))
        return Part(bullet, id, nth, mark, text, kind, box.start(1), span, tuple(fields), tuple(children))

    def _named(self, id: str, text: str, bullet: Bullet) -> int:
        """Take down an id, or a text that has none: which of these it is."""
        if id:
            self.ids.append((id, bullet.line))
            return -1
        self.texts.append(text)
        return len(self.texts) - 1

    def _text(self, start: int, end: int) -> tuple[str, str, tuple[int, int]]:
        """Text, id and span of the text between two offsets of one line."""
        raw = self.data[start:end]
        stop = len(raw.rstrip(b" \t\r\n"))
        id = ""
        caret = raw.rfind(b"^")
        if caret >= 0 and (match := _ID.search(raw[:stop], max(caret - 1, 0))):
            id = match[1].decode()
            stop = len(raw[: match.start()].rstrip(b" \t\r"))
        body = raw[:stop]
        lead = len(body) - len(body.lstrip(b" \t"))
        return body[lead:].decode(), id, (start + lead, start + stop)

    def _field(self, bullet: Bullet) -> Field | None:
        match = None if bullet.inline else _FIELD.match(self.data, bullet.at, bullet.head_end)
        if match is None:
            return None
        key = match[1].decode().casefold()
        if key not in FIELDS:
            near = nearest_field(key)
            if near:
                self.problems.append(Problem(bullet.line, f"unknown field `{key}`", f"did you mean `{near}`?"))
            return None
        raw = self.data[match.end() : bullet.wrapped]
        value_end = match.end() + len(raw.rstrip(b" \t\r\n"))
        value = self.data[match.end() : value_end].decode()
        if "\n" in value:
            value = " ".join(value.split())
        if not value and bullet.bullets:
            value = ", ".join(self._first_line(nested) for nested in bullet.bullets if not self._box(nested))
            value_end = len(self.data[: bullet.end].rstrip(b" \t\r\n"))
        if remedy := nearest_word(key, value):
            self.problems.append(Problem(bullet.line, f"{key}: cannot be `{value[:40].strip('`')}`", remedy))
        spans = Span(bullet.start, bullet.end), Span(min(match.end(), value_end), value_end)
        return Field(key, uncode(value), bullet.line, *spans, bullet.end)

    def _without(self, field: Field, item: Bullet) -> Field:
        """The field up to the first item below it, which is no part of its value."""
        stop = len(self.data[field.span.start : item.start].rstrip(b" \t\r\n")) + field.span.start
        value = Span(min(field.value_span.start, stop), min(field.value_span.end, stop))
        return replace(field, span=Span(field.span.start, self.data.index(b"\n", stop) + 1), value_span=value)

    def _first_line(self, bullet: Bullet) -> str:
        return self.data[bullet.at : bullet.head_end].decode().strip()

    def mute(self, bullet: Bullet) -> tuple[Mute, int]:
        """A line of the muted section, and which unnamed text it is; without `until` it holds until a change."""
        text, id, _ = self._text(bullet.at, bullet.head_end)
        target, rest = leading_code(text)
        stamp = _AT.search(rest)
        rest = rest[: stamp.start()] if stamp else rest
        until = _UNTIL.search(rest)
        when, reason = "it changes", rest.partition(":")[2]
        if until:
            when, reason = until["until"] or "always", rest[until.end() + 1 :]
        target = target or (rest[: until.start()] if until else rest.partition(": ")[0]).strip()
        span = Span(bullet.start, bullet.end)
        mute = Mute(id, target, when, reason.strip(), stamp["at"] if stamp else "", bullet.line, span)
        return mute, self._named(id, text, bullet)

    def pin(self, bullet: Bullet) -> tuple[Pin, int]:
        """A line of the pinned section, and which unnamed text it is."""
        text, id, _ = self._text(bullet.at, bullet.head_end)
        target, rest = leading_code(text)
        if not target:
            target, _, rest = text.partition(": ")
        reason = rest.strip().removeprefix(":").strip()
        pin = Pin(id, target.strip(), reason, bullet.line, Span(bullet.start, bullet.end))
        return pin, self._named(id, text, bullet)
