"""What the screens that steer have in common; modal windows lie over them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.binding import Binding
from textual.screen import Screen

from cockpit.panes.pane import Target
from cockpit.panes.view import View
from cockpit.screens.foot import Foot
from cockpit.screens.host import host
from cockpit.verbs import BY_NAME, Verb
from widgets.key_bar import KeyBar


def steers(screen: str, names: Sequence[str]) -> Iterator[Binding]:
    """The keys of these verbs, for a screen on which not all of them make sense; ids begin with the screen's name."""
    for name in names:
        yield Binding(BY_NAME[name].key, f"app.verb({name!r})", BY_NAME[name].help, show=False, id=f"{screen}-{name}")


class Steerable(Screen[None]):
    """A screen with a foot, on which the verbs act upon a target."""

    OF_HISTORY: ClassVar[bool] = False
    """Whether what is selected is a commit, on which only edits of history act."""

    @property
    def foot(self) -> Foot:
        """Notices, prompt, keys."""
        return self.query_one(Foot)

    @property
    def stands(self) -> bool:
        """Whether all its widgets are there: it may be about to come or to go while a worker ends."""
        return self.is_mounted and bool(self.query(KeyBar))

    @property
    def target(self) -> Target:
        """What a verb would act on."""
        raise NotImplementedError

    def show(self, view: View) -> None:
        """Take another view."""
        raise NotImplementedError

    def retarget(self) -> None:
        """The selected row is another, or means something else: ask for the keys valid now."""
        self.app.call_later(host(self).weigh)

    def show_keys(self, verbs: list[tuple[Verb, str]]) -> None:
        """The verbs with the reason each is refused, for the selected row."""
        raise NotImplementedError
