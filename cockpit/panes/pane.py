"""What the four panes have in common: a number to jump by, a title with counts, and a target for the verbs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from rich.text import Text
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from cockpit.panes.view import View
from widgets.late import Late
from widgets.line_pane import LinePane
from widgets.parts import Parts
from widgets.ranked_list import Cell, RankedList, Row
from widgets.tones import TONES


@dataclass(frozen=True, slots=True)
class Target:
    """What a verb would act on: `row` for verbs that take a row, `item` for those that take an item."""

    row: str = ""
    item: str = ""
    section: str = ""
    """Where `add` puts something when no item is there to put it below."""

    def of(self, kind: str) -> str:
        """The word a verb with this kind of target gets."""
        return {"item": self.item, "row": self.row or self.item}.get(kind, "")


class Pane(Vertical):
    """A bordered part of the main screen. A subclass composes its widgets, and says what a view means for it."""

    NUMBER = 0
    TITLE = ""

    def show(self, view: View) -> None:
        """Take the view and repaint what differs."""
        raise NotImplementedError

    @property
    def target(self) -> Target:
        """What the row under the cursor stands for."""
        raise NotImplementedError

    @property
    def lists(self) -> list[LinePane]:
        """Its widgets that take the focus, the one to focus first in front."""
        return list(self.query(LinePane))

    @property
    def copyable(self) -> str:
        """The plain words under the cursor."""
        focused = next((pane for pane in self.lists if pane.has_focus), self.lists[0])
        return focused.copy_text()

    def on_click(self) -> None:
        """A click on a title opens the pane."""
        if not self.has_focus_within:
            self.lists[0].focus()

    def entitle(self, counts: str = "", detail: str = "") -> None:
        """Write counts beside the title and a detail below; nothing is repainted when they are the same.

        What waits behind a frozen order is counted too ("+2 new").
        """
        held = next((pane.pending for pane in self.lists if isinstance(pane, RankedList)), "")
        counts = " · ".join(part for part in (counts, held and f"{held}, . shows") if part)
        title = Content.assemble((f"{self.NUMBER} ", "bold"), self.TITLE, (f"  {counts}" if counts else "", "dim"))
        if self._border_title != title:
            self.border_title = title  # pyright: ignore[reportAttributeAccessIssue]
        subtitle = Content(detail)
        if self._border_subtitle != subtitle:
            self.border_subtitle = subtitle  # pyright: ignore[reportAttributeAccessIssue]


def when_empty(widget: LinePane, words: str) -> None:
    """What the widget says while it has no rows."""
    if widget.empty != words:
        widget.empty = words
        if not widget.row_count:
            widget.refresh()


def toned(text: str, tone: str) -> Text:
    """A cell in a tone of its own; `painted` turns the tone's name into the theme's style."""
    return Text(text, style=tone)


def painted(rows: Sequence[Row], widget: LinePane) -> list[Row]:
    """The rows with every tone's name replaced by the style that `widget`'s theme gives it, once they are looked at."""
    return [Row(row.id, Late(partial(_painted, row.cells, widget)), row.tone, row.heading) for row in rows]


def _painted(cells: Sequence[Cell], widget: LinePane) -> tuple[Cell, ...]:
    return tuple(_styled(cell, widget) for cell in cells)


def _styled(cell: Cell, widget: LinePane) -> Cell:
    if isinstance(cell, str) or cell.style not in TONES:
        return cell
    if isinstance(cell, Parts):
        return Parts(cell.texts, widget.tone(str(cell.style)))
    return Text.assemble((cell.plain, widget.tone(str(cell.style))))


def pane_of(widget: Widget | None) -> Pane | None:
    """The pane a widget lies in."""
    if widget is None:
        return None
    return next((node for node in widget.ancestors_with_self if isinstance(node, Pane)), None)
