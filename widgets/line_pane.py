"""The base of every list, log and document on the screen: rows painted straight to strips, one widget per pane."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import ClassVar

from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from widgets.kept_strips import KeptStrips, Look
from widgets.kept_styles import KeptStyles
from widgets.plain import strip_of
from widgets.row_map import RowMap
from widgets.tones import COMPONENTS, TONES, tone_style, tones_css

BAR = "▌"
"""The mark of the row under the cursor: it shows without any colour."""

CONSOLE = Console(color_system="truecolor", legacy_windows=False)
"""What rich asks to turn text into segments; nothing is ever printed to it."""


class LinePane(ScrollView, can_focus=True):
    """Rows of text with a cursor and a filter. A subclass gives `row_count` and `render_row`, and says what changed.

    A *row* is what the cursor stands on; it takes one line of the screen unless `row_heights` says more. A row is
    rendered once and kept until `refresh_rows`, another width, or another theme drops it (limits-screen, C2 and D).
    """

    ALLOW_SELECT = False
    CURSOR_COLUMN: ClassVar[int] = 1
    """Cells at the left that carry the cursor's bar; 0 leaves the bar out."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "line-pane--cursor",
        "line-pane--bar",
        "line-pane--match",
        *COMPONENTS,
    }

    DEFAULT_CSS = """
    LinePane {
        background: $background;
        color: $foreground;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-gutter: stable;
        scrollbar-size-vertical: 1;
        & > .line-pane--cursor { background: $block-cursor-blurred-background; }
        & > .line-pane--bar { color: $border-blurred; }
        & > .line-pane--match { text-style: underline; }
        &:focus > .line-pane--cursor { background: $block-cursor-background; text-style: bold; }
        &:focus > .line-pane--bar { color: $primary; }
        &:ansi:focus > .line-pane--cursor { text-style: reverse; }
    }
    """ + tones_css("LinePane")

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "move(1)", "Down", show=False, id="pane.down"),
        Binding("k,up", "move(-1)", "Up", show=False, id="pane.up"),
        Binding("g,home", "top", "First", show=False, id="pane.top"),
        Binding("G,end", "bottom", "Last", show=False, id="pane.bottom"),
        Binding("ctrl+d", "page(0.5)", "Half a page down", show=False, id="pane.half-down"),
        Binding("ctrl+u", "page(-0.5)", "Half a page up", show=False, id="pane.half-up"),
        Binding("pagedown", "page(1)", "Page down", show=False, id="pane.page-down"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="pane.page-up"),
        Binding("enter", "choose", "Open", show=False, id="pane.choose"),
        Binding("slash", "ask_filter", "Filter", show=False, id="pane.filter"),
    ]

    class FilterAsked(Message):
        """`/` was pressed: whoever shows an input should ask for the words and call `set_filter`."""

        def __init__(self, pane: LinePane) -> None:
            super().__init__()
            self.pane = pane
            """The pane whose rows are to be filtered."""

        @property
        def control(self) -> LinePane:
            """The pane, for `@on(..., selector)`."""
            return self.pane

    def __init__(self, *, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self.empty = ""
        """What a pane without rows says."""
        self._cursor = 0
        self._filter = ""
        self._map = RowMap()
        self._strips = KeptStrips()
        self._styles = KeptStyles(self._find_style)

    # What a subclass gives

    @property
    def row_count(self) -> int:
        """How many rows there are, filter aside."""
        return 0

    def render_row(self, index: int, width: int) -> Text | list[Segment]:
        """The row as text of at most `width` cells; what is wider is cropped with an ellipsis."""
        raise NotImplementedError

    def row_lines(self, index: int, width: int) -> Sequence[Text | list[Segment]]:
        """The screen lines of a row; one, unless a subclass wraps."""
        return (self.render_row(index, width),)

    def row_heights(self, width: int) -> Sequence[int] | None:  # noqa: ARG002
        """Screen lines per row when the rows are `width` cells wide, or None if each takes one."""
        return None

    def row_text(self, index: int) -> str:
        """The plain words of a row: what the filter searches and what copying gives."""
        row = self.render_row(index, 10_000)
        return row.plain if isinstance(row, Text) else "".join(segment.text for segment in row)

    def row_key(self, index: int) -> Hashable:
        """What a rendered row is kept under: the index, unless rows move without changing."""
        return index

    def stands(self, index: int) -> bool:  # noqa: ARG002
        """Whether the cursor may stand on a row; headings say no, are passed over and left out by the filter."""
        return True

    def cursor_moved(self) -> None:
        """Called after the cursor came to stand on another row."""

    def choose(self, index: int) -> None:
        """Called when a row is chosen with enter or a double click."""

    # What a subclass says

    def rows_changed(self, *, repaint: bool = True) -> None:
        """Rows came, went, or changed their height: measure again, keep the cursor inside, and paint.

        With `repaint=False` only the measures are taken; the caller says which rows to paint.
        """
        count = self.row_count
        self._map = RowMap(self._matching() if self._filter else None)
        self._measure()
        position = self._map.position(self._cursor)
        shown = self._map.shown
        if shown is None:
            self._cursor = self._standing(max(0, min(self._cursor, count - 1)), 1) if count else 0
        elif shown:
            self._cursor = shown[min(position, len(shown) - 1)]
        if repaint:
            self.refresh()

    def _matching(self) -> list[int]:
        needle, fold = _needle(self._filter)
        texts = ((row, self.row_text(row)) for row in range(self.row_count))
        return [row for row, text in texts if needle in (text.lower() if fold else text) and self.stands(row)]

    def forget_rows(self) -> None:
        """Drop everything rendered: all rows have changed."""
        self._strips.clear()

    def refresh_rows(self, indices: Iterable[int]) -> None:
        """These rows changed, their height did not: render and paint them again, and nothing else."""
        rows = list(indices)
        for index in rows:
            self.forget_row(self.row_key(index))
        self.paint_rows(rows)

    def forget_row(self, key: Hashable) -> None:
        """Drop what was rendered under `key` (see `row_key`)."""
        self._strips.drop(key)

    def paint_rows(self, indices: Iterable[int]) -> None:
        """Paint these rows again from what is kept, if they are on the screen."""
        top, height = self.scroll_offset.y, self.size.height
        regions: list[Region] = []
        for index in indices:
            position = self._map.position(index)
            if position >= self.shown_count or self._map.row(position) != index:
                continue
            first, last = self._map.line(position), self._map.line(position + 1)
            if first < top + height and last > top:
                regions.append(Region(0, first - top, self.size.width, last - first))
        if regions:
            self.refresh(*regions)

    # Styles

    def tone(self, name: str) -> Style:
        """The style of a tone (or any component class) without its background, so that it lies on any row."""
        return self._styles.get(name)

    @property
    def base_style(self) -> Style:
        """The style of a row without a cursor."""
        return self._styles.get("")

    @property
    def cursor_style(self) -> Style:
        """The style of the row under the cursor."""
        return self._styles.get("line-pane--cursor")

    def _find_style(self, name: str) -> Style:
        if not name:
            return self.rich_style
        if name == "line-pane--cursor":
            return self.base_style + self.get_component_rich_style(name)
        return tone_style(self, f"tone--{name}" if name in TONES else name)

    def notify_style_update(self) -> None:
        """Another theme, class or focus: what is kept has to be looked through before it is painted again."""
        super().notify_style_update()
        self._styles.stale = True

    def _renew_styles(self) -> None:
        """Look the styles up again; drop the rendered rows only if one they use became another."""
        if self._styles.renew() - {"line-pane--cursor", "line-pane--bar"}:
            self.forget_rows()
        else:
            self._strips.drop_here()

    # Cursor

    @property
    def cursor(self) -> int:
        """The row under the cursor, counted without the filter; 0 when there is none."""
        return self._cursor

    @cursor.setter
    def cursor(self, index: int) -> None:
        self.move_cursor(index)

    @property
    def shown_count(self) -> int:
        """How many rows the filter lets through."""
        return self.row_count if self._map.shown is None else len(self._map.shown)

    @property
    def cursor_shown(self) -> bool:
        """Whether the row under the cursor is marked."""
        return True

    def move_cursor(self, index: int) -> None:
        """Put the cursor on row `index` (or the nearest shown one) and bring it into view."""
        if not self.shown_count:
            return
        position = max(0, min(self._map.position(index), self.shown_count - 1))
        index = self._map.row(self._standing(position, -1 if index < self._cursor else 1))
        old, self._cursor = self._cursor, index
        if old != index:
            self.paint_rows((old, index))
        self.bring_into_view(index)
        if old != index:
            self.cursor_moved()

    def _standing(self, position: int, step: int) -> int:
        """The nearest position in this direction where the cursor may stand, else the nearest the other way."""
        ahead = range(position, self.shown_count) if step > 0 else range(position, -1, -1)
        behind = range(position - 1, -1, -1) if step > 0 else range(position + 1, self.shown_count)
        return next((at for way in (ahead, behind) for at in way if self.stands(self._map.row(at))), position)

    def bring_into_view(self, index: int) -> None:
        """Scroll as little as possible so that row `index` is seen, and the heading above it."""
        position = self._map.position(index)
        first, last = self._map.line(position), self._map.line(position + 1)
        top, height = self.scroll_offset.y, self.size.height
        above = self._map.line(position - 1)
        if position and last - above <= height and not self.stands(self._map.row(position - 1)):
            first = above
        if first < top or last - first > height:
            self.scroll_to(y=first, animate=False, force=True)
        elif last > top + height:
            self.scroll_to(y=last - height, animate=False, force=True)

    def action_move(self, rows: int) -> None:
        """Move the cursor by `rows` shown rows."""
        if self.shown_count:
            position = self._map.position(self._cursor) + rows
            self.move_cursor(self._map.row(max(0, min(position, self.shown_count - 1))))

    def action_top(self) -> None:
        """Move to the first row."""
        self.action_move(-self.shown_count)

    def action_bottom(self) -> None:
        """Move to the last row."""
        self.action_move(self.shown_count)

    def action_page(self, pages: float) -> None:
        """Move by a part of the pane's height."""
        if not self.shown_count:
            return
        step = int((self.size.height - 1) * abs(pages)) or 1
        line = self._map.line(self._map.position(self._cursor)) + (step if pages > 0 else -step)
        position, _ = self._map.at(max(0, min(line, self.line_count - 1)))
        self.move_cursor(self._map.row(position))

    def action_choose(self) -> None:
        """Choose the row under the cursor."""
        if self.shown_count:
            self.choose(self._cursor)

    def action_ask_filter(self) -> None:
        """Ask whoever listens for the words to filter by."""
        self.post_message(self.FilterAsked(self))

    # Filter and copy

    @property
    def filter(self) -> str:
        """The words rows must contain; empty shows all."""
        return self._filter

    def set_filter(self, text: str) -> None:
        """Show only rows containing `text`; capitals count only if `text` has one. Empty shows all."""
        if text != self._filter:
            before = self._cursor if self.shown_count else None
            self._filter = text
            self.rows_changed()
            if self.shown_count:
                self.bring_into_view(self._cursor)
                if self._cursor != before:  # its row was filtered away
                    self.cursor_moved()

    def copy_text(self) -> str:
        """The plain words of the row under the cursor."""
        return self.row_text(self._cursor) if self.shown_count else ""

    # Lines of the screen

    @property
    def line_count(self) -> int:
        """Screen lines of all shown rows together."""
        return self._map.line(self.shown_count)

    @property
    def row_width(self) -> int:
        """Cells a row may take, the cursor's column left out."""
        return max(1, self.scrollable_content_region.width - self.CURSOR_COLUMN)

    def _measure(self) -> None:
        self._map = RowMap(self._map.shown, self.row_heights(self.row_width))
        old, new = self.virtual_size.height, self.line_count
        if old == new:
            return
        size, page = Size(self.size.width, new), self.size.height
        if old > page and new > page > 0:
            # Nothing about the layout changes while the scrollbar stays: spare the whole screen a layout.
            self.set_reactive(Widget.virtual_size, size)  # pyright: ignore[reportArgumentType]
            self.vertical_scrollbar.window_virtual_size = new
            if self.scroll_offset.y > new - page:
                self.scroll_to(y=new - page, animate=False, force=True)
        else:
            self.virtual_size = size

    def render_line(self, y: int) -> Strip:
        """One line of the screen, from what is kept if it can."""
        if self._styles.stale:
            self._renew_styles()
        line = y + self.scroll_offset.y
        if line >= self.line_count:
            return self._beyond(y)
        position, part = self._map.at(line)
        index = self._map.row(position)
        here = index == self._cursor and self.cursor_shown
        look = Look(self.row_key(index), here, self.has_focus if here else False, self.row_width)
        strips = self._strips.get(look)
        if strips is None:
            strips = self._paint(index, here, look.width)
            if self._strips.full:
                self.forget_rows()
            self._strips.keep(look, strips)
        return strips[part] if part < len(strips) else self._blank()

    def _paint(self, index: int, here: bool, width: int) -> list[Strip]:
        style = self.cursor_style if here else self.base_style
        strips: list[Strip] = []
        for row in self.row_lines(index, width):
            strip = strip_of(self.segments_of(row), width, style)
            if self.CURSOR_COLUMN:
                bar = Segment(BAR, style + self.tone("line-pane--bar")) if here else Segment(" ", style)
                strip = Strip([bar, *strip], width + 1)
            strips.append(strip)
        return strips

    @staticmethod
    def segments_of(row: Text | list[Segment]) -> Iterable[Segment]:
        """A row as segments."""
        return row.render(CONSOLE, end="") if isinstance(row, Text) else row

    def _blank(self) -> Strip:
        return Strip.blank(self.row_width + self.CURSOR_COLUMN, self.base_style)

    def _beyond(self, y: int) -> Strip:
        if y == 0 and self.empty and not self.shown_count:
            words = "nothing matches" if self._filter and self.row_count else self.empty
            return strip_of([Segment(f" {words}", self.tone("dim"))], self.row_width + 1, self.base_style)
        return self._blank()

    def on_resize(self, event: events.Resize) -> None:  # noqa: ARG002
        """Another width may wrap rows anew."""
        self._measure()

    def on_click(self, event: events.Click) -> None:
        """A click moves the cursor, a double click chooses."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        line = offset.y + self.scroll_offset.y
        if 0 <= line < self.line_count:
            index = self._map.row(self._map.at(line)[0])
            if not self.stands(index):
                return
            self.move_cursor(index)
            if event.chain == 2:
                self.action_choose()


def _needle(text: str) -> tuple[str, bool]:
    """What to look for, and whether capitals are ignored: they are unless the words have one."""
    fold = text == text.lower()
    return text, fold
