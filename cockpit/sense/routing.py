"""Where a signal goes: into a delegate's next brief, to a pause of the loop, or only onto the screen (R94, R95).

Stated rules, first match wins. What the brief tells anyway (its own review, corrections, the diff of the document) is
not told twice. Of what is muted nothing is routed, and what stays in sight because it blocks pauses nothing: muting is
how a human lets the loop go on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from cockpit.clean import line
from cockpit.sense.ranker.signal import Signal
from cockpit.spec import Item
from cockpit.spec.fields import after_ids, paths
from cockpit.spec.globs import matches

Way = Literal["brief", "pause", "screen"]

BUDGET = 600
"""Tokens that signals may take of a brief (four characters are taken for one)."""
TOLD = frozenset(
    {
        "delegate.state", "verification", "checks", "correction", "conflict", "edit", "goal", "commits", "offer",
        "queue.state", "queue.item", "lane", "fence", "ahead", "stuck", "failure", "user.correction",
    }
)  # fmt: skip
"""Kinds that never go into a brief: it tells them otherwise, or they are not a delegate's business."""
PAUSES = {
    "outside": "work in your own checkout",
    "environment": "the environment is broken, more work would fail the same way",
    "loop": "a stale loop",
    "stall": "a stale supervisor",
}
"""Kinds that pause the loop while they are open errors, and why."""


@dataclass(frozen=True, slots=True)
class Routed:
    """One decision: the signal's key, where it goes, by which rule, and whose brief it goes into."""

    key: str
    way: Way
    rule: str
    item: str = ""


def route(signals: Sequence[Signal], items: Iterable[Item]) -> list[Routed]:
    """Where each signal goes, the items being those that are worked on or come next."""
    queue = list(items)
    return [_route(signal, queue) for signal in signals]


def _route(signal: Signal, items: Sequence[Item]) -> Routed:
    if pauses(signal):
        return Routed(signal.key, "pause", PAUSES[signal.kind])
    for item in items:
        rule = concerns(signal, item)
        if rule:
            return Routed(signal.key, "brief", rule, item.id)
    return Routed(signal.key, "screen", "concerns no item that is worked on")


def pauses(signal: Signal) -> bool:
    """Whether nothing more is dispatched while it holds. A muted one pauses nothing, also where it stays in sight."""
    return signal.kind in PAUSES and signal.level in ("error", "critical") and not signal.mute


def pause(signals: Sequence[Signal]) -> str:
    """Why the loop pauses, in words; empty when it does not."""
    signal = next(filter(pauses, signals), None)
    return f"{PAUSES[signal.kind]}: {signal.what} (mute {signal.key} to go on)" if signal is not None else ""


def concerns(signal: Signal, item: Item) -> str:
    """By which rule the signal belongs into the item's brief; empty when it does not."""
    if signal.kind in TOLD:
        return ""
    if signal.item == item.id:
        return "is about the item"
    if signal.item and signal.item in after_ids(item):
        return "the item waits for it"
    globs = paths(item)
    if any(matches(path, globs) for path in signal.paths):
        return "touches its files"
    return ""


def cited(signals: Sequence[Signal], item: Item, budget: int = BUDGET) -> list[str]:
    """The lines of the item's brief, best first: what, why it matters, the proof, and the key that it is cited by.

    Together at most `budget` tokens; what finds no room is counted in the last line. Of what is muted it is told what
    the human said of it: the caller gives only what was called not the real issue.
    """
    chosen = [signal for signal in signals if concerns(signal, item)]
    lines: list[str] = []
    room = budget * 4
    for at, signal in enumerate(chosen):
        if signal.muted:
            said = f"- {line(signal.muted, 200)}, says the human: {line(signal.what, 200)} [`{signal.key}`]"
            if len(said) <= room - 40:
                lines.append(said)
                room -= len(said) + 1
            continue
        why = "; ".join(signal.reasons)
        proof = f"\n  - {line(signal.evidence[0], 200)}" if signal.evidence else ""
        said = f"- {line(signal.what, 200)} ({signal.state}; {line(why, 90)}) [`{signal.key}`]{proof}"
        if len(said) > room - 40:
            lines.append(f"- and {len(chosen) - at} more that `cockpit status` shows")
            break
        lines.append(said)
        room -= len(said) + 1
    return lines
