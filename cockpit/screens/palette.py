"""The palette: every verb and every command with its key; what does nothing now says why (limits-screen B3 to B5)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial

from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.markup import escape
from textual.widgets import Input

from cockpit.screens.host import Command, host
from cockpit.verbs import Verb


class Steering(Provider):
    """Verbs from the table, commands from the app."""

    async def startup(self) -> None:
        """Ask once, when the palette opens, which verbs mean something for the selected row."""
        self._verbs: list[tuple[Verb, str]] = await host(self.app).weighed()
        self._commands: list[Command] = host(self.app).commands()

    def _entries(self) -> list[Command]:
        run = host(self.app).action_verb
        ordered = sorted(self._verbs, key=lambda entry: bool(entry[1]))
        verbs: list[Command] = [
            (f"{verb.name}  {verb.key}", f"not now: {why}" if why else verb.help, partial(run, verb.name))
            for verb, why in ordered
        ]
        return [*verbs, *self._commands]

    async def discover(self) -> Hits:
        """Everything, while nothing is typed."""
        for name, help, run in self._entries():
            yield DiscoveryHit(Content(name), run, name, escape(help))

    async def search(self, query: str) -> AsyncIterator[Hit]:  # pyright: ignore[reportIncompatibleMethodOverride]
        """What matches."""
        matcher = self.matcher(query)
        for name, help, run in self._entries():
            score = matcher.match(name)
            if score > 0:
                yield Hit(score, matcher.highlight(name), run, name, escape(help))


class Palette(CommandPalette):
    """Textual's palette without its blinking cursor."""

    def on_mount(self) -> None:
        """A resting palette sends no bytes."""
        self.query_one(Input).cursor_blink = False
