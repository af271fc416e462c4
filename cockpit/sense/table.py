"""The first signals as rows of `## Live Signals`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cockpit.clean import line
from cockpit.sense.ranker.signal import Signal


def rows(signals: Sequence[Signal], most: int = 5) -> list[tuple[str, str, str, str]]:
    """Signal, state, since, action of the first ones.

    Since is a local time, never an age: the spec is not rewritten for a clock's tick (design, section 4).
    """
    return [
        (line(signal.what, 80), signal.state, f"{datetime.fromtimestamp(signal.since):%m-%d %H:%M}", signal.action)
        for signal in signals[:most]
    ]
