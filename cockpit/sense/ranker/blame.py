"""Which change may have brought what is new, named on its row and shown as a row of its own."""

from __future__ import annotations

from cockpit.sense.ranker.board import Board
from cockpit.sense.ranker.changes import NAMED, Change
from cockpit.sense.ranker.family import Family


def blame(
    board: Board,
    family: Family,
    found: list[tuple[float, float, Change]],
    before: int,
    *,
    first: bool,
    bar: float = NAMED,
) -> bool:
    """Name what may have brought the family, and show the likeliest change as a row of its own.

    Whether one is named: its weight is over the bar (an upgrade, or a file in common with what fails).
    """
    if not found:
        return False
    family.suspects = tuple(f"{change.name} ({share:.0%})" for share, _, change in found[:3])
    share, weight, change = found[0]
    sure = before / (before + 2)
    if weight >= bar and share > 0.5:
        words = f"first seen after {change.name}" if change.upgrade else f"since {change.name}"
        family.brought = change.name
        family.mark("after", (1.0 if change.upgrade else 0.8) * sure, words)
        if first or family.opens == 1:
            accuse(board, family, change)
        return True
    return False


def accuse(board: Board, family: Family, change: Change) -> None:
    """Show the change beside what it may have brought, until that is gone."""
    families = board.families
    row = families.of(change.event, "change", change.sha or change.name)
    row.what = change.event.what
    row.action = "open"
    row.closes = "the end of what came with it"
    row.cite(change.id, change.event.what, tell=True)
    families.own(change.id, row)
    board.accused.setdefault(row.key, set()).add(family.key)
    families.show(row, board.now, state="suspect", level="info")
    row.mark(
        "suspect", 1.0, "came just before what is new" if family.kind == "appeared" else "came just before it got red"
    )
