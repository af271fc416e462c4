"""The pause of an agent: its service takes no more until some time, or not before a human has mended its login. Pure.

It is told by facts and the spec alone, so it survives a restart: the item that met the limit goes back into the queue
with a line `waits:`, and as long as that line stands and its time has not come, nothing is dispatched to that agent.
The other agents go on. Who takes the line away lifts the pause (law 1); `iterate` does it too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from cockpit.facts import Turn
from cockpit.select.fences import Fence
from cockpit.select.ready import Standing
from cockpit.spec import Controls, Document, Mark
from cockpit.troubles import clock

LONGEST = 4 * 3600.0
"""Seconds that are waited at the most where nobody said until when."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Nothing is dispatched to `agent`. `until` is epoch seconds, 0 until the human has acted."""

    agent: str
    until: float
    words: str

    @property
    def fence(self) -> Fence:
        """The fence that it is when nothing else can be dispatched either."""
        return Fence("quota" if self.until else "login", f"{self.agent}: {self.words}", self.until)


def limited(turn: Turn | None) -> bool:
    """Whether a limit of the model's service, which ends by itself, has ended the turn."""
    return turn is not None and turn.sentinel is not None and turn.sentinel.pause > 0


def until(turn: Turn, earlier: Sequence[Turn]) -> float:
    """When the limit that ended the turn is over, epoch seconds.

    Where nobody said it: the first pause, doubled for each of the turns before (`earlier`, in order) that ended so too.
    """
    end = turn.sentinel
    if end is None or end.until:
        return end.until if end is not None else 0.0
    tries = 0
    for before in reversed(earlier):
        if not limited(before):
            break
        tries += 1
    return end.at + min(end.pause * 2.0**tries, LONGEST)


def waits(turn: Turn, earlier: Sequence[Turn]) -> str:
    """The line `waits:` of an item whose turn a limit ended."""
    end = turn.sentinel
    if end is None:
        return ""
    named = "" if end.until else ", nobody said until when: tried again then"
    return f"{end.trouble} until {clock(until(turn, earlier))}{named}"


def paused(
    document: Document, turns: Mapping[str, Turn], earlier: Callable[[Turn], Sequence[Turn]], now: float
) -> dict[str, Hold]:
    """By the agent's name, every pause that lasts at `now` (epoch seconds)."""
    found: dict[str, Hold] = {}
    for turn in turns.values():
        end, item = turn.sentinel, document.item(turn.item)
        if end is None or not end.trouble or item is None:
            continue
        agent, known = turn.dispatch.agent, found.get(turn.dispatch.agent)
        if limited(turn) and (item.mark is Mark.RUNNING or (item.mark is Mark.OPEN and item.value("waits"))):
            at = until(turn, earlier(turn))
            if at > now and (known is None or 0 < known.until < at):
                found[agent] = Hold(agent, at, f"{end.trouble} until {clock(at)}")
        elif not limited(turn) and item.mark in (Mark.RUNNING, Mark.BLOCKED):
            found[agent] = Hold(agent, 0.0, f"{end.trouble}; log in or set its key, then iterate {item.id}")
    return found


def held_up(
    places: Sequence[Standing], controls: Controls, found: Mapping[str, Hold]
) -> tuple[list[Standing], Fence | None]:
    """Every item that could run but for its agent's pause waits for that, and the fence when nothing else is left."""
    free: list[Standing] = []
    first: Hold | None = None
    for entry in places:
        words = (entry.item.value("agent") or controls.agent).split()
        hold = found.get(words[0].removesuffix(":")) if words and not entry.waits else None
        first = first or hold
        free.append(entry if hold is None else Standing(entry.item, f"waits for {hold.agent}: {hold.words}"))
    return free, first.fence if first is not None else None
