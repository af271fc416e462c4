"""The one row that asks: a label, an input, and choices that tab and the arrows go through."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static


class PromptInput(Input):
    """An input without blink whose tab key chooses instead of leaving."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+c", "cancel", "Cancel", show=False, priority=True),
        Binding("tab,down", "choice(1)", "Next choice", show=False, priority=True),
        Binding("shift+tab,up", "choice(-1)", "Previous choice", show=False, priority=True),
    ]

    def __init__(self) -> None:
        super().__init__(compact=True, select_on_focus=False, id="prompt-input")
        self.cursor_blink = False
        self.choices: Sequence[str] = ()

    def action_cancel(self) -> None:
        """Leave without an answer."""
        prompt = self.parent
        if isinstance(prompt, Prompt):
            prompt.answer(None)

    def action_choice(self, step: int) -> None:
        """Put the next or the previous choice into the input."""
        if not self.choices:
            return
        at = self.choices.index(self.value) + step if self.value in self.choices else (0 if step > 0 else -1)
        self.value = self.choices[at % len(self.choices)]
        self.cursor_position = len(self.value)


class Prompt(Horizontal):
    """Asks one thing at a time; hidden while it asks nothing."""

    def __init__(self) -> None:
        super().__init__(id="prompt")
        self._waiting: asyncio.Future[str | None] | None = None
        self._required = False
        self._live: Callable[[str], object] | None = None
        self._hint: Callable[[str], str] | None = None
        self._label = ""
        self._before: Widget | None = None

    def compose(self) -> ComposeResult:
        """The label, the input, and the hint at the right."""
        yield Static(id="prompt-label")
        yield PromptInput()
        yield Static(id="prompt-hint")

    async def ask(
        self,
        label: str,
        *,
        value: str = "",
        choices: Sequence[str] = (),
        required: bool = False,
        live: Callable[[str], object] | None = None,
        hint: Callable[[str], str] | None = None,
    ) -> str | None:
        """The words typed, or None when cancelled. `live` is told of every keystroke (filters), `hint` says at the
        right what they come to.
        """
        self.answer(None)
        self._waiting = asyncio.get_running_loop().create_future()
        self._required, self._live, self._label = required, None, label
        entry = self.query_one(PromptInput)
        if self.screen.focused is not entry:
            self._before = self.screen.focused
        self._say(label)
        self._hint = hint
        self._tell(value, choices)
        entry.choices = choices
        entry.value = value
        entry.cursor_position = len(value)
        self._live = live
        self._stand(True)
        entry.focus()
        try:
            return await self._waiting
        finally:
            # The next question of the same verb follows at once: until then keys stay here and steer nothing.
            self.call_after_refresh(self._leave)

    async def confirm(self, label: str) -> bool:
        """Whether the first key is `y`: any other is a no, enter and escape too."""

        def key(words: str) -> None:
            if words:
                self.answer("y" if words.lower() == "y" else None)

        return await self.ask(label, live=key) == "y"

    def _leave(self) -> None:
        if self.asking:
            return
        self._stand(False)
        before, focused = self._before, self.screen.focused
        if before is not None and before.is_attached and focused in (self.query_one(PromptInput), None):
            before.focus()

    @property
    def question(self) -> str:
        """What is asked now; empty when nothing is."""
        return self._label if self.asking else ""

    @property
    def asking(self) -> bool:
        """Whether somebody waits for an answer."""
        return self._waiting is not None and not self._waiting.done()

    def answer(self, words: str | None) -> None:
        """Give the answer; None cancels."""
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(words)

    def _stand(self, asking: bool) -> None:
        """Take the notice's place, or give it back: the foot's style says which is seen."""
        if self.parent is not None and self.is_attached:
            self.parent.set_class(asking, "asking")

    def _tell(self, value: str, choices: Sequence[str]) -> None:
        many = "  ".join(choices) if sum(map(len, choices)) < 60 and self._hint is None else f"{len(choices)} choices"
        way = f"tab: {many}  " if choices else "esc cancels "
        said = f"{self._hint(value)} · " if self._hint is not None else ""
        self.query_one("#prompt-hint", Static).update(Content(said + way))

    def _say(self, label: str, tone: str = "") -> None:
        widget = self.query_one("#prompt-label", Static)
        widget.set_class(bool(tone), "refused")
        widget.update(Content(f" {label} "))

    @on(Input.Submitted)
    def submitted(self, event: Input.Submitted) -> None:
        """Enter: what is required must not be empty."""
        event.stop()
        words = event.value.strip()
        if self._required and not words:
            self._say(f"{self._label} (something must stand here; esc cancels)", "warn")
            return
        self.answer(words)

    @on(Input.Changed)
    def changed(self, event: Input.Changed) -> None:
        """Every keystroke, for filters."""
        event.stop()
        if self._live is not None and self.asking:
            self._live(event.value)
        if self._hint is not None and self.asking:
            self._tell(event.value, self.query_one(PromptInput).choices)
