"""The middle of check 9: identifiers and strings that the item's `keep:` names are as they were (R250).

A line that only moved or got another indent is not touched, nor is one that uses a name with other words around it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cockpit.clean import line
from cockpit.facts import Spot
from cockpit.persist.patch import Hunk
from cockpit.spec.guards import Guard
from cockpit.verify.case import Case
from cockpit.verify.finding import Finding, told

REMEDY = "leave it as it was; if it must change, ask: the item says keep"
_PROSE = (".md", ".mdx", ".rst", ".txt", ".adoc", ".html")
_KEYWORD = (
    r"(?:def|class|function|func|fn|fun|sub|struct|enum|interface|trait|type|module|const|let|var|val|static|public)"
)
_MODIFIERS = r"(?:[\w<>\[\],*&:]+[ \t]+){0,6}[*&]{0,2}"
_PARAMETERS = r"\((?:[^();]|\([^();]*\))*\)"
_CALLS = r"(?:return|await|new|yield|throw|else|case|go|defer|if|while|for|switch)"
"""What stands before a call, where a type would stand before a definition."""
_CLOSES = re.compile(r"[)\]}]|end\b|\{")


@dataclass(frozen=True, slots=True)
class _Name:
    """How an identifier is found in lines of code."""

    guard: Guard
    whole: re.Pattern[str]
    """Wherever it stands, as it is written."""
    defined: re.Pattern[str]
    """The line that defines it, or gives it its value."""
    owner: re.Pattern[str] | None
    """The line that defines what it belongs to: `Store` of `Store.save`."""


def kept(case: Case) -> Finding:
    """Fails with each line that went or came where a guard stands."""
    words = [guard for guard in case.guards if guard.kind != "file"]
    if not words:
        return Finding("n/a", "no keep: on the item")
    hunks = [hunk for hunk in case.patch.hunks if hunk.path != case.places.spec_name]
    code = [hunk for hunk in hunks if not hunk.path.endswith(_PROSE)]
    bad: dict[tuple[str, int, bool], Spot] = {}
    for guard in words:
        for spot in _spots(case, guard, hunks, code):
            bad.setdefault((spot.path, spot.line, spot.gone), spot)
    named = ", ".join(guard.shown for guard in words)
    return told(list(bad.values()), [], fine=f"{line(named, 200)} as before", remedy=REMEDY)


def _spots(case: Case, guard: Guard, hunks: Sequence[Hunk], code: Sequence[Hunk]) -> Iterator[Spot]:
    if guard.kind == "string":
        yield from _lost(guard, re.compile(re.escape(guard.what)), hunks, None)
        return
    name = _name(guard)
    yield from _lost(guard, name.whole, code, None if name.owner else name.defined)
    moved = [_shape(hunk.added) for hunk in code]
    came = frozenset(text.strip() for hunk in code for text in hunk.added)
    for change in case.changes:
        here = [hunk for hunk in code if hunk.path == change.path]
        if here and change.before.strip("0"):
            before = case.patch.text(change.before).split("\n")
            extents = [each for each in _extents(name, before) if not _moved(before, each, moved)]
            yield from _inside(name, here, before, extents, came)


def _name(guard: Guard) -> _Name:
    bare = guard.what.partition("(")[0]
    parts = re.split(r"\.|::|#|->", bare)
    last = re.escape(parts[-1])
    defined = re.compile(
        rf"^\s*(?:{_MODIFIERS})?{_KEYWORD}\s+(?:\([^)]*\)\s*)?(?:\w+\s+){{0,4}}{last}(?![\w$])"
        rf"|^\s*(?:self\.|this\.|export\s+)?{last}\s*(?::[^=]*)?=[^=]"
        rf"|^\s*[\"']?{last}[\"']?\s*:(?!:)"
        rf"|^\s*(?!{_CALLS}\b){_MODIFIERS}{last}\s*{_PARAMETERS}[^()]*\{{\s*$"
    )
    owner = re.compile(rf"\b{_KEYWORD}\s+{re.escape(parts[-2])}(?![\w$])") if len(parts) > 1 else None
    return _Name(guard, re.compile(rf"(?<![\w$]){re.escape(bare)}(?![\w$])"), defined, owner)


def _lost(
    guard: Guard, whole: re.Pattern[str], hunks: Sequence[Hunk], defined: re.Pattern[str] | None
) -> Iterator[Spot]:
    """Lines that had it and are gone: more of them than came in that file; and its definition, if it changed."""
    came = Counter(text.strip() for hunk in hunks for text in hunk.added if whole.search(text))
    gone: dict[str, list[tuple[int, str]]] = {}
    new: Counter[str] = Counter()
    for hunk in hunks:
        for number, text in enumerate(hunk.removed, hunk.old):
            if whole.search(text):
                if came[text.strip()]:
                    came[text.strip()] -= 1  # it stands elsewhere now, or with another indent
                    continue
                gone.setdefault(hunk.path, []).append((number, text))
    for hunk in hunks:
        for text in hunk.added:
            if whole.search(text) and came[text.strip()]:
                came[text.strip()] -= 1
                new[hunk.path] += len(whole.findall(text))
    for path, rows in gone.items():
        lost = sum(len(whole.findall(text)) for _, text in rows) > new[path]
        for number, text in rows:
            if lost or (defined is not None and defined.search(text)):
                yield _spot(guard, path, number, text, "is changed", gone=True)


def _shape(lines: Sequence[str]) -> str:
    return "\n".join(["", *(text.strip() for text in lines if text.strip()), ""])


def _moved(before: Sequence[str], extent: tuple[int, int], added: Sequence[str]) -> bool:
    """Whether all of it came elsewhere, as it was."""
    shape = _shape(before[extent[0] : extent[1] + 1])
    return any(shape in text for text in added)


def _inside(
    name: _Name,
    hunks: Sequence[Hunk],
    before: Sequence[str],
    extents: Sequence[tuple[int, int]],
    came: frozenset[str],
) -> Iterator[Spot]:
    """What went or came below the line that defines it, as far as the lines there are indented.

    Of the lines of a hunk the first that did not come elsewhere (`came`) is named.
    """
    for first, last in extents:
        deep = _indent(before[first])
        for hunk in hunks:
            added = [text for text in hunk.added if text.strip()]
            removed = [
                (at, text) for at, text in enumerate(hunk.removed, hunk.old - 1) if text.strip() and first <= at <= last
            ]
            if Counter(text.strip() for text in added) == Counter(
                text.strip() for text in hunk.removed if text.strip()
            ):
                continue
            if removed:
                at, text = next((row for row in removed if row[1].strip() not in came), removed[0])
                yield _spot(name.guard, hunk.path, at + 1, text, "is changed", gone=True)
            elif added and not any(text.strip() for text in hunk.removed):
                at = hunk.old  # it came behind that line, counted from 1
                if first < at <= last or (at == last + 1 and _indent(added[0]) > deep):
                    number = hunk.new + hunk.added.index(added[0])
                    yield _spot(name.guard, hunk.path, number, added[0], "comes in", gone=False)


def _extents(name: _Name, before: Sequence[str]) -> Iterator[tuple[int, int]]:
    """First and last line of each of its definitions, from 0; with what decorates it."""
    rows: Sequence[int] = range(len(before))
    if name.owner is not None:
        owned = [_extent(before, at) for at in rows if name.owner.search(before[at])]
        rows = [at for first, last in owned for at in range(first + 1, last + 1)]
    for at in rows:
        if name.defined.search(before[at]):
            first, last = _extent(before, at)
            while first and before[first - 1].lstrip().startswith(("@", "#[")):
                first -= 1
            yield first, last


def _extent(before: Sequence[str], at: int) -> tuple[int, int]:
    deep, last = _indent(before[at]), at
    for row in range(at + 1, len(before)):
        text = before[row]
        if not text.strip():
            continue
        if _indent(text) > deep:
            last = row
        elif _indent(text) == deep and _CLOSES.match(text.lstrip()):
            last = row
            if not text.rstrip().endswith((":", "{")):
                break
        else:
            break
    return at, last


def _indent(text: str) -> int:
    expanded = text.expandtabs(4)
    return len(expanded) - len(expanded.lstrip())


def _spot(guard: Guard, path: str, number: int, text: str, how: str, *, gone: bool) -> Spot:
    shown = text.strip().replace("`", "'")[:60]
    return Spot(path, number, f"`{shown}` {how}, and keep: names {line(guard.shown, 60)}", gone)
