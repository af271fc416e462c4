"""A stream of events with a clock, fed to a ranker."""

from typing import Any

from cockpit.sense.events import Event
from cockpit.sense.ranker import Ranker, Signal


class Stream:
    """Says events ten seconds apart and ranks at the time of the last."""

    def __init__(self) -> None:
        self.ranker = Ranker()
        self.now = 1_790_000_000.0
        self.id = 0

    def say(
        self,
        kind: str,
        key: str,
        state: str = "",
        *,
        after: float = 10.0,
        source: str = "test",
        what: str = "",
        **rest: Any,
    ) -> int:
        """Feed one event; its id is given back."""
        self.now += after
        self.id += 1
        words = what or f"{key} {state}".strip()
        self.ranker.feed(
            Event(source=source, kind=kind, key=key, state=state, what=words, at=self.now, id=self.id, **rest)
        )
        return self.id

    def rank(self, after: float = 0.0, most: int = 10) -> list[Signal]:
        """The rows now, or some seconds later."""
        self.now += after
        return self.ranker.rank(self.now, most)

    def keys(self, after: float = 0.0) -> list[str]:
        """What the rows are about, in their order."""
        return [signal.key for signal in self.rank(after)]
