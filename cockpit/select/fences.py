"""The fences: what stops the loop, each with its own name and its words (R34 to R37, design section 5)."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.clean import line
from cockpit.select import budgets
from cockpit.select.budgets import Account
from cockpit.spec import Controls, Item
from cockpit.troubles import clock


@dataclass(frozen=True, slots=True)
class Fence:
    """A reason to dispatch nothing. `name` is stable; `words` are for the human."""

    name: str
    words: str
    until: float = 0.0
    """When it ends by itself, epoch seconds; 0: not by itself."""
    item: str = ""
    """Id of the one item that what helps is done on; empty when it is none."""


def fence(
    controls: Controls,
    *,
    ready: int,
    open: int,
    waiting: int,
    running: int,
    account: Account,
    invariant: str,
    pause: str = "",
    red: str = "",
    reached: Fence | None = None,
    paced: float = 0.0,
    resting: Fence | None = None,
    stopped: Item | None = None,
    judged: Item | None = None,
) -> Fence | None:
    """The first fence that holds, in the order of how much it says.

    `ready` items could run now, `open` ones may later (they wait for another), `running` delegates are at work,
    `waiting` results wait for the human, `invariant` says what is broken in the repository or the spec, empty when
    nothing is; `pause` which signal pauses the loop (R94); `red` what is red on the branch that results go to (R67): a
    step passes it, so that the head can mend it; `reached` that the measured goal is there (R156); `paced` until when
    the tempo lets nothing begin, epoch seconds (R131): a step passes it; `resting` that it is to rest; `stopped` is the
    first item that the human must mend or let go on, `judged` the first whose result waits for them.
    """
    if invariant:
        return Fence("invariant", invariant)
    if controls.loop == "hold":
        return Fence("hold", "the loop holds: c lets it go on, n takes one step")
    if pause:
        return Fence("signal", pause)
    if red and controls.loop == "on" and (ready or open):
        return Fence("red", red)
    if reached is not None:
        return reached
    if found := budgets.reached(controls.budget.day, account.day):
        return Fence(f"day-{found[0]}", f"budget of the day reached: {found[1]} since midnight")
    if found := budgets.reached(controls.budget, account.loop):
        return Fence(found[0], f"budget reached: {found[1]} since the loop was set on")
    if resting is not None and (ready or open):
        return resting
    if ready and (full := backpressure(controls.review, waiting, running)):
        return Fence("capacity", full, item=judged.id if judged is not None else "")
    if ready and paced and controls.loop == "on":
        words = f"pace: {spell(controls.pace)} between two dispatches: the next one at {clock(paced)}; n begins it now"
        return Fence("pace", words, until=paced)
    if not ready and not open:
        return left(stopped) if stopped is not None else Fence("drained", "the queue is drained")
    return None


def spell(minutes: float) -> str:
    """Minutes as the front matter has them: `10m`, `90s`, `2h`."""
    if minutes < 2 and minutes != int(minutes):
        return f"{minutes * 60:.0f}s"
    return f"{minutes / 60:g}h" if minutes >= 60 and minutes % 60 == 0 else f"{minutes:g}m"


def left(item: Item) -> Fence:
    """Nothing is left but what the human interrupted (R37), or what is blocked (R50): no drained queue."""
    why = line(item.value("why"), 120) or "it says not why"
    name = "interrupt" if why.startswith("interrupted") else "blocked"
    return Fence(name, f"{item.id}: {why}; iterate lets it go on, strike drops it", item=item.id)


def backpressure(review: int, waiting: int, running: int) -> str:
    """Why one more dispatch would bring more results than the reviewer takes, empty when it would not (R171).

    What runs now waits for them soon: it counts before it is there.
    """
    if waiting + running < review:
        return ""
    at_work = f" and {running} more will" if running else ""
    return f"backpressure: {waiting} results wait for you{at_work}; you take {review} at once"


def budget_words(controls: Controls, account: Account) -> str:
    """`3/20 turns, 12/90 min, today 1.20/5.00 USD`: only what has a limit; unknown is `?`."""
    today = budgets.words(controls.budget.day, account.day)
    return ", ".join(
        part for part in (budgets.words(controls.budget, account.loop), today and f"today {today}") if part
    )


def budget_notes(controls: Controls, account: Account) -> list[str]:
    """Which limits cannot be held, because agents did not tell what they used (R195)."""
    pairs = (("budget", controls.budget, account.loop), ("budget of the day", controls.budget.day, account.day))
    return [f"{name}, {words}" for name, limits, spent in pairs for words in budgets.unknown(limits, spent)]
