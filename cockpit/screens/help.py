"""Help: every key that works where the human stands, and every verb, made from the bindings and the verb table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import Input

from cockpit.verbs import VERBS, Verb
from widgets.ranked_list import Column, RankedList, Row

NAMES = {
    "question_mark": "?", "slash": "/", "colon": ":", "plus": "+", "underscore": "_", "minus": "-",
    "vertical_line": "|", "left_square_bracket": "[", "right_square_bracket": "]",
    "left_curly_bracket": "{", "right_curly_bracket": "}", "number_sign": "#", "escape": "esc",
    "less_than_sign": "<", "greater_than_sign": ">", "pagedown": "page down", "pageup": "page up",
}  # fmt: skip


UNUSED = ("ctrl+pageup", "ctrl+pagedown", "ctrl+c", "super+c")
"""Keys that Textual binds in every scrolling widget or screen and that do nothing here."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of help."""

    group: str
    key: str
    words: str
    why: str = ""
    """Why it does nothing now; empty when it does."""


def entries(screen: Screen[object], verbs: list[tuple[Verb, str]]) -> list[Entry]:
    """Verbs first, those valid now in front; then the keys of the focused pane, then those of the screen."""
    names = {verb.name for verb in VERBS}
    found = [Entry("steer", verb.key, f"{verb.name}: {verb.help}", why) for verb, why in verbs]
    found.sort(key=lambda entry: bool(entry.why))
    keys: dict[tuple[str, str], list[str]] = {}
    nodes = [node for node in (screen.focused, screen) if node is not None]
    for node in nodes:
        group = "here" if node is screen.focused and node is not screen else "screen"
        for key, bindings in node._bindings.key_to_bindings.items():  # pyright: ignore[reportPrivateUsage]
            for binding in bindings:
                verb = binding.action.startswith("app.verb(") or binding.id in names
                unused = key in UNUSED or binding.action in ("scroll_left", "scroll_right")
                if binding.description and not verb and not binding.system and not unused:
                    keys.setdefault((group, binding.description), []).append(NAMES.get(key, key))
    return found + [Entry(group, " ".join(shown), words) for (group, words), shown in keys.items()]


class HelpScreen(ModalScreen[None]):
    """Type to filter; enter or esc closes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+c,enter", "dismiss", "Close", show=False, priority=True),
        Binding("down", "move(1)", "Down", show=False, priority=True),
        Binding("up", "move(-1)", "Up", show=False, priority=True),
        Binding("pagedown", "page(1)", "Page down", show=False, priority=True),
        Binding("pageup", "page(-1)", "Page up", show=False, priority=True),
    ]

    def __init__(self, entries: list[Entry], about: str) -> None:
        super().__init__(id="help")
        self._entries, self._about = entries, about

    def compose(self) -> ComposeResult:
        """A line to type in, above the keys."""
        with Vertical(id="help-box") as box:
            box.border_title = Content(f"Keys{' · ' + self._about if self._about else ''}")  # pyright: ignore[reportAttributeAccessIssue]
            box.border_subtitle = Content("type to filter · esc closes")  # pyright: ignore[reportAttributeAccessIssue]
            entry = Input(placeholder="filter", compact=True, id="help-filter")
            entry.cursor_blink = False
            yield entry
            yield RankedList(Column("", 7), Column("key", 12), Column("what"), Column("why", 32), id="help-list")

    def on_mount(self) -> None:
        """Fill the list."""
        widget = self.query_one(RankedList)
        widget.can_focus = False
        if self.size.width < 90:
            widget.set_columns(Column("", 6), Column("key", 9), Column("what"), Column("why", 18))
        rows: list[Row] = []
        before = ""
        for at, entry in enumerate(self._entries):
            group, before = ("" if entry.group == before else entry.group), entry.group
            key = Text.assemble((entry.key, widget.tone("dim" if entry.why else "accent")))
            cells = (Text.assemble((group, widget.tone("dim"))), key, entry.words, entry.why)
            rows.append(Row(str(at), cells, "dim" if entry.why else ""))
        widget.set_rows(rows)
        self.query_one(Input).focus()

    @on(Input.Changed)
    def typed(self, event: Input.Changed) -> None:
        """Only keys with these words."""
        self.query_one(RankedList).set_filter(event.value)

    def action_move(self, rows: int) -> None:
        """Go through the list while typing."""
        self.query_one(RankedList).action_move(rows)

    def action_page(self, pages: float) -> None:
        """Go through the list by pages."""
        self.query_one(RankedList).action_page(pages)
