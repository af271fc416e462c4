"""What the tests of reports share: recorded samples, and events as short rows."""

from __future__ import annotations

from pathlib import Path

from cockpit.sense import Event
from cockpit.sense.reports import About, read

SAMPLES = Path(__file__).parent / "samples"
NOW = 1_800_000_000.0


def sample(name: str) -> list[Event]:
    """The events of a recorded report, its format told by its content."""
    return read((SAMPLES / name).read_bytes(), about(name))


def about(name: str = "report") -> About:
    return About(name=name, at=NOW, root="/home/ada/sums")


def rows(events: list[Event]) -> list[tuple[str, str]]:
    """Key and state of all but the run itself."""
    return [(event.key, event.state) for event in events if event.kind != "ci.run"]


def run(events: list[Event]) -> Event:
    """How the run ended."""
    assert events[0].kind == "ci.run"
    assert events[0].state == "started"
    assert {event.run for event in events} == {events[0].run}
    assert events[-1].kind == "ci.run"
    return events[-1]


def one(events: list[Event], key: str) -> Event:
    (found,) = [event for event in events if event.key == key]
    return found
