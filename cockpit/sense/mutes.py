"""Which mutes hold now, and what they hide. A mute never hides what the head of the queue waits for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cockpit.sense.ranking import Signal, concerns
from cockpit.spec import Mute

MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Muted:
    """A signal on the shelf, and the mute that put it there."""

    signal: Signal
    mute: Mute


def apply(
    signals: Sequence[Signal], mutes: Sequence[Mute], *, head_since: float, now: float
) -> tuple[list[Signal], list[Muted]]:
    """The signals to show, in their order, and those on the shelf.

    `head_since` is when the head of the queue last changed (epoch seconds; 0 when it never did). The spec tells the
    time of a mute to the minute: a change within that minute does not end it.
    """
    shown: list[Signal] = []
    shelf: list[Muted] = []
    for signal in signals:
        mute = next((mute for mute in mutes if holds(mute, signal, head_since=head_since, now=now)), None)
        if mute is None or signal.blocks:
            shown.append(signal)
        else:
            shelf.append(Muted(signal, mute))
    return shown, shelf


def holds(mute: Mute, signal: Signal, *, head_since: float, now: float) -> bool:
    """Whether the mute means this signal and hasn't ended. An end that can't be read is `it changes`."""
    if not concerns(mute.target, signal.key, signal.item):
        return False
    until = mute.until.strip().lower().removeprefix("until ")
    made = _time(mute.at)
    end = _time(until)
    if until == "always":
        return True
    if end is not None:
        return now < end
    changed = head_since if until == "next head" else signal.since
    return made is None or changed < made + MINUTE


def _time(words: str) -> float | None:
    """Epoch seconds of a local time as the spec writes it."""
    try:
        return datetime.fromisoformat(words.strip()).timestamp()
    except ValueError:
        return None
