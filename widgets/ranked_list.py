"""A list whose order changes under the reader's eyes, and which lets them read all the same."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.message import Message

from widgets.line_pane import CONSOLE, LinePane
from widgets.parts import Parts
from widgets.plain import MORE, harmless
from widgets.tones import TONES


@dataclass(frozen=True)
class Column:
    """A column of a `RankedList`."""

    title: str
    """Its name, for a header or a help page."""
    width: int | None = None
    """Its cells, or None for a share of what is left."""
    align: Literal["left", "right"] = "left"
    """At which side the text stands."""
    share: int = 1
    """How much of what is left it gets, beside the others without a width."""
    fits: bool = False
    """It gets no more of its share than its widest cell needs; the others without a width get the rest."""


Cell = Text | str | Parts


@dataclass(frozen=True)
class Row:
    """One row: an identity that survives re-ranking, a text per column, and a tone."""

    id: str
    cells: Sequence[Cell]
    """May be made late (`widgets.late`): only those of rows on the screen are looked at, and of all under a filter."""
    tone: str = ""
    """One of `TONES`, or nothing."""
    heading: bool = False
    """A line between rows: the cursor passes over it."""


class RankedList(LinePane):
    """Rows in ranked order; the selection follows the row's id, and only rows that moved are painted.

    While `frozen`, the order on the screen stands still: rows already shown are updated in place, rows that are gone
    turn dim, and new ones wait behind `pending` until `thaw` (limits-screen B18, design law 8).
    """

    class Highlighted(Message):
        """Another row is under the cursor."""

        def __init__(self, ranked_list: RankedList, id: str) -> None:
            super().__init__()
            self.ranked_list = ranked_list
            """The list."""
            self.id = id
            """The row's id."""

        @property
        def control(self) -> RankedList:
            """The list, for `@on(..., selector)`."""
            return self.ranked_list

    class Chosen(Message):
        """A row was chosen with enter or a double click."""

        def __init__(self, ranked_list: RankedList, id: str) -> None:
            super().__init__()
            self.ranked_list = ranked_list
            """The list."""
            self.id = id
            """The row's id."""

        @property
        def control(self) -> RankedList:
            """The list, for `@on(..., selector)`."""
            return self.ranked_list

    def __init__(
        self, *columns: Column, name: str | None = None, id: str | None = None, classes: str | None = None
    ) -> None:
        self._rendered: dict[str, Row] = {}
        self._needs = [0] * len(columns)
        super().__init__(name=name, id=id, classes=classes)
        self._columns: tuple[Column, ...] = columns
        self._rows: list[Row] = []
        self._latest: list[Row] | None = None
        self._frozen = False

    @property
    def row_count(self) -> int:
        """How many rows are in the shown order."""
        return len(self._rows)

    @property
    def rows(self) -> Sequence[Row]:
        """The rows in the order shown."""
        return tuple(self._rows)

    @property
    def selected(self) -> str | None:
        """The id of the row under the cursor."""
        return self._rows[self.cursor].id if self.shown_count and self.stands(self.cursor) else None

    def stands(self, index: int) -> bool:
        """The cursor passes over headings."""
        return not self._rows[index].heading

    def select(self, id: str) -> bool:
        """Put the cursor on the row with this id; False if no such row is in the shown order, or it is a heading."""
        for index, row in enumerate(self._rows):
            if row.id == id:
                self.move_cursor(index)
                return self.cursor == index
        return False

    def set_columns(self, *columns: Column) -> None:
        """Take other columns; rows are painted anew."""
        self._columns = columns
        self.forget_rows()
        self.refresh()

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Take the rows as ranked now. While frozen, the order shown stays (see the class)."""
        if not self._frozen:
            self._latest = None
            self._take(list(rows))
            return
        self._latest = list(rows)
        now = {row.id: row for row in rows}
        self._take([now.get(old.id) or self.ghost(old) for old in self._rows])

    def ghost(self, row: Row) -> Row:
        """How a row that is gone is shown while its place is held."""
        return replace(row, tone="dim")

    @property
    def frozen(self) -> bool:
        """Whether the order shown stands still; setting it to False is `thaw`."""
        return self._frozen

    @frozen.setter
    def frozen(self, frozen: bool) -> None:
        self._frozen = frozen
        if not frozen:
            self.thaw()

    def catch_up(self) -> None:
        """Show what waited; a frozen order is frozen again as it is now."""
        frozen = self._frozen
        self.thaw()
        self._frozen = frozen

    def thaw(self) -> None:
        """Let the order move again and show what waited."""
        self._frozen = False
        if self._latest is not None:
            latest, self._latest = self._latest, None
            self._take(latest)

    @property
    def pending(self) -> str:
        """What waits behind the frozen order in a few words, such as `+2 new, 1 gone`; empty if nothing does."""
        if self._latest is None:
            return ""
        order, now = [row.id for row in self._rows], [row.id for row in self._latest]
        shown, latest = set(order), set(now)
        new, gone = len(latest - shown), len(shown - latest)
        words = ", ".join(words for count, words in ((new, f"+{new} new"), (gone, f"{gone} gone")) if count)
        return words or ("another order" if order != now else "")

    def _take(self, rows: list[Row]) -> None:
        selected, old_cursor, old_shown = self.selected, self.cursor, self._visible_rows()
        self._rows = rows
        needs = [self._need(number) if column.fits else 0 for number, column in enumerate(self._columns)]
        if needs != self._needs:
            self._needs = needs
            self.forget_rows()
            self.refresh()
        if old_cursor >= len(rows) or rows[old_cursor].id != selected:
            found = (index for index, row in enumerate(rows) if row.id == selected)
            self._cursor = next(found, min(old_cursor, len(rows) - 1))
        self._cursor = max(0, self._cursor)
        self.rows_changed(repaint=False)
        new_shown = self._visible_rows()
        if len(old_shown) != len(new_shown) or self._filter:
            self.refresh()
        else:
            moved = [
                i for i, old, new in zip(self._visible_indices(), old_shown, new_shown, strict=False) if old != new
            ]
            self.paint_rows({*moved, old_cursor, self._cursor} if old_cursor != self._cursor else moved)
        if self.has_focus and self.shown_count:
            self.bring_into_view(self._cursor)
        if self.selected != selected:
            self.cursor_moved()

    def _visible_indices(self) -> range:
        top = self.scroll_offset.y
        return range(top, min(top + self.size.height, len(self._rows)))

    def _visible_rows(self) -> list[Row]:
        return [self._rows[i] for i in self._visible_indices()]

    def row_key(self, index: int) -> Hashable:
        """Rows are kept under their id: re-ranking renders nothing anew, only a row that says something else."""
        row = self._rows[index]
        kept = self._rendered.get(row.id)
        if kept is not row:
            if kept != row:
                self.forget_row(row.id)
            self._rendered[row.id] = row
        return row.id

    def forget_rows(self) -> None:
        """Drop everything rendered."""
        super().forget_rows()
        self._rendered.clear()

    def row_text(self, index: int) -> str:
        """The cells' words."""
        return "  ".join(cell if isinstance(cell, str) else cell.plain for cell in self._rows[index].cells)

    def cursor_moved(self) -> None:
        """Tell which row is highlighted."""
        if (selected := self.selected) is not None:
            self.post_message(self.Highlighted(self, selected))

    def choose(self, index: int) -> None:
        """Tell which row is chosen."""
        self.post_message(self.Chosen(self, self._rows[index].id))

    def _need(self, number: int) -> int:
        """Cells that the widest text of a column takes."""
        cells = (row.cells[number] for row in self._rows if number < len(row.cells))
        return max((cell_len(cell if isinstance(cell, str) else cell.plain) for cell in cells), default=0)

    def widths(self, width: int) -> list[int]:
        """Cells of each column when the row has `width`; one cell stands between two columns."""
        left = max(0, width - max(0, len(self._columns) - 1) - sum(column.width or 0 for column in self._columns))
        shares = sum(column.share for column in self._columns if column.width is None)
        taken = {
            number: min(self._needs[number], -(-left * column.share // shares))
            for number, column in enumerate(self._columns)
            if column.fits and column.width is None
        }
        left -= sum(taken.values())
        shares -= sum(self._columns[number].share for number in taken)
        found: list[int] = []
        for number, column in enumerate(self._columns):
            if column.width is not None:
                found.append(column.width)
            elif number in taken:
                found.append(taken[number])
            else:
                found.append(-(-left * column.share // shares))
                left, shares = left - found[-1], shares - column.share
        return found

    def render_row(self, index: int, width: int) -> list[Segment]:
        """The cells side by side, each cropped or padded to its column."""
        row = self._rows[index]
        style = self.tone(row.tone) if row.tone in TONES else Style.null()
        segments: list[Segment] = []
        columns = self._columns or (Column(""),) * len(row.cells)
        for number, (column, cells, cell) in enumerate(zip(columns, self.widths(width), row.cells, strict=False)):
            if number:
                segments.append(Segment(" ", style))
            segments.extend(_fit(cell, cells, column.align, style))
        return segments


def _fit(cell: Cell, width: int, align: str, style: Style) -> list[Segment]:
    """A cell as segments of exactly `width` cells."""
    if width <= 0:
        return []
    if isinstance(cell, str):
        text = harmless(cell)
        room = width - cell_len(text)
        if room < 0:
            text, room = set_cell_size(text, width - 1) + MORE, 0
        pad = " " * room
        return [Segment(pad + text if align == "right" else text + pad, style)]
    rich = cell.fit(width) if isinstance(cell, Parts) else cell.copy()
    rich.plain = harmless(rich.plain)
    rich.no_wrap = True
    rich.truncate(width, overflow="ellipsis")
    rich.pad_left(width - rich.cell_len) if align == "right" else rich.pad_right(width - rich.cell_len)
    lines = rich.wrap(CONSOLE, width + 1, no_wrap=True)
    return [Segment(text, style + own if own else style) for text, own, _ in lines[0].render(CONSOLE, end="")]
