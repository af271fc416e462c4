"""What each stretch of a markdown line is, told line by line without parsing the document twice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

Kind = Literal["text", "front", "fence", "comment"]
"""What a whole line belongs to."""

MARKS = {
    " ": "open",
    "/": "running",
    "?": "needs",
    "x": "done",
    "X": "done",
    "-": "struck",
    ">": "deferred",
    "!": "blocked",
}
"""Roles of an item's checkbox mark (design section 4)."""

ROLES = (
    "heading", "bullet", "field", "code", "strong", "emphasis", "link", "id", "comment", "front", "fence", "table",
    "quote", "struck-text", "done-text", *dict.fromkeys(f"mark-{role}" for role in MARKS.values()),
)  # fmt: skip
"""Every role a span may have."""

Span = tuple[int, int, str]
"""Start, end (offsets into the line) and role."""

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_HEADING = re.compile(r" {0,3}#{1,6}(?:\s|$)")
_ITEM = re.compile(r"(\s*)([-*+]|\d{1,9}[.)])(\s+)(\[(.)\](?=\s|$))?")
_FIELD = re.compile(r"\s*([A-Za-z][\w-]{0,24}:)(?=\s|$)")
_ID = re.compile(r"\s(\^[A-Za-z0-9][\w.-]*)\s*$")
_INLINE = re.compile(
    r"(?P<code>`+[^`]+`+)|(?P<comment><!--.*?(?:-->|$))|(?P<strong>\*\*[^*\s](?:[^*]*[^*\s])?\*\*|__[^_\s](?:[^_]*[^_\s])?__)"
    r"|(?P<emphasis>(?<![\w*])\*[^*\s](?:[^*]*[^*\s])?\*(?![\w*]))|(?P<link>\[[^\]]*\]\([^)\s]*\)|<?https?://[^\s>)]+>?)"
)


def scan(lines: Sequence[str], start: int, carry: str) -> tuple[Kind, str]:
    """What line `start` belongs to, and what it carries to the next, given what the line before carried.

    A carry is the empty string, `---` inside front matter, `<!--` inside a comment, or the fence that is open.
    """
    line = lines[start]
    if carry == "---":
        return "front", "" if line.rstrip() in ("---", "...") else "---"
    if carry == "<!--":
        return "comment", "" if "-->" in line else "<!--"
    if carry:
        closed = line.strip()
        closing = len(line) - len(line.lstrip(" ")) < 4 and set(closed) == {carry[0]} and len(closed) >= len(carry)
        return "fence", "" if closing else carry
    if start == 0 and line.removeprefix("\ufeff").rstrip() == "---":
        return "front", "---"
    if "`" in line or "~" in line:
        found = _FENCE.match(line)
        if found and not (found[1][0] == "`" and "`" in found[2]):
            return "fence", found[1]
    if "<!--" in line and "-->" not in line[line.rfind("<!--") :]:
        return ("comment" if line.lstrip().startswith("<!--") else "text"), "<!--"
    return "text", ""


def hang(line: str) -> int:
    """How far the continuation of a wrapped line is indented: to the words of its item."""
    found = _ITEM.match(line)
    if not found:
        return len(line) - len(line.lstrip(" "))
    return found.end() + (1 if found[4] else 0)


def spans(line: str, kind: Kind) -> list[Span]:
    """The styled stretches of one line, in order of painting: later ones lie over earlier ones."""
    if kind != "text":
        return [(0, len(line), kind)] if line else []
    if _HEADING.match(line):
        found: list[Span] = [(0, len(line), "heading")]
    elif line.lstrip().startswith("|"):
        found = [(at, at + 1, "table") for at, char in enumerate(line) if char == "|"]
        if set(line) <= set("|-: "):
            found = [(0, len(line), "table")]
    elif line.lstrip().startswith(">"):
        found = [(0, len(line), "quote")]
    else:
        found = _item_spans(line)
    for match in _INLINE.finditer(line):
        found.append((match.start(), match.end(), match.lastgroup or ""))
    if named := _ID.search(line):
        found.append((*named.span(1), "id"))
    return found


def _item_spans(line: str) -> list[Span]:
    item = _ITEM.match(line)
    if not item:
        return []
    found: list[Span] = [(*item.span(2), "bullet")]
    if item[4]:
        role = MARKS.get(item[5], "open")
        if role in ("done", "struck"):
            found.append((item.end(), len(line), "struck-text" if role == "struck" else "done-text"))
        found.append((*item.span(4), f"mark-{role}"))
    elif field := _FIELD.match(line, item.end()):
        found.append((*field.span(1), "field"))
    return found
