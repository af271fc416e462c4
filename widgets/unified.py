"""A unified diff as data: files with their status and counts, lines with their numbers on both sides. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

Kind = Literal["file", "meta", "hunk", "added", "removed", "same"]

LONGEST = 2_000
"""Characters of a line that are kept: a screen shows a tenth of them."""

_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@ ?(.*)")
_TOLD = ("index ", "similarity index ", "dissimilarity index ")
_STATUS = (("new file mode ", "A"), ("deleted file mode ", "D"), ("rename ", "R"), ("copy ", "C"))
_ESCAPE = re.compile(r'\\(["\\])')


class DiffLine(NamedTuple):
    """A line of a diff."""

    kind: Kind
    """What it is."""
    text: str
    """Its text; added, removed and unchanged lines keep their sign."""
    old: int | None = None
    """Its number in the old file, None where it is not in it; of a hunk's header that of its first line."""
    new: int | None = None
    """The same in the new file."""


@dataclass(frozen=True, slots=True)
class DiffFile:
    """A file of a diff."""

    path: str
    """Its path after the change; before it, when it is gone."""
    row: int
    """The row of its header."""
    added: int = 0
    """Lines added."""
    removed: int = 0
    """Lines removed."""
    status: str = "M"
    """`A` added, `M` modified, `D` deleted, `R` renamed, `C` copied, ` ` not changed (`widen`)."""
    before: str = ""
    """Its path before, when that was another."""
    binary: bool = False
    """Whether git shows no lines of it because it is no text."""


@dataclass(frozen=True, slots=True)
class Diff:
    """Rows and files in the order of the diff."""

    rows: Sequence[DiffLine] = ()
    files: Sequence[DiffFile] = ()
    pairs: dict[int, int] = field(default_factory=dict[int, int])
    """Row of a removed line to the row of the added one that stands in its place, and the other way round."""
    _numbers: dict[int, dict[tuple[bool, int], int]] = field(
        default_factory=dict[int, dict[tuple[bool, int], int]], compare=False, repr=False
    )
    """Rows by side and number, of the files that were asked for, by the row of their header."""

    def file_at(self, row: int) -> DiffFile | None:
        """The file that the row belongs to."""
        at = bisect_right([file.row for file in self.files], row) - 1
        return self.files[at] if at >= 0 else None

    def rows_of(self, file: DiffFile) -> range:
        """The rows of a file, its header first."""
        return range(file.row, next((other.row for other in self.files if other.row > file.row), len(self.rows)))

    def file(self, path: str) -> DiffFile | None:
        """The file of that path, as it is called after the change, else as it was before."""
        named = (file for file in self.files if file.path == path)
        return next(named, None) or next((file for file in self.files if file.before == path), None)

    def find(self, path: str, line: int, *, old: bool = False) -> int | None:
        """The row of that line (from 1) of the new file, or of the old one; line 0 is the file's header.

        None when the diff does not show it.
        """
        file = self.file(path)
        if file is None or not line:
            return file.row if file is not None else None
        if file.row not in self._numbers:
            found = self._numbers[file.row] = {}
            for row in self.rows_of(file):
                kind, _, before, now = self.rows[row]
                if kind not in ("file", "hunk"):
                    found.setdefault((True, before or 0), row)
                    found.setdefault((False, now or 0), row)
        return self._numbers[file.row].get((old, line))


@dataclass(slots=True)
class _Open:
    """A file while it is read."""

    row: int
    path: str = ""
    before: str = ""
    status: str = "M"
    added: int = 0
    removed: int = 0
    binary: bool = False
    hunks: int = 0

    def done(self) -> DiffFile:
        moved = self.before if self.status in ("R", "C") else ""
        return DiffFile(self.path, self.row, self.added, self.removed, self.status, moved, self.binary)


