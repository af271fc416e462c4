"""What the human does on a screen: which verbs are valid for the selected row, and from a key to the act."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Protocol

from cockpit.clean import line
from cockpit.panes.view import View
from cockpit.paths import Places
from cockpit.screens import verbing
from cockpit.screens.heeding import Heeding
from cockpit.screens.main import MainScreen
from cockpit.screens.steerable import Steerable
from cockpit.verbs import BY_NAME, Verb
from cockpit.wire import SignalView


class Stage(Protocol):
    """What acting needs of the app."""

    places: Places
    view: View

    @property
    def steerable(self) -> Steerable:
        """The uppermost screen that steers."""
        ...

    def say(self, words: str, tone: str = "ok") -> None:
        """One line to the human."""
        ...

    async def reload(self) -> None:
        """Read the spec and what belongs to it again."""
        ...


class Acting:
    """One act after the other, each in a thread: keys stay free meanwhile."""

    def __init__(self, stage: Stage, clock: Callable[[], float]) -> None:
        self._stage, self._clock = stage, clock
        self._order = asyncio.Lock()
        self._weighed: tuple[object, list[tuple[Verb, str]]] = (None, [])
        self._heeding = Heeding()

    async def weighed(self) -> list[tuple[Verb, str]]:
        """Every verb with the reason it is refused for what is selected now; found in a thread, then kept."""
        view, target = self._stage.view, self._stage.steerable.target
        key = (view.document, view.known, target)
        if self._weighed[0] != key:
            found = await asyncio.to_thread(verbing.weigh, view, target.row or target.item, target.item)
            self._weighed = (key, found)
        return self._weighed[1]

    def heeded(self, signal: SignalView) -> None:
        """The human opened this signal: an act on it that follows is an answer to it."""
        self._heeding.open(signal, self._clock())

    async def key(self, name: str) -> None:
        """A key that steers: refused at once for what is selected, or asked for the words it needs, then done."""
        screen, verb = self._stage.steerable, BY_NAME[name]
        target = screen.target
        named = target.row if screen.OF_HISTORY else target.of(verb.target)
        if name == "add" and not named:
            named = target.item
        known = {"to": target.section} if name == "add" and not named and target.section else {}
        if name == "add" and isinstance(screen, MainScreen) and screen.selected is not None:
            known |= verbing.out_of(screen.selected)
        await self._steer(screen, verb, named, known)

    async def _steer(self, screen: Steerable, verb: Verb, target: str, known: Mapping[str, str]) -> None:
        if not screen.OF_HISTORY:
            refused = next((why for known, why in await self.weighed() if known is verb), "")
            if refused:
                screen.foot.say(f"{verb.name}: {line(refused, 200)}", "warn")
                return
        selected = screen.selected if isinstance(screen, MainScreen) else None
        heeded = self._heeding.heeds(verb, target, selected, self._clock())
        said = await verbing.said(screen, verb, target, self._stage.view, known)
        if said is None:
            screen.foot.say(f"{verb.name}: cancelled, nothing changed", "dim")
            return
        meant, words = said
        await self.act(verb.name, meant, words, heeded)

    async def act(self, name: str, target: str, words: Mapping[str, str], heeded: str = "") -> None:
        """Steer with words that are known; `heeded` is the family of the signal that this answers."""
        async with self._order:
            told, tone = await verbing.carry_out(self._stage.places, BY_NAME[name], target, words, heeded)
        self._stage.say(told, tone)
        await self._stage.reload()
