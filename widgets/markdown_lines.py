"""A markdown document as its own source lines, coloured: what is edited, annotated and blamed by line is shown by line.

Stock `Markdown` mounts a widget per block: 9.3 s for a one-line edit of 2,000 lines (limits-screen C4).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.message import Message

from widgets.line_pane import LinePane
from widgets.markdown_style import ROLES, Kind, hang, scan, spans
from widgets.plain import harmless
from widgets.wrap import breaks, wrapped

CHANGES = {"added": ("+", "ok"), "changed": ("~", "warn")}
"""Margin glyph and tone of a changed line."""

_HEADING = re.compile(r" {0,3}#{1,6}(?:\s|$)")

MARGIN = 3
"""Cells left of the text: the change, the mark, a space."""


class MarkdownLines(LinePane):
    """Source lines 1:1, wrapped softly, with a margin for marks and changes. Lines are counted from 1."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"markdown--{role}" for role in ROLES}

    DEFAULT_CSS = """
    MarkdownLines > .markdown--heading { color: $primary; text-style: bold; }
    MarkdownLines > .markdown--bullet { color: $foreground 55%; }
    MarkdownLines > .markdown--field { color: $secondary; }
    MarkdownLines > .markdown--code { color: $secondary; }
    MarkdownLines > .markdown--strong { text-style: bold; }
    MarkdownLines > .markdown--emphasis { text-style: italic; }
    MarkdownLines > .markdown--link { text-style: underline; }
    MarkdownLines > .markdown--id { color: $foreground 45%; }
    MarkdownLines > .markdown--comment { color: $foreground 45%; }
    MarkdownLines > .markdown--front { color: $foreground 60%; }
    MarkdownLines > .markdown--fence { color: $secondary; }
    MarkdownLines > .markdown--table { color: $foreground 45%; }
    MarkdownLines > .markdown--quote { color: $foreground 70%; text-style: italic; }
    MarkdownLines > .markdown--done-text { color: $foreground 60%; }
    MarkdownLines > .markdown--struck-text { color: $foreground 45%; text-style: strike; }
    MarkdownLines > .markdown--mark-open { color: $foreground; }
    MarkdownLines > .markdown--mark-running { color: $primary; text-style: bold; }
    MarkdownLines > .markdown--mark-needs { color: $warning; text-style: bold; }
    MarkdownLines > .markdown--mark-done { color: $success; }
    MarkdownLines > .markdown--mark-struck { color: $foreground 45%; }
    MarkdownLines > .markdown--mark-deferred { color: $foreground 60%; }
    MarkdownLines > .markdown--mark-blocked { color: $error; text-style: bold; }
    MarkdownLines:ansi > .markdown--bullet { color: $foreground; text-style: dim; }
    MarkdownLines:ansi > .markdown--id { color: $foreground; text-style: dim; }
    MarkdownLines:ansi > .markdown--comment { color: $foreground; text-style: dim; }
    MarkdownLines:ansi > .markdown--front { color: $foreground; text-style: dim; }
    MarkdownLines:ansi > .markdown--table { color: $foreground; text-style: dim; }
    MarkdownLines:ansi > .markdown--quote { color: $foreground; text-style: italic; }
    MarkdownLines:ansi > .markdown--done-text { color: $foreground; text-style: dim; }
    MarkdownLines:ansi > .markdown--struck-text { color: $foreground; text-style: dim strike; }
    MarkdownLines:ansi > .markdown--mark-struck { color: $foreground; text-style: dim; }
    MarkdownLines:ansi > .markdown--mark-deferred { color: $foreground; text-style: dim; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right_square_bracket", "heading(1)", "Next section", show=False, id="markdown.next-heading"),
        Binding("left_square_bracket", "heading(-1)", "Previous section", show=False, id="markdown.previous-heading"),
    ]

    class Selected(Message):
        """A line was chosen with enter or a double click."""

        def __init__(self, markdown_lines: MarkdownLines, line: int) -> None:
            super().__init__()
            self.markdown_lines = markdown_lines
            """The document."""
            self.line = line
            """The line, from 1."""

        @property
        def control(self) -> MarkdownLines:
            """The document, for `@on(..., selector)`."""
            return self.markdown_lines

    class Moved(Selected):
        """Another line is under the cursor."""

    def __init__(self, *, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._lines: list[str] = []
        self._kinds: list[Kind] = []
        self._carries: list[str] = []
        self._heights: list[int] = []
        self._heights_width = 0
        self._marks: dict[int, str] = {}
        self._changed: dict[int, str] = {}

    @property
    def cursor_line(self) -> int:
        """The line under the cursor, from 1; 0 when the document is empty."""
        return self.cursor + 1 if self._lines else 0

    @property
    def lines(self) -> Sequence[str]:
        """The source lines."""
        return self._lines

    def goto(self, line: int) -> None:
        """Put the cursor on a line, counted from 1; beyond the ends means the nearest."""
        self.move_cursor(line - 1)

    def action_heading(self, step: int) -> None:
        """Go to the next or the previous heading; at the last or first of them nothing moves."""
        rows = [row for row, kind in enumerate(self._kinds) if kind == "text" and _HEADING.match(self._lines[row])]
        ahead = [row for row in rows if row > self.cursor] if step > 0 else [row for row in rows if row < self.cursor]
        if ahead:
            self.move_cursor(ahead[0] if step > 0 else ahead[-1])

    def show(
        self, lines: Sequence[str], *, marks: Mapping[int, str] | None = None, changed: Mapping[int, str] | None = None
    ) -> None:
        """Show these source lines (without line ends), from 1.

        `marks` gives lines a one-cell glyph in the margin, `changed` says `added` or `changed` of a line.
        Lines before and after the edit keep their place on the screen, the cursor stays on its line, and only what
        changed is rendered.
        """
        old, new = self._lines, list(lines)
        head, tail = _common(old, new)
        shift = len(new) - len(old)
        margin = self._margin_changes(dict(marks or {}), dict(changed or {}))
        top_row, top_part = self._top()
        self._lines = new
        rescanned = self._rescan(head, tail, shift)
        heights_changed = self._remeasure(head, tail, shift)
        edge = len(old) - tail
        if shift and old and self._cursor >= edge:
            self._cursor += shift
        if not (rescanned or shift or heights_changed or self._filter):
            self.paint_rows(margin)
        elif shift or heights_changed or self._filter:
            self.rows_changed()
            if shift and old and top_row >= edge:
                self.scroll_to(
                    y=self._map.line(self._map.position(top_row + shift)) + top_part, animate=False, force=True
                )
        else:
            self.paint_rows({*rescanned, *margin})

    def _margin_changes(self, marks: dict[int, str], changed: dict[int, str]) -> set[int]:
        """Take the new margin; the rows whose margin differs."""
        differing = {line - 1 for line, _ in self._marks.items() ^ marks.items()}
        differing |= {line - 1 for line, _ in self._changed.items() ^ changed.items()}
        self._marks, self._changed = marks, changed
        return differing

    def _top(self) -> tuple[int, int]:
        top = self.scroll_offset.y
        if not self.shown_count or top >= self.line_count:
            return 0, 0
        position, part = self._map.at(top)
        return self._map.row(position), part

    def _rescan(self, head: int, tail: int, shift: int) -> list[int]:
        """Find out anew what the edited lines are, and those after them as far as that matters; the rows concerned."""
        lines, count = self._lines, len(self._lines)
        old_kinds, old_carries = self._kinds, self._carries
        carry = old_carries[head - 1] if head else ""
        kinds, carries = old_kinds[:head], old_carries[:head]
        row = head
        while row < count:
            before = row - shift
            if row > count - tail and carry == old_carries[before - 1] and row > 1:
                kinds += old_kinds[before:]
                carries += old_carries[before:]
                break
            kind, carry = scan(lines, row, carry)
            kinds.append(kind)
            carries.append(carry)
            row += 1
        self._kinds, self._carries = kinds, carries
        return list(range(head, row)) if row > head and (head < count - tail or len(old_kinds) != count) else []

    def _remeasure(self, head: int, tail: int, shift: int) -> bool:
        """Heights of the edited lines; whether any line moves."""
        width = self.row_width
        if width != self._heights_width or not self._heights:
            return True
        old = self._heights
        edge = len(old) - tail
        fresh = [self._height(line, width) for line in self._lines[head : len(self._lines) - tail]]
        moved = bool(shift) or fresh != old[head:edge]
        self._heights = [*old[:head], *fresh, *old[edge:]]
        return moved

    def _height(self, line: str, width: int) -> int:
        room = width - MARGIN
        if len(line) <= room and line.isascii() and "\t" not in line:
            return 1
        line = harmless(line.removesuffix("\r"))
        return 1 + len(breaks(line, room, _indent(line, room)))

    @property
    def row_count(self) -> int:
        """How many lines the document has."""
        return len(self._lines)

    def row_heights(self, width: int) -> Sequence[int]:
        """Screen lines per source line; measured again only for another width, and at first once there is a layout."""
        if not self.size.width:
            return [1] * len(self._lines)
        if width != self._heights_width or len(self._heights) != len(self._lines):
            self._heights = [self._height(line, width) for line in self._lines]
            self._heights_width = width
        return self._heights

    def row_key(self, index: int) -> Hashable:
        """Lines are kept by what they show, so that they may move."""
        number = index + 1
        return (self._lines[index], self._kinds[index], self._marks.get(number), self._changed.get(number))

    def row_text(self, index: int) -> str:
        """The source line."""
        return self._lines[index]

    def render_row(self, index: int, width: int) -> Text:  # noqa: ARG002
        """The source line in its colours, without margin."""
        line = harmless(self._lines[index].removesuffix("\r"))
        text = Text(line, end="")
        for start, end, role in spans(line, self._kinds[index]):
            text.stylize(self.tone(f"markdown--{role}"), start, end)
        return text

    def row_lines(self, index: int, width: int) -> Sequence[list[Segment]]:
        """The line wrapped, each part behind the margin."""
        room = max(1, width - MARGIN)
        text = self.render_row(index, room)
        glyph, tone = CHANGES.get(self._changed.get(index + 1, ""), (" ", ""))
        change = Segment(glyph, self.tone(tone) if tone else None)
        mark = harmless(self._marks.get(index + 1, ""))[:1] or " "
        found: list[list[Segment]] = []
        for number, part in enumerate(wrapped(text, room, _indent(text.plain, room))):
            margin = [change, Segment(f"{' ' if number else mark} ", self.tone("accent"))]
            found.append([*margin, *self.segments_of(part)])
        return found

    def cursor_moved(self) -> None:
        """Tell which line is under the cursor."""
        self.post_message(self.Moved(self, self.cursor_line))

    def choose(self, index: int) -> None:
        """Tell which line is chosen."""
        self.post_message(self.Selected(self, index + 1))


def _indent(line: str, room: int) -> int:
    """Continuations are indented to the words of the item, at most to a third of the room."""
    return min(hang(line), room // 3)


def _common(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """How many lines at the head and at the tail are the same in both."""
    most = min(len(old), len(new))
    head = _agree(most, lambda count: old[:count] == new[:count])
    tail = _agree(most - head, lambda count: not count or old[-count:] == new[-count:])
    return head, tail


def _agree(most: int, same: Callable[[int], bool]) -> int:
    """The largest count for which `same` holds, by halving: comparing slices is done in C."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if same(middle) else (low, middle - 1)
    return low