def parse_diff(diff: str) -> Diff:
    """The rows and the files of a unified diff. What isn't understood is kept as a `meta` row; nothing raises.

    Lines inside a hunk are counted, so a removed line `-- a` is never taken for a file's header.
    """
    rows: list[DiffLine] = []
    files: list[_Open] = []
    old_left = new_left = old = new = 0

    def begin(path: str) -> _Open:
        files.append(_Open(len(rows), path))
        rows.append(DiffLine("file", path))
        return files[-1]

    for text in diff.split("\n"):
        line = text.removesuffix("\r")
        if len(line) > LONGEST:
            line = line[: LONGEST - 1] + "…"
        sign = line[:1]
        if (old_left or new_left) and sign in ("+", "-", " ", "\\", ""):
            if sign == "\\":
                rows.append(DiffLine("meta", line))
            elif sign == "+":
                rows.append(DiffLine("added", line, None, new))
                new_left, new, files[-1].added = new_left - 1, new + 1, files[-1].added + 1
            elif sign == "-":
                rows.append(DiffLine("removed", line, old, None))
                old_left, old, files[-1].removed = old_left - 1, old + 1, files[-1].removed + 1
            else:
                rows.append(DiffLine("same", line or " ", old, new))
                old_left, new_left, old, new = old_left - 1, new_left - 1, old + 1, new + 1
            continue
        old_left = new_left = 0
        if found := _HUNK.match(line):
            file = files[-1] if files else begin("")
            file.hunks += 1
            old, new = int(found[1]), int(found[3])
            old_left, new_left = int(found[2] or 1), int(found[4] or 1)
            rows.append(DiffLine("hunk", f"@@ {new} {found[5]}".rstrip(), old, new))
        elif line.startswith("diff --git "):
            begin(_both(line.removeprefix("diff --git ")))
        elif line.startswith("--- ") and (not files or files[-1].hunks):
            begin("")  # a diff without git's own header
        elif files and not files[-1].hunks and _header(files[-1], line):
            rows[files[-1].row] = DiffLine("file", files[-1].path)
        elif line and not line.startswith(_TOLD):
            rows.append(DiffLine("meta", line))
    return Diff(rows, [file.done() for file in files], _pairs(rows))


def _header(file: _Open, line: str) -> bool:
    """Take what a line between a file's name and its first hunk tells; whether nothing of it is left to show."""
    for words, status in _STATUS:
        if line.startswith(words):
            file.status = status
            way, _, path = line.partition(" ")[2].partition(" ")
            if status in ("R", "C") and way == "from":
                file.before = _name(path)
            elif status in ("R", "C"):
                file.path = _name(path)
            return True
    if line.startswith(("--- ", "+++ ")):
        path = _name(line[4:].split("\t")[0])
        if path != "/dev/null" and (line[0] == "+" or not file.path):
            file.path = path.removeprefix("b/" if line[0] == "+" else "a/")
        return True
    file.binary = file.binary or line.startswith(("Binary files ", "GIT binary patch"))
    return False


def _both(names: str) -> str:
    """The path in `a/PATH b/PATH`: with blanks in it there is no telling but that both are the same."""
    half = names[: len(names) // 2].removeprefix('"')[2:]
    if names in (f"a/{half} b/{half}", f'"a/{half} "b/{half}'):
        return _name(names[: len(names) // 2])[2:]
    return _name(names.rpartition(" b/")[2] if " b/" in names else names.rpartition(' "b/')[2])


def _name(text: str) -> str:
    """A path as git writes it: in quotes when there is something odd in it."""
    return _ESCAPE.sub(r"\1", text[1:-1]) if len(text) > 1 and text[0] == text[-1] == '"' else text.removesuffix('"')


def _pairs(rows: Sequence[DiffLine]) -> dict[int, int]:
    """Which added line stands in the place of which removed one: in order, in each run of both."""
    found: dict[int, int] = {}
    at = 0
    while at < len(rows):
        if rows[at].kind != "removed":
            at += 1
            continue
        gone = at
        while at < len(rows) and rows[at].kind == "removed":
            at += 1
        come = at
        while at < len(rows) and rows[at].kind == "added":
            at += 1
        for one, other in zip(range(gone, come), range(come, at), strict=False):
            found[one], found[other] = other, one
    return found


def widen(diff: Diff, path: str, first: int, lines: Sequence[str], why: str) -> Diff:
    """The same with lines that did not change, `first` the number of the first in the new file, under a hunk of words.

    A file that the diff does not have comes last. Lines that are shown already are the caller's to leave out.
    """
    rows, files = list(diff.rows), list(diff.files)
    file = diff.file(path)
    if file is None:
        file = DiffFile(path, len(rows), status=" ")
        files.append(file)
        rows.append(DiffLine("file", path))
        at, shift = len(rows), 0
    else:
        inside = diff.rows_of(file)
        later = (row for row in inside if rows[row].kind == "hunk" and (rows[row].new or 0) > first)
        at = next(later, inside.stop)
        before = [rows[row] for row in inside if row < at]
        shift = sum((line.kind == "removed") - (line.kind == "added") for line in before)
    new = [DiffLine("hunk", f"@@ {first} {why}".rstrip(), first + shift, first)]
    new += [DiffLine("same", f" {text}"[:LONGEST], first + n + shift, first + n) for n, text in enumerate(lines)]
    rows[at:at] = new
    files = [replace(other, row=other.row + len(new)) if other.row >= at else other for other in files]
    return Diff(rows, files, _pairs(rows))
