"""A stage with one widget on it, and what it shows."""

from __future__ import annotations

from typing import Any

from textual.app import App, ComposeResult
from textual.message import Message
from textual.widget import Widget

from widgets.terminal import DiffDisplay


class Stage(DiffDisplay, App[None]):
    """An app around one widget; messages that reach the app are kept."""

    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self.widget = widget
        self.heard: list[Message] = []

    def compose(self) -> ComposeResult:
        yield self.widget

    def on_mount(self) -> None:
        self.widget.focus()

    async def on_message(self, message: Message) -> None:
        pass

    async def _on_message(self, message: Message) -> None:
        if type(message).__module__.startswith("widgets."):
            self.heard.append(message)
        await super()._on_message(message)

    def told(self, kind: type[Message]) -> list[Any]:
        """The messages of one kind that reached the app."""
        return [message for message in self.heard if type(message) is kind]


def lines_of(app: App[Any]) -> list[str]:
    """The screen as plain lines without trailing blanks and scrollbars."""
    return [strip.text.rstrip(" ▁▂▃▄▅▆▇█") for strip in app.screen._compositor.render_strips()]
