"""Checks with their results; the selected one shows its evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.message import Message

from widgets.line_pane import LinePane
from widgets.plain import harmless
from widgets.wrap import wrapped

GLYPHS = {"pass": ("✓", "ok"), "fail": ("✗", "alert"), "n/a": ("·", "dim"), "broken": ("!", "warn")}
"""Glyph and tone of each result; a result not listed shows as `?`."""


@dataclass(frozen=True)
class Check:
    """One check."""

    number: int
    """Its number, from 1."""
    name: str
    """What it checks, in a few words."""
    result: str
    """`pass`, `fail`, `n/a` or `broken`."""
    evidence: str = ""
    """What was found: shown, wrapped, below the selected check."""


class Checklist(LinePane):
    """Checks one below the other; the selected one is open."""

    class Chosen(Message):
        """A check was chosen with enter or a double click."""

        def __init__(self, checklist: Checklist, number: int) -> None:
            super().__init__()
            self.checklist = checklist
            """The list."""
            self.number = number
            """The check's number."""

        @property
        def control(self) -> Checklist:
            """The list, for `@on(..., selector)`."""
            return self.checklist

    def __init__(self, *, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._checks: tuple[Check, ...] = ()

    def set_checks(self, checks: Sequence[Check]) -> None:
        """Show these checks; the cursor goes to the first that did not pass if there were none before."""
        fresh = not self._checks
        if tuple(checks) == self._checks:
            return
        self._checks = tuple(checks)
        self.forget_rows()
        if fresh:
            self._cursor = next((i for i, c in enumerate(checks) if c.result in ("fail", "broken")), 0)
        self.rows_changed()

    @property
    def checks(self) -> Sequence[Check]:
        """The checks shown."""
        return self._checks

    @property
    def row_count(self) -> int:
        """How many checks there are."""
        return len(self._checks)

    def row_heights(self, width: int) -> Sequence[int]:
        """One line each, and the evidence below the selected one."""
        heights = [1] * len(self._checks)
        if heights:
            heights[self.cursor] += len(self._evidence(self.cursor, width))
        return heights

    def move_cursor(self, index: int) -> None:
        """Close the check that was open and open this one."""
        if not self._checks:
            return
        index = max(0, min(index, len(self._checks) - 1))
        if index != self._cursor and (self._map.shown is None or index in self._map.shown):
            self._cursor = index
            self.rows_changed()
        self.bring_into_view(self._cursor)

    def choose(self, index: int) -> None:
        """Tell which check is chosen."""
        self.post_message(self.Chosen(self, self._checks[index].number))

    def row_text(self, index: int) -> str:
        """Number, name, result and evidence."""
        check = self._checks[index]
        return f"{check.number} {check.name} {check.result} {check.evidence}".rstrip()

    def row_lines(self, index: int, width: int) -> Sequence[Text | list[Segment]]:
        """The check's line, and the evidence of the selected one."""
        row = self.render_row(index, width)
        return (row, *self._evidence(index, width)) if index == self.cursor else (row,)

    def render_row(self, index: int, width: int) -> list[Segment]:  # noqa: ARG002
        """Number, glyph, name, and the first words of the evidence in dim."""
        check = self._checks[index]
        glyph, tone = GLYPHS.get(check.result, ("?", "warn"))
        style = self.tone(tone)
        name = harmless(check.name)
        line = [
            Segment(f"{check.number:>2} ", self.tone("dim")),
            Segment(f"{glyph} ", style + Style(bold=True)),
            Segment(name, None if check.result == "pass" else style),
        ]
        if check.evidence and index != self.cursor:
            first = check.evidence.split("\n", 1)[0]
            line.append(Segment(" " * max(2, 26 - cell_len(name)) + first, self.tone("dim")))
        return line

    def _evidence(self, index: int, width: int) -> list[Text]:
        lines = [line for line in self._checks[index].evidence.split("\n") if line.strip()]
        style = self.tone("dim")
        return [
            Text("     ").append_text(part)
            for line in lines
            for part in wrapped(Text(harmless(line), style=style), max(10, width - 5))
        ]
