"""A spec's bytes to a `Document`: sections by their words, items with ids and fields, the table, mutes, pins."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import lru_cache
from zlib import crc32

from cockpit.spec.front import front
from cockpit.spec.model import (
    Document,
    Field,
    Item,
    Kind,
    Mark,
    Mute,
    Pin,
    Problem,
    Section,
    SignalRow,
    Span,
    SpecError,
)
from cockpit.spec.scan import BOM, Bullet, Outline, scan

FIELDS = frozenset(
    "after verify paths protect kind repo agent model ticket until why branch review proof merged verdict steer iterate"
    " asks timeout note".split()
)
"""Keys of nested bullets that are fields; any other `word: text` is text."""

KINDS = {kind.value: kind for kind in Kind} | {
    "goals": Kind.GOAL,
    "signals": Kind.SIGNALS,
    "work queue": Kind.QUEUE,
    "acceptance criteria": Kind.ACCEPTANCE,
    "acceptance tests": Kind.ACCEPTANCE,
    "failures": Kind.FAILURES,
    "known failure": Kind.FAILURES,
    "known issues": Kind.FAILURES,
    "decision": Kind.DECISIONS,
    "decision log": Kind.DECISIONS,
    "runbook": Kind.RUNBOOKS,
    "codemap": Kind.CODE_MAP,
    "mutes": Kind.MUTED,
    "pins": Kind.PINNED,
}
"""Words of a heading, in lower case without punctuation, to what the section is for."""

_MARKS: dict[bytes, Mark] = {mark.value.encode(): mark for mark in Mark} | {b"X": Mark.DONE, b"\t": Mark.OPEN}
_CHECKBOX = re.compile(rb"\[([^\]\n\d]|[\x80-\xff]{2,4})\](?=[ \t\r\n]|$)")
_NO_CHECKBOX = re.compile(rb"\[(?: {2,}| *[xX] *)?\](?=[ \t\r\n]|$)")
_ID = re.compile(rb"(?:^|[ \t])\^([A-Za-z0-9][A-Za-z0-9_-]{0,63})[ \t\r]*$")
_FIELD = re.compile(rb"([A-Za-z][A-Za-z-]*):(?:[ \t]+|\r?$)")
_TARGET = re.compile(r"(?P<ticks>`+)(?P<code>.+?)(?P=ticks)(?!`)")
_UNTIL = re.compile(r"(?:^|\s)(?:until\s+(?P<until>.+?)|(?P<always>always))\s*(?=:(?:\s|$)|$)")
_AT = re.compile(r"\s*\((?P<at>\d{4}-\d\d-\d\d[^()]*)\)$")
_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"


def parse(data: bytes) -> Document:
    """The document in these bytes, every part with its span (design, section 4; R141, R142).

    Raises SpecError for what can't be read at all: not UTF-8, a NUL byte, broken front matter, a control value that
    means nothing. All else that is odd is in `problems`.
    """
    _readable(data)
    head = front(data)
    begin = head.span.end if head.span else (len(BOM) if data.startswith(BOM) else 0)
    outline = scan(data, begin, data.count(b"\n", 0, begin) + 1)
    sections = _sections(data, outline)
    reader = _Reader(data, list(head.problems))
    items: list[Item] = []
    mutes: list[Mute] = []
    pins: list[Pin] = []
    for bullet, kind in _placed(outline.bullets, sections):
        found = list(reader.items(bullet, kind))
        items.extend(found)
        if kind is Kind.MUTED and not found:
            mutes.append(reader.mute(bullet))
        elif kind is Kind.PINNED and not found:
            pins.append(reader.pin(bullet))
    goal = next((section for section in sections if section.kind is Kind.GOAL), None)
    document = Document(
        data=data,
        controls=head.controls,
        sections=sections,
        items=tuple(items),
        signals=_signals(data, outline, sections),
        mutes=tuple(mutes),
        pins=tuple(pins),
        problems=(),
        goal=goal_text(data, goal.body, outline) if goal else "",
    )
    return reader.check(document, outline)


def _readable(data: bytes) -> None:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SpecError(line, f"not UTF-8: byte 0x{data[error.start]:02x}", "save the file as UTF-8") from None
    nul = data.find(b"\0")
    if nul >= 0:
        raise SpecError(data.count(b"\n", 0, nul) + 1, "a NUL byte, so this is no text", "take the byte out")


# -- sections ---------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1024)
def kind_of(title: str) -> Kind | None:
    """What a section of that heading is for; case, emphasis, numbers before and words in parentheses don't count."""
    words = re.sub(r"\([^)]*\)|\{#[^}]*\}", " ", title.casefold())
    words = re.sub(r"^\W*\d[\d.]*[.)]?\s|[\W_]+", " ", words).strip()
    return KINDS.get(" ".join(words.split()))


