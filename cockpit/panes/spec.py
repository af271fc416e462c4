"""The living spec: its own lines, with marks of what changed in the last commits and of what asks for the reader."""

from __future__ import annotations

from textual.app import ComposeResult

from cockpit.choices import SECTIONS
from cockpit.clean import line
from cockpit.panes.pane import Pane, Target, when_empty
from cockpit.panes.view import MARKS, NOTHING, View
from cockpit.report import counts
from cockpit.spec import Document, Item, Kind, Mark, Reference, references
from widgets.markdown_lines import MarkdownLines

SHOWN = (Mark.RUNNING, Mark.NEEDS_YOU, Mark.BLOCKED)
"""Marks of items that get a glyph in the margin: the ones somebody works on or waits for."""


def margin(document: Document) -> dict[int, str]:
    """Line number to the glyph in the margin: items in motion, and problems."""
    glyphs = {item.line: MARKS[item.mark][0] for item in document.walk() if item.mark in SHOWN}
    return glyphs | {problem.line: "!" for problem in document.problems}


def item_at(document: Document, number: int) -> Item | None:
    """The innermost item whose lines hold line `number`."""
    found: Item | None = None
    for item in document.walk():
        last = item.line + document.data.count(b"\n", item.span.start, max(item.span.start, item.span.end - 1))
        if item.line <= number <= last:
            found = item
    return found


def target_at(document: Document, number: int) -> Target:
    """What line `number` stands for: an item, a row of the signals, a mute or a pin."""
    item = item_at(document, number)
    if item is not None:
        return Target(item.id, item.id)
    for signal in document.signals:
        if signal.line == number:
            return Target(signal.signal)
    for entry in (*document.mutes, *document.pins):
        if entry.line == number:
            return Target(entry.target)
    around = next((section.kind for section in reversed(document.sections) if section.line <= number), None)
    return Target(section=around.value if around and around.value in SECTIONS else "")


def reference_at(document: Document, number: int) -> Reference | None:
    """Where line `number` leads, when it is one of the code map or the runbooks."""
    lines = (entry for kind in (Kind.CODE_MAP, Kind.RUNBOOKS) for entry in references(document, kind))
    return next((entry for entry in lines if entry.line == number), None)


class SpecPane(Pane):
    """Pane 1."""

    NUMBER = 1
    TITLE = "Spec"

    def __init__(self) -> None:
        super().__init__(id="spec")
        self._view = View()
        self._shown = False
        self._first = 0  # line to begin at, until that was done

    def compose(self) -> ComposeResult:
        """The document."""
        yield MarkdownLines(id="spec-lines")

    def show(self, view: View) -> None:
        """Take the document; lines keep their place on the screen."""
        before, self._view = self._view, view
        if (before.lines, before.document, before.changed) == (view.lines, view.document, view.changed) and self._shown:
            if before.snapshot.measured != view.snapshot.measured:
                self.detail()
            return
        first, self._shown = before.document is NOTHING, True
        widget = self.query_one(MarkdownLines)
        when_empty(widget, "the spec is empty: o adds an item, R sets the goal")
        blank = view.lines in ((), ("",))
        widget.show(() if blank else view.lines, marks=margin(view.document), changed=view.changed)
        if first and view.document.sections:
            self._first = view.document.sections[0].line
            self.call_after_refresh(self._begin)
        self.detail()

    def on_resize(self) -> None:
        """In a stack the pane has no lines until it is opened."""
        if self._first:
            self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        """Open at the first heading: the front matter above it is settings."""
        widget = self.query_one(MarkdownLines)
        if not self._first or not widget.size.height:
            return
        number, self._first = self._first, 0
        above = widget.row_heights(widget.row_width)[: number - 1]
        widget.goto(number)
        widget.scroll_to(y=sum(above), animate=False, immediate=True)

    def detail(self) -> None:
        """The file's name and its problems in the title; below, the problem of this line, else measures and counts."""
        problems = self._view.document.problems
        count = f"{len(problems)} problem" + ("s" if len(problems) != 1 else "") if problems else ""
        number = self.query_one(MarkdownLines).cursor_line
        here = next((entry for entry in problems if entry.line == number), None)
        words = here.what + (f" ({here.remedy})" if here.remedy else "") if here is not None else ""
        known = (*(row.words for row in self._view.snapshot.measured), counts(self._view.document))
        below = line(words, 120) or line(" · ".join(part for part in known if part), 160)
        self.entitle(" · ".join(part for part in (line(self._view.spec, 40), count) if part), below)

    def on_markdown_lines_moved(self) -> None:
        """Another line: its problem, if it has one."""
        self.detail()

    @property
    def line_number(self) -> int:
        """The line under the cursor, from 1."""
        return max(1, self.query_one(MarkdownLines).cursor_line)

    @property
    def target(self) -> Target:
        """What the line under the cursor stands for."""
        return target_at(self._view.document, self.line_number)

    @property
    def reference(self) -> Reference | None:
        """Where the line under the cursor leads."""
        return reference_at(self._view.document, self.line_number)

    def search(self, words: str, *, after: bool) -> bool:
        """Go to the next line that has `words`, from this one on (`after`: from the next one on); False without any."""
        lines = [text.lower() for text in self.query_one(MarkdownLines).lines]
        start = self.line_number - (0 if after else 1)
        order = [*range(start, len(lines)), *range(start)]
        found = next((at for at in order if words.lower() in lines[at]), None)
        if found is not None and words:
            self.query_one(MarkdownLines).goto(found + 1)
        return found is not None
