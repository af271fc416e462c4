"""The exchange: an entry for each answer of a delegate and for each word of the human, newest last (R13, R22).

An entry is a heading one level below the section's, and what stands below it. What an agent wrote is put in as text
and never as structure: it opens no heading, item, fence or comment, and no quote, which is how the human answers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cockpit.spec.lines import insert_section, line_end
from cockpit.spec.model import Document, Kind, Section, Span
from cockpit.spec.parse import parse

_NAME = re.compile(r"\^?(?P<item>[A-Za-z0-9][A-Za-z0-9_-]{0,63}) turn (?P<turn>\d{1,9})\b(?:: *(?P<state>[a-z ]+))?")
_YOU = re.compile(r"(?:you|user|me)\b", re.IGNORECASE)
_OPENERS = re.compile(r"^(?=[#><]|(?:=+|-+)$)|(?<!`)(?=`{3})|(?<!~)(?=~{3})|(?<=<)(?=!--)|(?=\[[^\]]{0,4}\](?:\s|$))")
_BULLET = re.compile(r"(?:[-*+]|\d{1,9}[.)])(?:\s+|$)")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_STARTS = re.compile(rf"{_BULLET.pattern}|#{{1,6}}\s|`{{3}}|~{{3}}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the exchange."""

    item: str
    """Id of the item whose delegate answered; empty for what is no answer."""
    turn: int
    state: str
    """The word after the colon, `running` while the turn lasts."""
    title: str
    line: int
    level: int
    heading: Span
    span: Span
    """From its heading to the next entry or the end of the exchange."""

    @property
    def yours(self) -> bool:
        """Whether it is a human's own word."""
        return not self.item and _YOU.match(self.title) is not None


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a list item or a quote in an entry, and the line it begins on."""

    text: str
    line: int

    @property
    def key(self) -> str:
        """What it says, however it is wrapped."""
        return " ".join(self.text.split())


def entries(document: Document) -> list[Entry]:
    """The entries of the exchange in the order of the document; none when there is no such section."""
    found: list[Entry] = []
    level = 0  # of the exchange we are in
    for section in document.sections:
        if section.kind is Kind.EXCHANGE:
            level = section.level
        elif level and section.level <= level:
            level = 0
        elif level and (not found or section.heading.start >= found[-1].span.end):
            found.append(_entry(document, section))
    return found


def entry_of(document: Document, item: str, turn: int = 0) -> Entry | None:
    """The entry of that turn of the item's delegate; without a turn the latest of them."""
    there = [entry for entry in entries(document) if entry.item == item and turn in (0, entry.turn)]
    return max(there, key=lambda entry: entry.turn, default=None)


def blocks(document: Document, entry: Entry) -> list[Block]:
    """What stands below the entry's heading: paragraphs, list items and quotes one by one."""
    line = entry.line + document.data.count(b"\n", entry.heading.start, entry.heading.end)
    return split_blocks(document.data[entry.heading.end : entry.span.end].decode(), line)


def loose(document: Document) -> list[Block]:
    """What stands right below the heading of an exchange, before any entry: a human's word, said without a heading."""
    found: list[Block] = []
    for section in document.sections:
        if section.kind is Kind.EXCHANGE:
            line = section.line + document.data.count(b"\n", section.heading.start, section.heading.end)
            words = document.data[section.body.start : section.body.end].decode()
            found += split_blocks(_COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), words), line)
    return found


def split_blocks(text: str, line: int = 1) -> list[Block]:
    """The blocks of a text whose first line has that number; a fence is one with all that it holds."""
    found: list[Block] = []
    lines: list[str] = []
    first, fence = line, ""

    def close() -> None:
        if lines:
            found.append(Block("\n".join(lines), first))
            lines.clear()

    for number, raw in enumerate(text.split("\n"), line):
        words = raw.strip()
        quoted = bool(lines) and lines[0].startswith(">")
        if not fence and (not words or quoted != words.startswith(">") or (not quoted and _STARTS.match(words))):
            close()
        if not words and not fence:
            continue
        if not lines:
            first = number
        lines.append(raw.rstrip() if fence else words)
        if fence and words.startswith(fence):
            fence = ""
            close()
        elif not fence and words.startswith(("```", "~~~")):
            fence = words[:3]
    close()
    return found