def _sections(data: bytes, outline: Outline) -> tuple[Section, ...]:
    sections: list[Section] = []
    headings = outline.headings
    for index, heading in enumerate(headings):
        end = headings[index + 1].start if index + 1 < len(headings) else len(data)
        title = heading.title.decode()
        kind = kind_of(title)
        sections.append(
            Section(kind, title, heading.level, heading.line, Span(heading.start, heading.end), Span(heading.end, end))
        )
    return tuple(sections)


def _owners(sections: tuple[Section, ...]) -> list[Kind | None]:
    """For each section the kind of what stands in its body: its own, else that of the section around it."""
    owners: list[Kind | None] = []
    above: list[tuple[int, Kind | None]] = []
    for section in sections:
        while above and above[-1][0] >= section.level:
            above.pop()
        kind = section.kind or (above[-1][1] if above else None)
        above.append((section.level, kind))
        owners.append(kind)
    return owners


def _placed(bullets: list[Bullet], sections: tuple[Section, ...]) -> Iterator[tuple[Bullet, Kind | None]]:
    owners = _owners(sections)
    following = 0
    kind: Kind | None = None
    for bullet in bullets:
        while following < len(sections) and sections[following].heading.start <= bullet.start:
            kind = owners[following]
            following += 1
        yield bullet, kind


def goal_text(data: bytes, body: Span, outline: Outline) -> str:
    """The words of a goal section: without comments, and without the backslash that keeps a line from being structure."""
    start, pieces = body.start, list[bytes]()
    for from_, to in outline.comments:
        if body.start <= from_ and to <= body.end:
            pieces.append(data[start:from_])
            start = to
    pieces.append(data[start : body.end])
    text = b"".join(pieces).decode().replace("\r\n", "\n").strip()
    return re.sub(r"(?m)^( {0,3})\\(?=[#`~<=-])", r"\1", text)


# -- items ------------------------------------------------------------------------------------------------------------


