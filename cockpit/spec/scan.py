r"""Bytes to blocks: headings, bullets and table rows with their offsets (limits-substrate, section 1).

The block rules are CommonMark's: fences, raw HTML, blockquotes, indented code and lazy continuation lines never
give structure. Lines end at `\n` only. No decoding happens here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from cockpit.spec.html import COMMENT, UNTIL_BLANK, html_end

BOM = b"\xef\xbb\xbf"
DEEPEST = 64
"""Bullets nested deeper than this are text."""
SHORTEST = 16
"""Lines that a block has at least, but the last."""
PIECE = 1 << 13
"""Bytes that are split into lines at once."""

_HEADING = re.compile(rb"(#{1,6})(?:[ \t]+|\r?$)")
_CLOSING = re.compile(rb"(?:^|[ \t])#+$")
_BULLET = re.compile(rb"(?:[-*+]|(\d{1,9})[.)])(?:([ \t]+)|(?=\r?$))")
_RULE = re.compile(rb"(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,})\r?$")
_UNDERLINE = re.compile(rb"(?:=+|-+)[ \t]*\r?$")
_FENCE = re.compile(rb"`{3,}(?=[^`]*$)|~{3,}")
_INTERRUPTS = re.compile(rb"#{1,6}(?:[ \t]|\r?$)|[-*+][ \t]+[^-*\s]")
"""At column 0, what ends a paragraph and every list above it."""
_BLANKS = b" \t\r"


@dataclass(slots=True)
class Opening:
    """What opens a section: a heading at the root of the document. `end` is past its line end (and its underline)."""

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

    def moved(self, by: int, lines: int) -> Bullet:
        """The same bullet so many bytes and lines further on."""
        return replace(
            self,
            line=self.line + lines,
            start=self.start + by,
            head_end=self.head_end + by,
            end=self.end + by,
            at=self.at + by,
            wrapped=self.wrapped + by,
            bullets=[nested.moved(by, lines) for nested in self.bullets],
        )


@dataclass(slots=True)
class Row:
    """A line at the root that begins with a pipe."""

    line: int
    start: int
    end: int


@dataclass(slots=True, eq=False)
class Block:
    """A stretch of whole lines that means the same wherever it stands: it begins and ends at a clean break.

    Lines and offsets count from its first byte, from 0. Each list is in document order. It is never changed once
    scanned, so that versions of a document share it.
    """

    data: bytes = b""
    lines: int = 0
    openings: list[Opening] = field(default_factory=list["Opening"])
    bullets: list[Bullet] = field(default_factory=list["Bullet"])
    """The outermost ones."""
    rows: list[Row] = field(default_factory=list["Row"])
    comments: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    """Byte ranges of whole lines taken by HTML comments."""
    unclosed: tuple[int, int, str] | None = None
    """Line, offset and name of a fence, comment or tag that swallows the rest of the document."""
    numbers: dict[str, int] | None = None
    """What `reading.numbers` found, kept for the next who asks."""


def width(blanks: bytes, column: int = 0) -> int:
    """Column after `blanks`, a run of spaces and tabs that begins at `column`; tab stops are 4 wide."""
    if b"\t" not in blanks:
        return column + len(blanks)
    for byte in blanks:
        column = column + 4 - column % 4 if byte == 9 else column + 1
    return column


def bullets(data: bytes, begin: int) -> list[Bullet]:
    """The outermost bullets from offset `begin` on, with the offsets and lines of the whole."""
    line = data.count(b"\n", 0, begin) + 1
    return [
        bullet.moved(begin, line)
        for block in scan(data, begin, lambda _offset, _lines: False)
        for bullet in block.bullets
    ]


def _quoted(line: bytes, fence: bytes) -> tuple[bool, bytes]:
    """Whether a line of a block quote leaves a paragraph open, and the fence that is open in the quote."""
    inner = line.lstrip(b"> \t")
    opening = _FENCE.match(inner)
    if fence:
        ends = inner.startswith(fence) and not inner.strip(_BLANKS).strip(fence[:1])
        return False, b"" if ends else fence
    if opening:
        return False, opening[0]
    return bool(inner.strip(_BLANKS)) and not _HEADING.match(inner) and not _RULE.match(inner), b""


def lines(data: bytes, begin: int) -> Iterator[bytes]:
    """The lines from offset `begin` on, without their line feeds."""
    size = len(data)
    while begin < size:
        stop = data.find(b"\n", begin + PIECE) + 1 or size
        whole = data[begin:stop].split(b"\n")
        if not whole[-1]:
            whole.pop()
        yield from whole
        begin = stop


def scan(data: bytes, begin: int, may_end: Callable[[int, int], bool]) -> Iterator[Block]:
    """The blocks of `data` from offset `begin`, which is the start of a line at a clean break.

    A block ends at a clean break where `may_end(offset, lines in the block)` says so. A break is clean before a line
    at column 0 that no list, paragraph, fence or comment above it can take in: what follows reads the same as at the
    start of a document.
    """
    block = Block()
    origin = begin  # where the block begins; `start` and `end` count from there
    openings, bullets, rows, comments = block.openings, block.bullets, block.rows, block.comments
    stack: list[Bullet] = []
    paragraph = False  # the previous line can be continued
    paragraph_at = 0  # start of the paragraph's first line
    paragraph_line = 0
    fence = b""  # the characters that opened the fence we are in
    html: re.Pattern[bytes] | None = None  # what ends the raw HTML we are in
    quoted = False  # the paragraph is one of a block quote: it goes on, but no underline makes a heading of it
    quoting = b""  # the fence that is open in the block quote we are in
    hollow = -1  # the line after a bullet without words: blank, it ends that bullet
    opened: tuple[int, int, int] = (0, 0, 0)  # line, offset and container column of that fence or HTML

    def close(keep: int) -> None:
        while len(stack) > keep:
            done = stack.pop()
            if stack and stack[-1].end < done.end:
                stack[-1].end = done.end

    end = 0
    size = len(data)
    number = -1
    for raw in lines(data, begin):
        start = end
        end = min(start + len(raw) + 1, size - origin)
        number += 1
        rest = raw.lstrip(b" \t")
        if not rest or (rest[0] == 13 and not rest.strip(_BLANKS)):
            paragraph = False
            if html is COMMENT:
                comments.append((start, end))
            elif html is UNTIL_BLANK:
                html = None
            if hollow == number:
                close(len(stack) - 1)
            continue
        if (
            number >= SHORTEST
            and raw[0] not in b" \t"
            and not ((fence or html) and not opened[2])
            and (not paragraph or _INTERRUPTS.match(raw))
            and may_end(origin + start, number)
        ):
            close(0)
            block.data, block.lines = data[origin : origin + start], number
            yield block
            block = Block()
            openings, bullets, rows, comments = block.openings, block.bullets, block.rows, block.comments
            origin, start, end, number = origin + start, 0, end - start, 0
            paragraph, fence, html, quoting, hollow = False, b"", None, b"", -1
        lead = len(raw) - len(rest)
        column = width(raw[:lead]) if lead else 0

        if fence or html:
            if column >= opened[2]:
                if stack:
                    stack[-1].end = end
                if html:
                    if html is COMMENT:
                        comments.append((start, end))
                    html = None if html.search(rest) else html
                elif rest.startswith(fence) and column < opened[2] + 4 and not rest.strip(_BLANKS).strip(fence[:1]):
                    fence = b""
                continue
            fence, html = b"", None  # the list item around it has ended

        if quoting and rest[0] != 62:
            quoting = b""
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
                    openings.append(
                        Opening(number, start, end, len(match[1]), _CLOSING.sub(b"", title).rstrip(_BLANKS))
                    )
                break
            elif first in b"=-" and paragraph and not quoted and keep == len(stack) and _UNDERLINE.match(rest):
                if not keep:
                    title = data[origin + paragraph_at : origin + start].strip(b" \t\r\n")
                    openings.append(Opening(paragraph_line, paragraph_at, end, 1 if first == b"=" else 2, title))
                paragraph = False
                break
            elif first in b"-*" and rest[-1] in b"-* \t\r" and _RULE.match(rest):
                close(keep)
                paragraph = False
                break
            elif (match := _BULLET.match(rest)) and keep < DEEPEST:
                text = rest[match.end() :]
                empty = not text or not text.strip(_BLANKS)
                if paragraph and not quoted and keep == len(stack) and (empty or (match[1] and int(match[1]) != 1)):
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
                        hollow = number + 1
                        break
                    if text[0] == 91 and inner == content:  # a checkbox, most often
                        paragraph, paragraph_at, paragraph_line, quoted = True, start, number, False
                        break
                    rest, column, base, inline = text, inner, content, True
                    continue
            elif first == b">":
                close(keep)
                quoted, quoting = _quoted(rest, quoting)
                paragraph = quoted
                break
            elif first in b"`~" and (match := _FENCE.match(rest)):
                close(keep)
                paragraph = False
                fence, opened = match[0], (number, start, base)
                break
            elif first == b"<" and (ending := html_end(rest, paragraph=paragraph)):
                close(keep)
                paragraph = False
                if ending is COMMENT and not inline:
                    comments.append((start, end))
                html, opened = None if ending.search(rest) else ending, (number, start, base)
                break
            # A line of text: it goes on with an open paragraph, however little it is indented, else begins one.
            if not paragraph:
                close(keep)
                paragraph, paragraph_at, paragraph_line, quoted = True, start, number, False
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
    block.data, block.lines = data[origin:], number + 1
    if fence or (html and html is not UNTIL_BLANK):
        block.unclosed = (opened[0], opened[1], "fence" if fence else "comment" if html is COMMENT else "tag")
    yield block
