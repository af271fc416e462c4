"""What the screens see: one picture after the other, published when it differs; and who is away is interrupted."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable

import msgspec

from cockpit import wire
from cockpit.engine.herald import Herald
from cockpit.engine.look import Look
from cockpit.engine.senses import Senses
from cockpit.paths import Places

Picture = Callable[[Places, Senses, Look, tuple[str, ...], float], wire.Snapshot]


class Screens:
    """The engine's end of the wire. `wake` is called when the herald has something to say though nothing happens."""

    def __init__(self, places: Places, senses: Senses, wake: Callable[[], None]) -> None:
        self.places = places
        self.senses = senses
        self.wake = wake
        self.server = wire.Server(places.socket)
        self.herald = Herald()
        self.shown: wire.Snapshot | None = None
        self._seen: Look | None = None
        self._words: tuple[str, ...] = ()
        """What the last pass had to say beside the picture."""
        self._showing = asyncio.Lock()
        self._later: asyncio.TimerHandle | None = None
        self._version = 0

    def see(self, seen: Look, words: tuple[str, ...]) -> None:
        """A pass has seen this, and this is what it must say."""
        self._seen, self._words = seen, words

    async def show(self, picture: Picture) -> None:
        """Make and publish the picture of what the last pass saw; never two at once."""
        async with self._showing:
            if self._seen is not None:
                words = (*self._words, *filter(None, (self.herald.trouble,)))
                self._publish(
                    await asyncio.to_thread(picture, self.places, self.senses, self._seen, words, time.time())
                )

    def complain(self, words: str) -> None:
        """Tell the screens why a turn came to nothing, beside what they saw last; until the next one comes through."""
        if words not in self._words:
            self._words = (*self._words, words)
        shown = self.shown or wire.Snapshot(pid=os.getpid())
        if words not in shown.notes:
            self._publish(msgspec.structs.replace(shown, notes=[*shown.notes, words]))

    def _publish(self, shown: wire.Snapshot) -> None:
        """Give the screens this picture, if it is another than the last, and interrupt who is away."""
        now = time.time()
        shown = msgspec.structs.replace(shown, notice=self.herald.tell(shown.signals, now))
        due = self.herald.due()
        if self._later is not None:
            self._later.cancel()
        self._later = asyncio.get_running_loop().call_later(max(1.0, due - now), self.wake) if due else None
        if shown != self.shown:
            self.shown = shown
            self._version += 1
            self.server.publish(msgspec.structs.replace(shown, version=self._version))
