r"""Bytes to an outline: headings, bullets and table rows with their offsets (limits-substrate, section 1).

The block rules are CommonMark's: fences, HTML comments, blockquotes, indented code and lazy continuation lines never
give structure. Lines end at `\n` only. No decoding happens here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

BOM = b"\xef\xbb\xbf"
DEEPEST = 64
"""Bullets nested deeper than this are text."""

_HEADING = re.compile(rb"(#{1,6})(?:[ \t]+|\r?$)")
_CLOSING = re.compile(rb"(?:^|[ \t])#+$")
_BULLET = re.compile(rb"(?:[-*+]|(\d{1,9})[.)])(?:([ \t]+)|(?=\r?$))")
_RULE = re.compile(rb"(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,})\r?$")
_UNDERLINE = re.compile(rb"(?:=+|-+)[ \t]*\r?$")
_FENCE = re.compile(rb"`{3,}(?=[^`]*$)|~{3,}")
_BLANKS = b" \t\r"


@dataclass(slots=True)
class Heading:
    """A heading at the root of the document. `end` is past its line end (and past its underline)."""

    line: int
    start: int
    end: int
    level: int
    title: bytes


@dataclass(slots=True)
class Bullet:
    """A list item of any sort with what is nested below it."""

    line: int
    start: int
    """Where its line begins."""
    head_end: int
    """Past the line end of its first line."""
    end: int
    """Past the line end of the last line that belongs to it; blank lines after it don't."""
    column: int
    content: int
    """Column at which nested content must begin."""
    at: int
    """Offset of its content on the first line."""
    inline: bool
    """Begins behind another bullet on the same line: counts for indentation only."""
    wrapped: int
    """Past the last line of the paragraph it begins with."""
    bullets: list[Bullet] = field(default_factory=list["Bullet"])


@dataclass(slots=True)
class Row:
    """A line at the root that begins with a pipe."""

    line: int
    start: int
    end: int


@dataclass(slots=True)
class Outline:
    """What the scan found, each list in document order."""

    headings: list[Heading]
    bullets: list[Bullet]
    """The outermost ones."""
    rows: list[Row]
    comments: list[tuple[int, int]]
    """Byte ranges of whole lines taken by HTML comments."""
    unclosed: tuple[int, int, str] | None
    """Line, offset and name of a fence or comment that swallows the rest of the document."""


def width(blanks: bytes, column: int = 0) -> int:
    """Column after `blanks`, a run of spaces and tabs that begins at `column`; tab stops are 4 wide."""
    if b"\t" not in blanks:
        return column + len(blanks)
    for byte in blanks:
        column = column + 4 - column % 4 if byte == 9 else column + 1
    return column


