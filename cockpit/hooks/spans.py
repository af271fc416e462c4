"""JSON with the place of every part, so that an edit touches no byte that it does not mean.

Comments and trailing commas, which some agents take in their settings, are passed over.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Literal

from cockpit.errors import CockpitError

DEEPEST = 100
_SPACE = re.compile(r"(?:[ \t\r\n]+|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"')
_WORD = re.compile(r"true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")


@dataclass(frozen=True, slots=True)
class Part:
    """A value of the text, from `start` to `end`. A member of an object begins at its key."""

    kind: Literal["object", "array", "string", "other"]
    start: int
    end: int
    key: str = ""
    at: int = 0
    """Where the value begins; the same as `start` unless it is a member."""
    parts: tuple[Part, ...] = ()
    value: str = ""
    """Of a string."""

    def member(self, key: str) -> Part | None:
        """The member of that name; the last one counts, as JSON has it."""
        return next((part for part in reversed(self.parts) if part.key == key), None)


def parse(text: str) -> Part:
    """The whole value. Raises CockpitError that names the line at fault."""
    at = _skip(text, 1 if text.startswith("\ufeff") else 0)
    part = _value(text, at, 0)
    end = _skip(text, part.end)
    if end != len(text):
        raise _wrong(text, end, "something follows the end")
    return part


def _value(text: str, at: int, deep: int) -> Part:
    if deep > DEEPEST:
        raise _wrong(text, at, "nested too deep")
    if text[at : at + 1] in ("{", "["):
        return _container(text, at, deep)
    if found := _STRING.match(text, at):
        return Part("string", at, found.end(), at=at, value=_decoded(text, found[0], at))
    if found := _WORD.match(text, at):
        return Part("other", at, found.end(), at=at)
    raise _wrong(text, at, "no JSON")


def _container(text: str, start: int, deep: int) -> Part:
    named = text[start] == "{"
    close = "}" if named else "]"
    parts: list[Part] = []
    at = _skip(text, start + 1)
    while text[at : at + 1] != close:
        if parts:
            if text[at : at + 1] != ",":
                raise _wrong(text, at, f"a comma or {close} is missing")
            at = _skip(text, at + 1)
            if text[at : at + 1] == close:
                break
        begin, key = at, ""
        if named:
            found = _STRING.match(text, at)
            if found is None:
                raise _wrong(text, at, "a name is missing")
            key = _decoded(text, found[0], at)
            at = _skip(text, found.end())
            if text[at : at + 1] != ":":
                raise _wrong(text, at, "a colon is missing")
            at = _skip(text, at + 1)
        value = _value(text, at, deep + 1)
        parts.append(Part(value.kind, begin, value.end, key, value.at, value.parts, value.value))
        at = _skip(text, value.end)
    return Part("object" if named else "array", start, at + 1, at=start, parts=tuple(parts))


def _decoded(text: str, word: str, at: int) -> str:
    try:
        return json.loads(word)
    except ValueError as error:
        raise _wrong(text, at, "a text that is not closed or badly escaped") from error


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _wrong(text: str, at: int, what: str) -> CockpitError:
    return CockpitError(f"cannot be read as JSON: {what}", where=f"line {text.count(chr(10), 0, at) + 1}")
