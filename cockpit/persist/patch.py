"""What lies between two commits, line by line: git's own patch, read as data and bounded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import git

MOST = 32 << 20
"""Bytes of a patch that are read."""
LONGEST = 20_000
"""Characters of a line that are kept."""

_PLAIN = ("-c", "core.bigFileThreshold=1m", "-c", "core.quotePath=true")
"""A file of more than 1 MiB is taken for a binary one: nobody writes such lines."""
_PATCH = ("-p", "-U0", "--full-index", "--no-renames", "--no-color", "--no-ext-diff", "--no-textconv")
_PREFIX = ("--src-prefix=a/", "--dst-prefix=b/")
_HUNK = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_ESCAPE = re.compile(rb"\\([0-7]{3}|.)")
_LETTERS = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"a": b"\a", b"b": b"\b", b"f": b"\f", b"v": b"\v"}


@dataclass(frozen=True, slots=True)
class Hunk:
    """Neighbouring lines that went and that came, without the ends of the lines."""

    path: str
    old: int
    """Number of the first line that went."""
    new: int
    """Number of the first line that came."""
    removed: tuple[str, ...]
    added: tuple[str, ...]
    commit: str = ""
    """In a history: which commit did it."""


def between(places: Places, old: str, new: str) -> tuple[Hunk, ...]:
    """All that differs in text files. Raises CockpitError when git fails or it is more than `MOST` bytes."""
    args = (*_PLAIN, "diff-tree", "-r", *_PATCH, *_PREFIX, "--end-of-options", old, new)
    return tuple(parse(_bounded(places, args)))


def history(places: Places, base: str, head: str) -> tuple[Hunk, ...]:
    """The same for each commit that `head` has and `base` has not: what was taken out again is in here too.

    Of a merge it is what whoever merged made of it: that a merge gives by itself was in its parents.
    """
    args = (
        *_PLAIN,
        "log",
        "--remerge-diff",
        "--format=commit %H",
        *_PATCH,
        *_PREFIX,
        "--end-of-options",
        f"{base}..{head}",
    )
    return tuple(parse(_bounded(places, args)))


def _bounded(places: Places, args: tuple[str, ...]) -> bytes:
    data, more = git.bounded(places, MOST, *args)
    if more:
        raise CockpitError(f"the change is larger than {MOST >> 20} MiB", remedy="split it")
    return data


def parse(patch: bytes) -> Iterator[Hunk]:
    """The hunks of a patch without context lines. Lines are counted, so that none can look like a header."""
    lines = patch.split(b"\n")
    at = 0
    commit, path = "", ""
    while at < len(lines):
        row = lines[at]
        at += 1
        if row.startswith(b"commit "):
            commit = row[7:].decode()
        elif row.startswith((b"--- ", b"+++ ")):
            path = _name(row[4:]) or path
        elif found := _HUNK.match(row):
            old, gone, new, come = (int(number) if number else 1 for number in found.groups())
            removed, at = _take(lines, at, gone)
            added, at = _take(lines, at, come)
            yield Hunk(path, old, new, removed, added, commit)


def _take(lines: list[bytes], at: int, count: int) -> tuple[tuple[str, ...], int]:
    rows = lines[at : at + count]
    at += count
    if at < len(lines) and lines[at].startswith(b"\\ "):  # no newline at the end of the file
        at += 1
    return tuple(row[1 : LONGEST + 1].rstrip(b"\r").decode("utf-8", "replace") for row in rows), at


def _name(row: bytes) -> str:
    """The path in a header; empty for /dev/null. A tab ends one with blanks in it, quotes hold an odd one."""
    row = row.removesuffix(b"\t")
    if row.startswith(b'"'):
        row = _ESCAPE.sub(_unescape, row[1:-1])
    return row[2:].decode("utf-8", "surrogateescape") if row[:2] in (b"a/", b"b/") else ""


def _unescape(found: re.Match[bytes]) -> bytes:
    code = found[1]
    return bytes([int(code, 8)]) if len(code) == 3 else _LETTERS.get(code, code)
