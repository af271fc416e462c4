"""Rests: the loop stops by itself where you said it should (`rests:`, R125 to R130), and where it has drifted from the
goal (`drift:`, R124). Pure.

Both count from your last word, setting the loop on; `n` takes one step all the same.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from cockpit.facts import Turn
from cockpit.select.fences import Fence
from cockpit.select.steps import World
from cockpit.spec import Controls, Document, Mark
from cockpit.spec.serving import adrift, grew

GO_ON = "h, c lets it go on, n takes one step"


def resting(document: Document, world: World) -> Fence | None:
    """The fence of a loop that is to rest now; None while it may go on."""
    if document.controls.loop != "on":
        return None
    merged = _merged(document, world)
    return _rest(document.controls, len(merged), begun(world.turns.values(), world.since, world.now), world.now) or (
        drift(document, [turn.item for turn in merged if turn.dispatch.goal in ("", world.goal)])
    )


def drift(document: Document, merged: Sequence[str]) -> Fence | None:
    """Drift from the goal: the last so many merged items, ids in order, all serve no part of it (R124)."""
    most = document.controls.drift
    row, lost = merged[-most:], adrift(document)
    if len(row) < most or not all(id in lost for id in row):
        return None
    items = [item for id in row if (item := document.item(id)) is not None]
    told = ", ".join(f"{item.id} (of {grew(item)})" for item in items[:4]) + (" ..." if len(items) > 4 else "")
    words = f"drift from the goal: the last {len(row)} merged items serve no part of it: {told}"
    return Fence("drift", f"{words}; reframe, or {GO_ON}")


def begun(turns: Collection[Turn], since: float, now: float) -> float:
    """From when a time of the day counts, epoch seconds: when the loop was set on, else the first dispatch or now."""
    return since or min((turn.dispatch.at for turn in turns), default=now)


def next_at(controls: Controls, now: float) -> float:
    """When the next time of the day comes at which the loop rests, epoch seconds; 0: it has none."""
    here = datetime.fromtimestamp(now)
    times = [_on(here, rest.at) for rest in controls.rests if rest.at]
    return min(((time if time > here else time + timedelta(days=1)).timestamp() for time in times), default=0.0)


def _rest(controls: Controls, merged: int, since: float, now: float) -> Fence | None:
    for rest in controls.rests:
        if rest.merges and merged >= rest.merges:
            said = f"{merged} merge{'s' * (merged != 1)} since the loop was set on ({rest.words})"
            return Fence("rest", f"{said}; {GO_ON}")
        if rest.at and since < _last(rest.at, now) <= now:
            return Fence("rest", f"it is past {rest.at} ({rest.words}); {GO_ON}")
    return None


def _last(at: str, now: float) -> float:
    """When that time of the day was last."""
    here = datetime.fromtimestamp(now)
    time = _on(here, at)
    return (time if time <= here else time - timedelta(days=1)).timestamp()


def _on(day: datetime, at: str) -> datetime:
    hour, _, minute = at.partition(":")
    return day.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)


def _merged(document: Document, world: World) -> list[Turn]:
    """The turns whose result was merged or proved since the loop was set on, in order."""
    found: list[tuple[float, Turn]] = []
    for turn in world.turns.values():
        end, item = turn.merge or turn.proved, document.item(turn.item)
        if end is not None and end.at >= world.since and (item is None or item.mark is Mark.DONE):
            found.append((end.at, turn))
    return [turn for _, turn in sorted(found, key=lambda each: each[0])]
