"""Stale loops of a delegate, told by the turns of its item (R121 to R124). Pure.

Four ways of going round (`rounds.loops`), each with its own name; all close by themselves when the next turn gets on.
"""

from __future__ import annotations

from collections.abc import Sequence

from cockpit import rounds
from cockpit.facts import Turn
from cockpit.sense.events import Event, safe

NAMES = {
    "answered": "the head is answered again and again",
    "sure": "the same wrong words, surer each time",
    "goal": "the goal has changed, the work has not",
    "layers": "layer upon layer, nothing gets green",
}


def loop_events(item: str, turns: Sequence[Turn], *, goal_moved: bool, at: float) -> list[Event]:
    """One event for each sort of loop that the item's `turns` (in order, ended or not) are in, or that has ended.

    `goal_moved`: the goal is not the one that the running turn was briefed with, and nobody has steered it since.
    """
    ended = [turn for turn in turns if turn.sentinel is not None and turn.review is not None]
    found = {**rounds.loops(turns), "goal": f"{item} works on the goal as it was before" if goal_moved else ""}
    return [
        safe(
            Event(
                source="delegate",
                kind="loop",
                key=f"loop/{name}/{item}",
                state="open" if words else "closed",
                what=f"{item}: {words}" if words and name != "goal" else words or "no longer",
                at=at,
                item=item,
                delegate=item,
                level="error" if words else "warning",
                evidence=NAMES[name] if words else "",
                action="steer" if name == "goal" else "reframe",
                attrs={"loop": name, "rounds": len(rounds.red_rounds(ended))},
            ),
            at,
        )
        for name, words in found.items()
    ]