class _Reader:
    """Reads bullets in document order; knows which texts it has seen and what was wrong."""

    def __init__(self, data: bytes, problems: list[Problem]) -> None:
        self.data = data
        self.problems = problems
        self.seen: dict[str, int] = {}
        self.derived: set[str] = set()

    def items(self, bullet: Bullet, kind: Kind | None) -> Iterator[Item]:
        """The item this bullet is, or else those nested below it."""
        if bullet.inline:
            box = None
        else:
            box = _CHECKBOX.match(self.data, bullet.at, bullet.head_end)
        if box is not None:
            yield self._item(bullet, box, kind)
            return
        if _NO_CHECKBOX.match(self.data, bullet.at, bullet.head_end):
            self.problems.append(Problem(bullet.line, "a checkbox holds exactly one character", "write `[ ]`"))
        for nested in bullet.bullets:
            yield from self.items(nested, kind)

    def _item(self, bullet: Bullet, box: re.Match[bytes], kind: Kind | None) -> Item:
        data = self.data
        mark = _MARKS.get(box[1])
        if mark is None:
            mark = Mark.BLOCKED  # never dispatched, and it asks for a look
            what = f"unknown mark `[{box[1].decode()}]`"
            self.problems.append(Problem(bullet.line, what, "write one of [ ] [/] [?] [x] [-] [>] [!]"))
        text, id, text_span = self._text(box.end(), bullet.head_end)
        key = id or self._derive(text)
        if not text:
            self.problems.append(Problem(bullet.line, "an item without text", "say what is to be done"))
        fields: list[Field] = []
        children: list[Item] = []
        for nested in bullet.bullets:
            found = self._field(nested)
            if found is not None:
                fields.append(found)
            else:
                children.extend(self.items(nested, kind))
        return Item(
            key,
            mark,
            text,
            kind,
            bullet.line,
            bullet.column,
            Span(bullet.start, bullet.end),
            Span(bullet.start, bullet.head_end),
            box.start(1),
            text_span,
            tuple(fields),
            tuple(children),
        )

    def _text(self, start: int, end: int) -> tuple[str, str, Span]:
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
        if lead == len(body):
            lead = min(1, len(body))
        return body[lead:].decode(), id, Span(start + lead, start + stop)

    def _derive(self, text: str) -> str:
        """`~` and 5 letters that depend on the text and on how often it came before, not on the place."""
        nth = self.seen.get(text, 0)
        self.seen[text] = nth + 1
        salt = f"{nth}\0{text}".encode()
        while True:
            number = crc32(salt)
            letters = ""
            for _ in range(5):
                number, digit = divmod(number, 36)
                letters += _BASE36[digit]
            key = "~" + letters
            if key not in self.derived:
                self.derived.add(key)
                return key
            salt += b"\0"

    def _field(self, bullet: Bullet) -> Field | None:
        match = None if bullet.inline else _FIELD.match(self.data, bullet.at, bullet.head_end)
        if match is None:
            return None
        key = match[1].decode().casefold()
        if key not in FIELDS:
            near = _nearest(key)
            if near:
                self.problems.append(Problem(bullet.line, f"unknown field `{key}`", f"did you mean `{near}`?"))
            return None
        raw = self.data[match.end() : bullet.wrapped]
        value_end = match.end() + len(raw.rstrip(b" \t\r\n"))
        value = self.data[match.end() : value_end].decode()
        if "\n" in value:
            value = " ".join(value.split())
        if not value and bullet.bullets:
            value = ", ".join(self._first_line(nested) for nested in bullet.bullets)
            value_end = len(self.data[: bullet.end].rstrip(b" \t\r\n"))
        value_start = min(match.end(), value_end)
        return Field(key, uncode(value), bullet.line, Span(bullet.start, bullet.end), Span(value_start, value_end))

    def _first_line(self, bullet: Bullet) -> str:
        return self.data[bullet.at : bullet.head_end].decode().strip()

    # -- mutes and pins -------------------------------------------------------------------------------------------

    def mute(self, bullet: Bullet) -> Mute:
        text, id, _ = self._text(bullet.at, bullet.head_end)
        key = id or self._derive(text)
        target, rest = _target(text)
        until = _UNTIL.search(rest)
        if not target and until:
            target = rest[: until.start()].strip()
        elif not target:
            target = rest.partition(": ")[0].strip()
        when, after = "it changes", rest.partition(":")[2]
        if until:
            when, after = until["until"] or "always", rest[until.end() + 1 :]
        at = _AT.search(after)
        reason = (after[: at.start()] if at else after).strip()
        span = Span(bullet.start, bullet.end)
        return Mute(key, target, when, reason, at["at"] if at else "", bullet.line, span)

    def pin(self, bullet: Bullet) -> Pin:
        text, id, _ = self._text(bullet.at, bullet.head_end)
        target, rest = _target(text)
        if not target:
            target, _, rest = text.partition(": ")
        reason = rest.strip().removeprefix(":").strip()
        return Pin(id or self._derive(text), target.strip(), reason, bullet.line, Span(bullet.start, bullet.end))

    # -- problems -------------------------------------------------------------------------------------------------

    def check(self, document: Document, outline: Outline) -> Document:
        """The document with what is wrong about it as a whole: ids given twice, `after:` that leads nowhere."""
        from dataclasses import replace

        items = document.walk()
        taken: dict[str, int] = {}
        named: list[Item | Mute | Pin] = [*items, *document.mutes, *document.pins]
        for entry in sorted(named, key=lambda entry: entry.line):
            first = taken.setdefault(entry.id, entry.line)
            if first != entry.line:
                what = f"id ^{entry.id} is already on line {first}"
                self.problems.append(Problem(entry.line, what, "give one of them another id"))
        self.problems.extend(_after_problems(items, taken))
        if outline.unclosed:
            line, _, what = outline.unclosed
            end = "`-->`" if what == "comment" else "the same characters"
            self.problems.append(Problem(line, f"a {what} that never ends", f"close it with {end}"))
        if not self.problems:
            return document
        return replace(document, problems=tuple(sorted(self.problems, key=lambda problem: problem.line)))


@lru_cache(maxsize=1024)
def _nearest(key: str) -> str:
    near = get_close_matches(key, FIELDS, n=1, cutoff=0.8)
    return near[0] if near else ""


