"""Stale loops of a delegate, told by the turns of its item (R121 to R124). Pure.

Four ways of going round, each with its own name; all close by themselves when the next turn gets on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from cockpit.clean import line
from cockpit.facts import Turn
from cockpit.sense.events import Event, safe

ROUNDS = 3
"""Turns in a row that make a loop: one is work, two are a retry."""
GROWTH = 1.3
"""How much larger each round's diff must be than the last to count as layers put on (R124)."""
LAYERS = 40
"""Lines a diff must have grown by at the least, over all rounds, before its growth says anything."""
_STAT = re.compile(r"\+(\d+)")
_SURE = re.compile(
    r"\b(?:definite(?:ly)?|certain(?:ly)?|fully|complete(?:ly)?|absolute(?:ly)?|guaranteed?|without (?:a )?doubt|100 ?%"
    r"|all (?:tests|checks)|really|now (?:works?|fixed|pass(?:es)?)|verified|confirmed|proven)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{4,}")
NAMES = {
    "answered": "the head is answered again and again",
    "sure": "the same wrong words, surer each time",
    "goal": "the goal has changed, the work has not",
    "layers": "layer upon layer, nothing gets green",
}


def loop_events(item: str, turns: Sequence[Turn], *, goal_moved: bool, at: float) -> list[Event]:
    """One event for each sort of loop that the item's `turns` (in order, ended or not) are in, or that has ended.

    `goal_moved`: the goal is not the one that the running turn was briefed with.
    """
    ended = [turn for turn in turns if turn.sentinel is not None and turn.review is not None]
    red = _tail_red(ended)
    found = {
        "answered": _answered(red),
        "sure": _sure(red),
        "goal": f"{item} works on the goal as it was before" if goal_moved else "",
        "layers": _layers(red),
    }
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
                level="error" if words and name != "goal" else "warning",
                evidence=NAMES[name] if words else "",
                action="interrupt" if name == "goal" else "reframe",
                attrs={"loop": name, "rounds": len(red)},
            ),
            at,
        )
        for name, words in found.items()
    ]


def _tail_red(turns: Sequence[Turn]) -> list[Turn]:
    """The last turns in a row whose review found something, none of them beside the point of the one before."""
    red: list[Turn] = []
    for turn in reversed(turns):
        if not findings(turn) or (red and not findings(turn) & findings(red[0])):
            break
        red.insert(0, turn)
    return red


def findings(turn: Turn) -> frozenset[str]:
    """Names of the checks that the turn's review found failing."""
    checks = turn.review.checks if turn.review else []
    return frozenset(check.name for check in checks if check.result in ("fail", "broken"))


def _answered(red: Sequence[Turn]) -> str:
    """R122: the same item answered, the same checks red, round after round."""
    if len(red) < ROUNDS:
        return ""
    same = findings(red[0]).intersection(*map(findings, red[1:]))
    return f"answered {len(red)} times, still red: {', '.join(sorted(same))}" if same else ""


def _sure(red: Sequence[Turn]) -> str:
    """R121: the answers say much the same, with more and more certainty, and the checks say no each time."""
    said = [turn.answer.summary for turn in red if turn.answer is not None]
    if len(said) < ROUNDS or len(said) != len(red):
        return ""
    alike = all(_alike(one, other) for one, other in pairwise(said[-ROUNDS:]))
    sure = [len(_SURE.findall(words)) for words in said[-ROUNDS:]]
    rising = all(one <= other for one, other in pairwise(sure)) and sure[-1] > sure[0]
    return f"says “{line(said[-1], 60)}” {len(said)} times" if alike and rising else ""


def _alike(one: str, other: str) -> bool:
    a, b = (frozenset(_WORD.findall(_SURE.sub("", words).casefold())) for words in (one, other))
    return bool(a and b) and len(a & b) >= 0.6 * min(len(a), len(b))


def _layers(red: Sequence[Turn]) -> str:
    """R124: the diff grows each round and no check gets green by it."""
    if len(red) < ROUNDS:
        return ""
    sizes = [_added(turn) for turn in red[-ROUNDS:]]
    grows = all(other >= GROWTH * one > 0 for one, other in pairwise(sizes)) and sizes[-1] - sizes[0] >= LAYERS
    kept = all(findings(one) <= findings(other) for one, other in pairwise(red[-ROUNDS:]))
    return f"grew {' → '.join(str(size) for size in sizes)} lines, nothing got green" if grows and kept else ""


def _added(turn: Turn) -> int:
    match = _STAT.search(turn.review.stat) if turn.review else None
    return int(match[1]) if match else 0
