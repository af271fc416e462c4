"""A small editor for words of several lines: the goal, the parts of a split."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static, TextArea

from cockpit.errors import CockpitError
from cockpit.screens import outside


class EditorScreen(ModalScreen[str | None]):
    """Gives the text, or None when cancelled. Plain keys only: ctrl+enter does not exist inside tmux."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+d,f2", "save", "Save", priority=True, show=False),
        Binding("escape,ctrl+c", "cancel", "Cancel", priority=True, show=False),
        Binding("f4", "editor", "$EDITOR", priority=True, show=False),
    ]

    def __init__(self, title: str, text: str, *, required: bool = True) -> None:
        super().__init__(id="editor")
        self._title, self._text, self._required = title, text, required

    def compose(self) -> ComposeResult:
        """The text area in a frame, with its keys below."""
        with Vertical(id="editor-box") as box:
            box.border_title = Content(self._title)  # pyright: ignore[reportAttributeAccessIssue]
            area = TextArea(self._text, id="editor-text", compact=True, highlight_cursor_line=False)
            area.cursor_blink = False
            yield area
            yield Static(Content("ctrl+d save · F4 $EDITOR · esc cancel"), id="editor-keys")

    def on_mount(self) -> None:
        """Stand at the end of the text."""
        area = self.query_one(TextArea)
        area.move_cursor(area.document.end)
        area.focus()

    def _say(self, words: str) -> None:
        self.query_one("#editor-keys", Static).update(Content(words))

    def action_save(self) -> None:
        """Give the text; empty is refused in words."""
        text = self.query_one(TextArea).text.strip()
        if self._required and not text:
            self._say("something must stand here · esc cancels")
            return
        self.dismiss(text)

    def action_cancel(self) -> None:
        """Change nothing."""
        self.dismiss(None)

    def action_editor(self) -> None:
        """Go on in the human's own editor."""
        area = self.query_one(TextArea)
        try:
            area.text = outside.edited(self.app, area.text)  # pyright: ignore[reportUnknownArgumentType]
        except CockpitError as error:
            self._say(str(error))
