"""The bottom of every screen that steers: the last receipt or refusal, the prompt in its place, and the keys."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical

from cockpit.screens.prompt import Prompt
from widgets.key_bar import KeyBar
from widgets.status_line import Segment, StatusLine


class Foot(Vertical):
    """Two rows. No timers: a word stays until the next one (toasts would send bytes, limits-screen C5)."""

    def __init__(self) -> None:
        super().__init__(id="foot")
        self._said = ("", "")
        self._notes: Sequence[str] = ()

    def compose(self) -> ComposeResult:
        """The notice, the prompt, the keys."""
        yield StatusLine(id="notice")
        yield Prompt()
        yield KeyBar(id="keys")

    @property
    def prompt(self) -> Prompt:
        """What asks."""
        return self.query_one(Prompt)

    @property
    def said(self) -> str:
        """The last words said."""
        return self._said[0]

    def say(self, words: str, tone: str = "ok") -> None:
        """Show one line: a receipt (`ok`), a refusal (`warn`), a failure (`alert`)."""
        self._said = (words, tone)
        self._paint()

    def note(self, notes: Sequence[str]) -> None:
        """What the human must know now, at the right."""
        self._notes = tuple(notes)
        self._paint()

    def set_keys(self, keys: Sequence[tuple[str, str, bool]]) -> None:
        """The keys valid now."""
        self.query_one(KeyBar).set_keys(keys)

    def _paint(self) -> None:
        words, tone = self._said
        more = f" (and {len(self._notes) - 1} more)" if len(self._notes) > 1 else ""
        left = [Segment(words, tone, 2)] if words else []
        right = [Segment(self._notes[0] + more, "warn", 1)] if self._notes else []
        self.query_one("#notice", StatusLine).set_segments(left, right)

    @on(KeyBar.Pressed)
    def pressed(self, event: KeyBar.Pressed) -> None:
        """A click on a key is the key."""
        event.stop()
        names = {"|": "vertical_line", "-": "minus", "?": "question_mark", "+": "plus", "/": "slash", ":": "colon"}
        self.app.simulate_key(names.get(event.key, event.key))