def tell(data: bytes, item: str, turn: int, title: str, texts: Sequence[str]) -> bytes:
    """The entry of that turn under that title, with these blocks at its end; a block it has already stays as it is.

    Section and entry are made when missing. The texts are the engine's, made `harmless` where they are an agent's.
    """
    document = parse(data)
    entry = entry_of(document, item, turn)
    if entry is None:
        return add(document, title, texts)
    have = {block.key for block in blocks(document, entry)}
    data = below(document, entry, [text for text in texts if " ".join(text.split()) not in have])
    start, stop = entry.heading.start, entry.heading.end
    old = data[start:stop]
    ending = old[len(old.rstrip(b"\r\n")) :]
    return data[:start] + f"{'#' * entry.level} {title}".encode() + ending + data[stop:]


def below(document: Document, entry: Entry, texts: Sequence[str]) -> bytes:
    """The document with these blocks at the entry's end."""
    return _put(document.data, entry.heading.start, entry.span.end, texts) if texts else document.data


def add(document: Document, title: str, texts: Sequence[str]) -> bytes:
    """A new entry at the end of the exchange, which is made when missing."""
    section = document.section(Kind.EXCHANGE)
    if section is None:
        data = insert_section(document, Kind.EXCHANGE, [])
        document = parse(data)
        section = document.section(Kind.EXCHANGE)
        if section is None:
            raise AssertionError("a section just made is there")
    at = reach(document, section)
    return _put(document.data, section.heading.start, at, [f"{'#' * min(section.level + 1, 6)} {title}", *texts])


def title(item: str, turn: int, state: str, agent: str, at: str) -> str:
    """Heading of an answer: `q1 turn 2: done (claude, 2026-11-21 10:12)`; `at` is a local time."""
    return f"{item} turn {turn}: {state} ({agent.replace('`', '')}, {at})"


def say(data: bytes, words: str, at: str) -> bytes:
    """The human's words as an entry of their own, said at that local time."""
    return add(parse(data), f"you ({at})", harmless(words))


def correct(document: Document, entry: Entry, words: str) -> bytes:
    """The human's words as a quote at the end of that answer (R27)."""
    lines = [line for text in harmless(words) for line in (*text.split("\n"), "")]
    quote = "\n".join(f"> {line}".rstrip() for line in lines[:-1])
    return below(document, entry, [quote])


def harmless(text: str) -> list[str]:
    """Foreign words as paragraphs and list items that open nothing: every structure gets a backslash."""
    words = re.sub(r"[\r\0\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", " ", text).encode(errors="replace").decode()
    safe = "\n".join(_escape(line.strip()) for line in words.split("\n"))
    return [block.text for block in split_blocks(safe)]


def _escape(line: str) -> str:
    bullet = ""
    while not re.fullmatch("-+", line) and (match := _BULLET.match(line)):
        bullet, line = bullet + match[0], line[match.end() :]
    return bullet + _OPENERS.sub(r"\\", line)


def _entry(document: Document, section: Section) -> Entry:
    match = _NAME.match(section.title)
    item, turn, state = (match["item"], int(match["turn"]), (match["state"] or "").strip()) if match else ("", 0, "")
    span = Span(section.heading.start, reach(document, section))
    return Entry(item, turn, state, section.title, section.line, section.level, section.heading, span)


def reach(document: Document, section: Section) -> int:
    """Where what belongs to the section ends; before a fence or comment in it that never ends."""
    later = (entry for entry in document.sections if entry.heading.start > section.heading.start)
    stop = next((entry.heading.start for entry in later if entry.level <= section.level), len(document.data))
    unclosed = document.unclosed
    return unclosed[1] if unclosed and section.heading.end <= unclosed[1] < stop else stop


def _put(data: bytes, start: int, at: int, texts: Sequence[str]) -> bytes:
    """Blocks put in at the end of the part from `start` to `at`, a blank line around each; list items stand close.

    They come after the part's last words; the blank lines that end the part stay where they are.
    """
    end = line_end(data, at).decode()
    body = data[start:at]
    newline = body.find(b"\n", len(body.rstrip(b" \t\r\n")))
    here = at if newline < 0 else start + newline - (body[newline - 1 : newline] == b"\r")
    last = data[start:here].rpartition(b"\n")[2].decode()
    out = ""
    for text in texts:
        close = _BULLET.match(last) and _BULLET.match(text)
        out += end * (1 if close else 2) + text.replace("\n", end)
        last = text
    rest = data[here:]
    if at < len(data) and data[here:at].count(b"\n") < 2:
        rest = end.encode() + rest
    return data[:here] + out.encode() + rest
