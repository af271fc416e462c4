"""A unified diff, file by file: the sign in the first column says what a line is, colour only repeats it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType

from widgets.line_pane import LinePane
from widgets.plain import harmless

Kind = Literal["file", "meta", "hunk", "added", "removed", "same"]

_HUNK = re.compile(r"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@ ?(.*)")
_FILE = re.compile(r'diff --git (?:"?a/(?P<old>.*?)"?) (?:"?b/(?P<new>.*?)"?)$')
_TOLD = ("index ", "--- ", "+++ ", "old mode ", "similarity index ")
_TONES: dict[Kind, str] = {"meta": "dim", "hunk": "accent", "added": "ok", "removed": "alert"}


@dataclass(frozen=True)
class DiffLine:
    """A line of a diff."""

    kind: Kind
    """What it is."""
    text: str
    """Its text; added, removed and unchanged lines keep their sign."""
    number: int | None = None
    """Its line number in the new file."""


@dataclass(frozen=True)
class DiffFile:
    """A file of a diff."""

    path: str
    """Its path after the change."""
    row: int
    """The row of its header."""
    added: int
    """Lines added."""
    removed: int
    """Lines removed."""


def parse_diff(diff: str) -> tuple[list[DiffLine], list[DiffFile]]:
    """The rows and the files of a unified diff. What isn't understood is kept as a `meta` row; nothing raises.

    Lines inside a hunk are counted, so a removed line `-- a` is never taken for a file's header.
    """
    rows: list[DiffLine] = []
    files: list[DiffFile] = []
    old_left = new_left = number = 0
    for line in diff.split("\n"):
        line = line.removesuffix("\r")
        if (old_left or new_left) and line[:1] in ("+", "-", " ", "\\", ""):
            sign = line[:1]
            if sign == "\\":
                rows.append(DiffLine("meta", line))
                continue
            kind: Kind = "added" if sign == "+" else "removed" if sign == "-" else "same"
            rows.append(DiffLine(kind, line or " ", None if kind == "removed" else number))
            old_left -= kind != "added"
            new_left -= kind != "removed"
            number += kind != "removed"
            if files and kind != "same":
                files[-1] = _counted(files[-1], kind)
            continue
        old_left = new_left = 0
        if found := _HUNK.match(line):
            if not files:
                files.append(DiffFile("", len(rows), 0, 0))
                rows.append(DiffLine("file", ""))
            old_left, new_left = int(found[1] or 1), int(found[3] or 1)
            number = int(found[2])
            rows.append(DiffLine("hunk", f"@@ {number} {found[4]}".rstrip()))
        elif line.startswith("diff --git "):
            match = _FILE.match(line)
            path = match["new"] if match else line.removeprefix("diff --git ")
            files.append(DiffFile(path, len(rows), 0, 0))
            rows.append(DiffLine("file", path))
        elif line.startswith("--- ") and (not files or any(row.kind == "hunk" for row in rows[files[-1].row :])):
            files.append(DiffFile("", len(rows), 0, 0))  # a diff without git's own header
            rows.append(DiffLine("file", ""))
        elif line.startswith("+++ ") and files and not files[-1].path:
            path = line[4:].split("\t")[0].removeprefix("b/")
            files[-1] = DiffFile(path, files[-1].row, 0, 0)
            rows[files[-1].row] = DiffLine("file", path)
        elif line and not line.startswith(_TOLD):
            rows.append(DiffLine("meta", line))
    return rows, files


def _counted(file: DiffFile, kind: Kind) -> DiffFile:
    added, removed = file.added + (kind == "added"), file.removed + (kind == "removed")
    return DiffFile(file.path, file.row, added, removed)


class DiffLines(LinePane):
    """A diff to read: `n`/`p` or `]`/`[` go to the next and the previous file."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n,right_square_bracket", "file(1)", "Next file", show=False, id="diff.next-file"),
        Binding("p,left_square_bracket", "file(-1)", "Previous file", show=False, id="diff.previous-file"),
    ]

    def __init__(self, *, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._rows: list[DiffLine] = []
        self._files: list[DiffFile] = []
        self._digits = 1

    @property
    def files(self) -> list[DiffFile]:
        """The files, in the order of the diff."""
        return list(self._files)

    @property
    def file(self) -> DiffFile | None:
        """The file the cursor is in."""
        return next((file for file in reversed(self._files) if file.row <= self.cursor), None)

    def show(self, diff: str) -> None:
        """Show a unified diff such as `git diff` prints it, from its top."""
        self._rows, self._files = parse_diff(diff)
        self._digits = len(str(max((row.number or 0 for row in self._rows), default=0)))
        self._cursor = 0
        self.forget_rows()
        self.rows_changed()
        self.scroll_to(y=0, animate=False, force=True)

    def action_file(self, step: int) -> None:
        """Go to the next (1) or the previous (-1) file's header."""
        headers = [file.row for file in self._files]
        ahead = [row for row in headers if row > self.cursor] if step > 0 else [r for r in headers if r < self.cursor]
        if ahead:
            row = ahead[0] if step > 0 else ahead[-1]
            self.move_cursor(row)
            self.scroll_to(y=self._map.line(self._map.position(row)), animate=False, force=True)

    @property
    def row_count(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    def row_text(self, index: int) -> str:
        """The line as the diff has it."""
        return self._rows[index].text

    def render_row(self, index: int, width: int) -> list[Segment]:
        """A header with its counts, or a line with its number."""
        row = self._rows[index]
        if row.kind == "file":
            return list(self._header(index, row, width))
        number = "" if row.number is None else str(row.number)
        line = [Segment(f"{number:>{self._digits}} ", self.tone("dim"))]
        style = self.tone(_TONES[row.kind]) if row.kind in _TONES else None
        if row.kind == "removed" and style is not None:
            style += Style(bold=False)
        line.append(Segment(row.text, style))
        return line

    def _header(self, index: int, row: DiffLine, width: int) -> Iterator[Segment]:
        file = next(file for file in self._files if file.row == index)
        bold = Style(bold=True)
        words = [harmless(row.text), f"+{file.added}", f"-{file.removed}"]
        styles = [self.tone("accent") + bold, self.tone("ok"), self.tone("alert")]
        for word, style in zip(words, styles, strict=True):
            yield Segment(f"{word} ", style)
        yield Segment("─" * (width - sum(cell_len(word) + 1 for word in words)), self.tone("dim"))
