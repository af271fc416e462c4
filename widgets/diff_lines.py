"""A unified diff to read: the sign in the first column says what a line is, colour only repeats it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.message import Message

from widgets.line_pane import LinePane
from widgets.plain import harmless
from widgets.unified import Diff, DiffFile, DiffLine, Kind, parse_diff
from widgets.words import Spans, changed_words
from widgets.wrap import wrapped

_TONES: dict[Kind, str] = {"meta": "dim", "hunk": "accent", "added": "ok", "removed": "alert"}
STEP = 16
"""Characters that a long line moves to the side at once."""


@dataclass(frozen=True)
class Remark:
    """Something said about a line: shown below it."""

    text: str
    """Plain words."""
    tone: str = ""
    """One of the tones, or nothing."""
    mark: str = ""
    """A few cells for the margin beside the line."""


def _mark(said: Sequence[Remark]) -> str:
    """The first mark, and whether there are others."""
    marks = list(dict.fromkeys(remark.mark for remark in said if remark.mark))
    return marks[0] + "+" * (len(marks) > 1) if marks else ""


class DiffLines(LinePane):
    """A diff with its line numbers, old and new, and what was said about its lines."""

    DEFAULT_CSS = """
    DiffLines > .diff-lines--come { background: $success 30%; }
    DiffLines > .diff-lines--gone { background: $error 30%; }
    DiffLines:ansi > .diff-lines--come { text-style: underline; }
    DiffLines:ansi > .diff-lines--gone { text-style: underline; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"diff-lines--come", "diff-lines--gone"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right_square_bracket", "file(1)", "Next file", show=False, id="diff.next-file"),
        Binding("left_square_bracket", "file(-1)", "Previous file", show=False, id="diff.previous-file"),
        Binding("right_curly_bracket,J", "hunk(1)", "Next hunk", show=False, id="diff.next-hunk"),
        Binding("left_curly_bracket,K", "hunk(-1)", "Previous hunk", show=False, id="diff.previous-hunk"),
        Binding("right", "shift(1)", "The end of long lines", show=False, id="diff.right"),
        Binding("left", "shift(-1)", "The beginning of long lines", show=False, id="diff.left"),
    ]

    class Moved(Message):
        """The cursor stands on another row."""

        def __init__(self, pane: DiffLines) -> None:
            super().__init__()
            self.pane = pane
            """The diff."""

        @property
        def control(self) -> DiffLines:
            """The diff, for `@on(..., selector)`."""
            return self.pane

    class Chosen(Moved):
        """A row was chosen with enter or a double click."""

    def __init__(self, *, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._diff = Diff()
        self._remarks: Mapping[int, Sequence[Remark]] = {}
        self._digits = self._margin = self._shift = 0

    @property
    def diff(self) -> Diff:
        """What is shown."""
        return self._diff

    @property
    def files(self) -> Sequence[DiffFile]:
        """The files, in the order of the diff."""
        return self._diff.files

    @property
    def file(self) -> DiffFile | None:
        """The file the cursor is in."""
        return self._diff.file_at(self.cursor)

    @property
    def here(self) -> DiffLine | None:
        """The line under the cursor; None when there is none."""
        return self._diff.rows[self.cursor] if self.shown_count else None

    def show(self, diff: Diff | str, *, stay: bool = False) -> None:
        """Show a diff, as text such as `git diff` prints it; from its top, or with `stay` on the line one stood on."""
        before, file, line = self._diff, self.file, self.here
        self._diff = diff = parse_diff(diff) if isinstance(diff, str) else diff
        self._digits = len(str(max((max(row.old or 0, row.new or 0) for row in diff.rows), default=0)))
        self._remarks, self._margin, self._shift = {}, 0, 0
        row: int | None = None
        if stay and before.rows and file is not None and line is not None:
            old = line.kind == "removed"
            row = diff.find(file.path, (line.old if old else line.new) or 0, old=old)
        self._cursor = row or 0
        self.forget_rows()
        self.rows_changed()
        if row is None:
            self.scroll_to(y=0, animate=False, force=True)
        else:
            self.bring_into_view(row)

    def remark(self, remarks: Mapping[int, Sequence[Remark]]) -> None:
        """Say this about these rows, and nothing about others."""
        if remarks == self._remarks:
            return
        self._remarks = remarks
        marks = [cell_len(_mark(said)) for said in remarks.values()]
        self._margin = max(marks, default=0) and max(marks) + 1
        self.forget_rows()
        self.rows_changed()

    def goto(self, row: int) -> None:
        """Put the cursor on a row; when it is not in view, with some lines above it."""
        self.move_cursor(row)
        line, top = self._map.line(self._map.position(self.cursor)), self.scroll_offset.y
        if self.size.height and not top + 1 < line < top + self.size.height - 4:
            self.scroll_to(y=max(0, line - self.size.height // 4), animate=False, force=True)

    def top(self, row: int) -> None:
        """Put the cursor on a row and that row at the top."""
        self.move_cursor(row)
        self.scroll_to(y=self._map.line(self._map.position(row)), animate=False, force=True)

    def action_file(self, step: int) -> None:
        """Go to the next (1) or the previous (-1) file's header."""
        self._step([file.row for file in self.files], step)

    def action_hunk(self, step: int) -> None:
        """Go to the next (1) or the previous (-1) hunk."""
        self._step([row for row, line in enumerate(self._diff.rows) if line.kind == "hunk"], step)

    def _step(self, rows: list[int], step: int) -> None:
        ahead = [row for row in rows if row > self.cursor] if step > 0 else [row for row in rows if row < self.cursor]
        if ahead:
            self.top(ahead[0] if step > 0 else ahead[-1])

    def action_shift(self, step: int) -> None:
        """Move long lines to the side."""
        shift = max(0, self._shift + step * STEP)
        if shift != self._shift:
            self._shift = shift
            self.forget_rows()
            self.refresh()

    def cursor_moved(self) -> None:
        """Tell that another row is under the cursor."""
        self.post_message(self.Moved(self))

    def choose(self, index: int) -> None:  # noqa: ARG002 - it is the one under the cursor
        """Tell that the row under the cursor is chosen."""
        self.post_message(self.Chosen(self))

    @property
    def row_count(self) -> int:
        """How many rows there are."""
        return len(self._diff.rows)

    def row_text(self, index: int) -> str:
        """The line as the diff has it."""
        return self._diff.rows[index].text

    def row_heights(self, width: int) -> Sequence[int] | None:
        """One line each, and what was said about it below."""
        if not self._remarks:
            return None
        heights = [1] * self.row_count
        for row in self._remarks:
            if row < len(heights):
                heights[row] += len(self._said(row, width))
        return heights

    def row_lines(self, index: int, width: int) -> Sequence[Text | list[Segment]]:
        """The line, and below it what was said about it."""
        return (self.render_row(index, width), *self._said(index, width))

    def render_row(self, index: int, width: int) -> list[Segment]:
        """A header with its counts, or a line with its numbers."""
        row = self._diff.rows[index]
        line = [self._mark(index)] if self._margin else []
        if row.kind == "file":
            return [*line, *self._header(index, row, width - self._margin)]
        shown = row.kind not in ("hunk", "meta")
        old, new = ("" if number is None or not shown else str(number) for number in (row.old, row.new))
        line.append(Segment(f"{old:>{self._digits}} {new:>{self._digits}} ", self.tone("dim")))
        style = self.tone(_TONES[row.kind]) if row.kind in _TONES else Style.null()
        if row.kind == "removed":
            style += Style(bold=False)
        return [*line, *self._text(index, row, style, width)]

    def _mark(self, index: int) -> Segment:
        said = self._remarks.get(index, ())
        tone = next((remark.tone for remark in said if remark.mark), "")
        return Segment(f"{_mark(said):<{self._margin}}", self.tone(tone or "accent"))

    def _text(self, index: int, row: DiffLine, style: Style, width: int) -> Iterator[Segment]:
        """The sign, and the text from where it is shifted to, with the words marked that differ from its pair."""
        text, spans = row.text, ()
        if row.kind in ("added", "removed", "same"):
            yield Segment(text[:1], style)
            text = text[1:].expandtabs(4)
            spans = self._changed(index, row, text)
        end = self._shift + width
        at = self._shift
        marked = style + self.tone(f"diff-lines--{'come' if row.kind == 'added' else 'gone'}")
        for first, last in spans:
            if last > at and first < end:
                yield Segment(text[at : max(at, first)], style)
                at = max(at, first)
                yield Segment(text[at:last], marked)
                at = last
        yield Segment(text[at : max(at, end)], style)

    def _changed(self, index: int, row: DiffLine, text: str) -> Spans:
        other = self._diff.pairs.get(index)
        if other is None:
            return ()
        facing = self._diff.rows[other].text[1:].expandtabs(4)
        return changed_words(facing, text)[1] if row.kind == "added" else changed_words(text, facing)[0]

    def _find_style(self, name: str) -> Style:
        if not name.startswith("diff-lines--"):
            return super()._find_style(name)
        found = self.get_component_rich_style(name)
        return Style(bgcolor=found.bgcolor, underline=found.underline)

    def _said(self, index: int, width: int) -> list[Text]:
        """What was said about a row, wrapped."""
        indent = self._margin + 2 * self._digits + 2
        lines: list[Text] = []
        for remark in self._remarks.get(index, ()):
            text = Text(harmless(remark.text), style=self.tone(remark.tone) if remark.tone else Style.null())
            bar = Style.combine([self.tone(remark.tone or "accent"), Style(bold=False)])
            parts = wrapped(text, max(10, width - indent - 2))
            lines += [Text(" " * indent).append("│ ", bar).append_text(part) for part in parts]
        return lines

    def _header(self, index: int, row: DiffLine, width: int) -> Iterator[Segment]:
        file = self._diff.file_at(index)
        if file is None:
            return
        moved = f" (was {file.before})" if file.before else ""
        counts = [("binary", "dim")] if file.binary else [(f"+{file.added}", "ok"), (f"-{file.removed}", "alert")]
        what = {"A": "new", "D": "deleted", "R": "renamed", "C": "copied", " ": "not changed"}.get(file.status, "")
        words = [(harmless(row.text + moved), "accent"), *([(what, "dim")] if what else []), *counts]
        room = width - sum(cell_len(word) + 1 for word, _ in words[1:])
        name = words[0][0]
        if cell_len(name) + 1 > room > 8:  # the end of a path says more than its beginning
            words[0] = (f"…{name[-(room - 2) :]}", "accent")
        for word, tone in words:
            yield Segment(f"{word} ", self.tone(tone) + Style(bold=tone == "accent"))
        yield Segment("─" * (width - sum(cell_len(word) + 1 for word, _ in words)), self.tone("dim"))
