"""The fences: what stops the loop, each with its own name and its words (R34 to R37, design section 5)."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.spec import Controls


@dataclass(frozen=True, slots=True)
class Fence:
    """A reason to dispatch nothing. `name` is stable; `words` are for the human."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Spent:
    """What the delegates of this spec have used so far; None is unknown, never zero (R195)."""

    turns: int = 0
    minutes: float = 0.0
    tokens: int | None = None
    usd: float | None = None


def fence(
    controls: Controls, *, ready: int, open: int, waiting: int, spent: Spent, invariant: str, pause: str = ""
) -> Fence | None:
    """The first fence that holds, in the order of how much it says.

    `ready` items could run now, `open` ones may later (they wait for another), `waiting` results wait for the human,
    `invariant` says what is broken in the repository or the spec, empty when nothing is; `pause` which signal pauses
    the loop (R94).
    """
    budget = controls.budget
    if invariant:
        return Fence("invariant", invariant)
    if controls.loop == "hold":
        return Fence("hold", "the loop holds: c lets it go on, n takes one step")
    if pause:
        return Fence("signal", pause)
    if budget.turns is not None and spent.turns >= budget.turns:
        return Fence("turns", f"budget reached: {spent.turns} of {budget.turns} turns")
    if budget.minutes is not None and spent.minutes >= budget.minutes:
        return Fence("minutes", f"budget reached: {spent.minutes:.0f} of {budget.minutes:g} minutes")
    if budget.tokens is not None and spent.tokens is not None and spent.tokens >= budget.tokens:
        return Fence("tokens", f"budget reached: {spent.tokens:,} of {budget.tokens:,} tokens")
    if budget.usd is not None and spent.usd is not None and spent.usd >= budget.usd:
        return Fence("usd", f"budget reached: {spent.usd:.2f} of {budget.usd:.2f} USD")
    if waiting >= controls.review and ready:
        return Fence("capacity", f"{waiting} results wait for you; you accept {controls.review} at once")
    if not ready and not open:
        return Fence("drained", "the queue is drained")
    return None


def budget_words(controls: Controls, spent: Spent) -> str:
    """`3/20 turns, 12/90 min`: only what has a limit; unknown is `?`."""
    budget = controls.budget
    parts: list[str] = []
    if budget.turns is not None:
        parts.append(f"{spent.turns}/{budget.turns} turns")
    if budget.minutes is not None:
        parts.append(f"{spent.minutes:.0f}/{budget.minutes:g} min")
    if budget.tokens is not None:
        parts.append(f"{'?' if spent.tokens is None else f'{spent.tokens // 1000}k'}/{budget.tokens // 1000}k tokens")
    if budget.usd is not None:
        parts.append(f"{'?' if spent.usd is None else f'{spent.usd:.2f}'}/{budget.usd:g} USD")
    return ", ".join(parts)
