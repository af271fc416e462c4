"""Lines of a log as events, and what the extractor makes of them."""

from __future__ import annotations

from cockpit.sense.events import Event
from cockpit.sense.extract import Extractor


def log(text: str, *, source: str = "ci", key: str = "", run: str = "", at: float = 1.0, number: int = 1) -> Event:
    return Event(source=source, what=text.strip("\n"), at=at, id=number, kind="log.line", key=key, run=run)


def told(text: str, *, source: str = "ci", key: str = "", run: str = "") -> list[Event]:
    """What the lines of `text` come to."""
    extractor = Extractor()
    return [
        event
        for number, line in enumerate(text.strip("\n").split("\n"), 1)
        for event in extractor.feed(log(line, source=source, key=key, run=run, number=number))
    ]


def rows(events: list[Event]) -> list[tuple[str, str, str]]:
    return [(event.kind, event.key, event.state) for event in events]


def results(text: str, **names: str) -> dict[str, str]:
    return {event.key: event.state for event in told(text, **names) if event.kind == "test.result"}