def scan(data: bytes, begin: int = 0, line: int = 1) -> Outline:
    """The outline of `data` from offset `begin`, which is the start of line number `line`."""
    headings: list[Heading] = []
    bullets: list[Bullet] = []
    rows: list[Row] = []
    comments: list[tuple[int, int]] = []
    stack: list[Bullet] = []
    paragraph = False  # the previous line can be continued
    paragraph_at = 0  # start of the paragraph's first line
    paragraph_line = 0
    fence = b""  # the characters that opened the fence we are in
    comment = False
    opened: tuple[int, int, int] = (0, 0, 0)  # line, offset and container column of that fence or comment

    def close(keep: int) -> None:
        while len(stack) > keep:
            done = stack.pop()
            if stack and stack[-1].end < done.end:
                stack[-1].end = done.end

    end = begin
    size = len(data)
    number = line - 1
    for raw in data[begin:].split(b"\n"):
        start = end
        end = min(start + len(raw) + 1, size)
        number += 1
        rest = raw.lstrip(b" \t")
        if not rest or (rest[0] == 13 and not rest.strip(_BLANKS)):
            paragraph = False
            if comment:
                comments.append((start, end))
            continue
        lead = len(raw) - len(rest)
        column = width(raw[:lead]) if lead else 0

        if fence or comment:
            if column >= opened[2]:
                if stack:
                    stack[-1].end = end
                if comment:
                    comments.append((start, end))
                    comment = b"-->" not in rest
                elif rest.startswith(fence) and column < opened[2] + 4 and not rest.strip(_BLANKS).strip(fence[:1]):
                    fence = b""
                continue
            fence, comment = b"", False  # the list item around it has ended

        keep = len(stack)
        while keep and column < stack[keep - 1].content:
            keep -= 1
        at = start + lead
        base = stack[keep - 1].content if keep else 0
        inline = False
        while True:
            first = rest[:1]
            if column - base >= 4:
                if not paragraph:
                    close(keep)
                elif stack and keep == len(stack) and stack[-1].wrapped == start:
                    stack[-1].wrapped = end
                break
            if first == b"[" or first.isalpha():
                pass
            elif first == b"#" and (match := _HEADING.match(rest)):
                close(keep)
                paragraph = False
                if not keep and not inline:
                    title = rest[match.end() :].strip(_BLANKS)
                    headings.append(
                        Heading(number, start, end, len(match[1]), _CLOSING.sub(b"", title).rstrip(_BLANKS))
                    )
                break
            elif first in b"=-" and paragraph and keep == len(stack) and _UNDERLINE.match(rest):
                if not keep:
                    title = data[paragraph_at:start].strip(b" \t\r\n")
                    headings.append(Heading(paragraph_line, paragraph_at, end, 1 if first == b"=" else 2, title))
                paragraph = False
                break
            elif first in b"-*" and rest[-1] in b"-* \t\r" and _RULE.match(rest):
                close(keep)
                paragraph = False
                break
            elif (match := _BULLET.match(rest)) and len(stack) < DEEPEST:
                text = rest[match.end() :]
                empty = not text or not text.strip(_BLANKS)
                if paragraph and keep == len(stack) and (empty or (match[1] and int(match[1]) != 1)):
                    pass  # such a line goes on with the paragraph
                else:
                    close(keep)
                    blanks = match[2] or b""
                    past = column + match.end() - len(blanks)
                    inner = width(blanks, past)
                    content = past + 1 if empty or inner - past > 4 else inner
                    at += match.end()
                    bullet = Bullet(number, start, end, end, column, content, at, inline, end)
                    if not inline:
                        (stack[-1].bullets if stack else bullets).append(bullet)
                    stack.append(bullet)
                    keep = len(stack)
                    paragraph = False
                    if empty:
                        break
                    if text[0] == 91 and inner == content:  # a checkbox, most often
                        paragraph, paragraph_at, paragraph_line = True, start, number
                        break
                    rest, column, base, inline = text, inner, content, True
                    continue
            elif first == b">":
                close(keep)
                paragraph = False
                break
            elif first in b"`~" and (match := _FENCE.match(rest)):
                close(keep)
                paragraph = False
                fence, opened = match[0], (number, start, base)
                break
            elif first == b"<" and rest.startswith(b"<!--"):
                close(keep)
                paragraph = False
                if not inline:
                    comments.append((start, end))
                comment, opened = b"-->" not in rest, (number, start, base)
                break
            # A line of text: it goes on with an open paragraph, however little it is indented, else begins one.
            if not paragraph:
                close(keep)
                paragraph, paragraph_at, paragraph_line = True, start, number
            elif stack and keep == len(stack) and stack[-1].wrapped == start:
                stack[-1].wrapped = end
            if first == b"|" and not stack:
                rows.append(Row(number, start, end))
            break
        # A lazy line is part of what it is indented for, so that no edit of a bullet takes unindented prose with it.
        owner = len(stack) if inline else min(keep, len(stack))
        if owner:
            stack[owner - 1].end = end

    close(0)
    unclosed = (opened[0], opened[1], "comment" if comment else "fence") if fence or comment else None
    return Outline(headings, bullets, rows, comments, unclosed)
