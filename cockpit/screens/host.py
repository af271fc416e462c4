"""What screens ask of the app: it lies above them, so they know it by these words only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, cast

from textual.message_pump import MessagePump

from cockpit.panes.pane import Pane
from cockpit.verbs import Verb
from cockpit.wire import SignalView

Command = tuple[str, str, Callable[[], object]]
"""An entry of the palette: name with key, help, and what it does."""


class Host(Protocol):
    """The app of one repository."""

    def weigh(self) -> None:
        """Find out which keys are valid for the selected row and tell the screen."""
        ...

    async def weighed(self) -> list[tuple[Verb, str]]:
        """Every verb with the reason it is refused for the selected row, empty when it is valid."""
        ...

    def commands(self) -> list[Command]:
        """The palette's entries beside the verbs."""
        ...

    def action_verb(self, name: str) -> None:
        """Ask what the verb needs and steer."""
        ...

    def action_timeline(self) -> None:
        """Show what was steered."""
        ...

    def act(self, name: str, target: str, words: Mapping[str, str]) -> None:
        """Steer with words that are known already."""
        ...

    def review(self, item: str) -> bool:
        """Open what waits for the human's word: the brief at the scope gate, else the review; False without either."""
        ...

    def brief(self, item: str) -> None:
        """Open the brief of an item: the one that waits, was sent, or would be sent now."""
        ...

    def why(self, pane: Pane) -> None:
        """Say why the selected row of a pane stands where it stands."""
        ...

    def heeded(self, signal: SignalView) -> None:
        """The human opened this signal: an act on it that follows is an answer to it."""
        ...

    def attach(self, session: str) -> None:
        """Go to a delegate's tmux session."""
        ...

    def edit_spec(self, number: int) -> None:
        """Open the spec in the human's editor at a line."""
        ...

    def open_file(self, named: str, number: int) -> None:
        """Open a file of the repository, as the spec names it, in the human's editor at a line."""
        ...

    def open_named(self, named: Sequence[tuple[str, int]]) -> bool:
        """Open the first of these (path, line) that is a file of the repository; False when none is."""
        ...


def host(node: MessagePump) -> Host:
    """The app a screen or widget runs in."""
    return cast("Host", node.app)
