"""Writing into a document without disturbing it: line ends and indents as around, foreign words on one line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from cockpit.spec.model import Document, Kind
from cockpit.spec.numbers import last_given
from cockpit.spec.scan import BOM

PREFIXES = {
    Kind.QUEUE: "q",
    Kind.BACKLOG: "b",
    Kind.ACCEPTANCE: "a",
    Kind.FAILURES: "f",
    Kind.DECISIONS: "d",
    Kind.MUTED: "m",
    Kind.PINNED: "p",
}
"""First letter of the ids of a section; others have `i`."""

TITLES = {Kind.SIGNALS: "Live Signals"}


def flat(text: str) -> str:
    """`text` on one line, runs of blanks as one; what UTF-8 or a text file can't hold is left out."""
    return " ".join(text.replace("\0", " ").encode(errors="replace").decode().split())


def line_end(data: bytes, at: int) -> bytes:
    r"""The line end in use around offset `at`: that of the line before, else of the first line, else `\n`."""
    newline = data.rfind(b"\n", 0, at)
    if newline < 0:
        newline = data.find(b"\n")
    return b"\r\n" if newline > 0 and data[newline - 1] == 13 else b"\n"


def insert_lines(data: bytes, at: int, lines: list[str]) -> bytes:
    """`data` with whole lines put in at `at`, the start of a line or the end of a last one that has no line end."""
    end = line_end(data, at)
    new = [line.encode() for line in lines]
    if at == 0 or data[at - 1] == 10 or data[:at] == BOM:
        return data[:at] + b"".join(line + end for line in new) + data[at:]
    return data[:at] + b"".join(end + line for line in new) + data[at:]


def insert_section(document: Document, kind: Kind, lines: list[str]) -> bytes:
    """The document with a new section of that kind: before the first one that comes later by custom, else last."""
    data = document.data
    order = list(Kind)
    later = [entry for entry in document.sections if entry.kind and order.index(entry.kind) > order.index(kind)]
    unclosed = document.unclosed
    # A section put in before another has its level, so that what follows stays where it belonged.
    level = next((entry.level for entry in (later or document.sections) if entry.kind), 2)
    at = later[0].heading.start if later else unclosed[1] if unclosed else len(data)
    before, after = data[:at], data[at:]
    end = line_end(data, at)
    if before.removeprefix(BOM):
        if not before.endswith(b"\n"):
            before += end
        if before[:-1].rpartition(b"\n")[2].strip(b" \t\r"):
            before += end
    own = next((words for words, alias in document.front.aliases if alias is kind), "")
    title = f"{'#' * level} {own or TITLES.get(kind, kind.value.capitalize())}"
    text = [title, *lines, *([""] if after else [])]
    return before + b"".join(line.encode() + end for line in text) + after


def room(document: Document, kind: Kind) -> tuple[int, list[str], list[str]]:
    """Where a first item of a section that is there goes, with the lines that must stand above and below it."""
    data = document.data
    section = document.section(kind)
    if section is None:
        raise ValueError(f"no section {kind.value}")
    body = data[section.body.start : section.body.end]
    unclosed = document.unclosed
    if unclosed and section.body.start <= unclosed[1] < section.body.end:
        body = data[section.body.start : unclosed[1]]
    used = len(body.rstrip(b" \t\r\n"))
    if not used:
        return section.body.start, [], [""] if not body and section.body.end < len(data) else []
    newline = data.find(b"\n", section.body.start + used)
    return newline + 1 if newline >= 0 else len(data), [""], []


def without(data: bytes, start: int, end: int) -> bytes:
    """Whole lines taken out; a document without a final line end stays one."""
    if end == len(data) and not data.endswith(b"\n"):
        before = data[:start]
        return before.removesuffix(b"\n").removesuffix(b"\r") if before.endswith(b"\n") else before
    return data[:start] + data[end:]


def free_id(document: Document, kind: Kind | None, taken: Iterable[str] = ()) -> str:
    """The next id of that section: its letter and one more than the highest number in the document or in `taken`.

    Numbers of items that are gone but still named (`after:`, a branch, a mention as ^q7) are not given again, nor those
    of `numbers.given`, which the document had before.
    """
    letter = PREFIXES.get(kind, "i") if kind else "i"
    numbers = [int(name[1:]) for name in taken if re.fullmatch(rf"{letter}[0-9]{{1,9}}", name)]
    number = max([document.highest(letter), last_given(letter), *numbers]) + 1
    while number > 999_999_999 and document.item(f"{letter}{number}"):  # ten digits are not counted
        number += 1
    return f"{letter}{number}"


def common_prefix(document: Document, width: int, depth: int) -> str:
    """How nested bullets are written below items of that indent and content column elsewhere; empty if nowhere."""
    found: Counter[str] = Counter()
    for item in document.walk():
        if item.fields and item.depth == depth and column(document.data, item.head.start, item.mark_at - 1) == width:
            found[prefix_of(document.data, item.fields[0].span.start)] += 1
    return found.most_common(1)[0][0] if found else ""


def indent_of(data: bytes, start: int) -> bytes:
    """The blanks that the line at `start` begins with."""
    end = start
    while data[end : end + 1] in (b" ", b"\t"):
        end += 1
    return data[start:end]


def reindented(block: bytes, indent: bytes) -> bytes:
    """Whole lines with another indent in place of that of the first one; lines that are indented less stay."""
    own = indent_of(block, 0)
    rows = block.split(b"\n")
    return b"\n".join(indent + row.removeprefix(own) if row.strip() and row.startswith(own) else row for row in rows)


def prefix_of(data: bytes, start: int) -> str:
    """Indent, bullet and blanks of the line that begins at `start`."""
    match = re.compile(rb"[ \t]*(?:[-*+]|\d+[.)])[ \t]+").match(data, start)
    return match[0].decode() if match else "- "


def column(data: bytes, start: int, at: int) -> int:
    """Column of offset `at` on the line that begins at `start`; tab stops are 4 wide."""
    place = 0
    for byte in data[start:at]:
        place = place + 4 - place % 4 if byte == 9 else place + 1
    return place