def code(text: str) -> str:
    """`text` as a markdown code span, however many backticks it has itself."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    ticks = "`" * (longest + 1)
    return f"{ticks} {text} {ticks}" if longest else f"{ticks}{text}{ticks}"


def uncode(text: str) -> str:
    """What is inside when all of `text` is one code span, else `text`."""
    match = _TARGET.fullmatch(text) if text.startswith("`") else None
    if match is None or match["ticks"] in match["code"].strip("`"):
        return text
    inner = match["code"]
    return inner[1:-1] if len(match["ticks"]) > 1 and inner[:1] == inner[-1:] == " " else inner


def _target(text: str) -> tuple[str, str]:
    """The code span that `text` begins with, and the rest; ("", text) when it begins with none."""
    match = _TARGET.match(text)
    return (uncode(match[0]), text[match.end() :]) if match else ("", text)


def after_ids(item: Item) -> list[str]:
    """The ids an item's `after:` fields name."""
    return [word.lstrip("^") for value in item.values("after") for word in re.split(r"[\s,`]+", value) if word]


def _after_problems(items: list[Item], known: Iterable[str]) -> Iterator[Problem]:
    known = set(known)
    waits: dict[str, list[str]] = {}
    lines: dict[str, int] = {}
    for item in items:
        for entry in item.fields:
            if entry.key == "after":
                lines.setdefault(item.id, entry.line)
        names = after_ids(item) if item.id in lines else []
        for name in names:
            if name not in known:
                yield Problem(lines[item.id], f"after: no item has the id `{name}`", "name an item of this spec")
        if names:
            waits.setdefault(item.id, [name for name in names if name in known])
    for cycle in _cycles(waits):
        way = " after ".join([*cycle, cycle[0]])
        yield Problem(lines[cycle[0]], f"after: goes in a circle: {way}", "take one `after:` away")


def _cycles(waits: dict[str, list[str]]) -> Iterator[list[str]]:
    """One cycle for each group of items that wait for each other; depth-first with its own stack."""
    done: set[str] = set()
    for root in waits:
        path: list[str] = []
        on_path: dict[str, int] = {}
        ways: list[Iterator[str]] = []
        name: str | None = root
        while name is not None or ways:
            if name is not None and name not in done:
                if name in on_path:
                    yield path[on_path[name] :]
                else:
                    on_path[name] = len(path)
                    path.append(name)
                    ways.append(iter(waits.get(name, ())))
            name = next(ways[-1], None) if ways else None
            if name is None and ways:
                ways.pop()
                left = path.pop()
                del on_path[left]
                done.add(left)


# -- the table --------------------------------------------------------------------------------------------------------

_CELL = re.compile(r"(?<!\\)\|")
_DELIMITER = re.compile(r"\s*:?-+:?\s*")


def cells(row: str) -> list[str]:
    r"""The cells of a table row, stripped; `\|` is a pipe."""
    inner = row.strip().removeprefix("|")
    if inner.endswith("|") and not inner.endswith("\\|"):
        inner = inner[:-1]
    return [cell.strip().replace("\\|", "|") for cell in _CELL.split(inner)]


def is_delimiter(row: str) -> bool:
    """Whether this is the line of dashes below a table's head."""
    inner = row.strip().strip("|")
    return all(_DELIMITER.fullmatch(cell) for cell in inner.split("|"))


def _signals(data: bytes, outline: Outline, sections: tuple[Section, ...]) -> tuple[SignalRow, ...]:
    section = next((section for section in sections if section.kind is Kind.SIGNALS), None)
    if section is None:
        return ()
    lines = [row for row in outline.rows if section.body.start <= row.start < section.body.end]
    texts = [data[row.start : row.end].decode() for row in lines]
    if len(lines) < 2 or not is_delimiter(texts[1]):
        return ()
    head = [cell.casefold() for cell in cells(texts[0])]
    found: list[SignalRow] = []
    for row, text in zip(lines[2:], texts[2:], strict=True):
        named = dict(zip(head, cells(text), strict=False))
        signal, state, since, action = (named.get(name, "") for name in ("signal", "state", "since", "action"))
        if signal or state:
            found.append(SignalRow(signal, state, since, action, row.line, Span(row.start, row.end)))
    return tuple(found)
