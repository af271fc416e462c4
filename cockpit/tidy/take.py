"""Taking one thing away, after another look at it: the world may have moved since the human said yes."""

from __future__ import annotations

from pathlib import Path

from cockpit import facts, persist
from cockpit.act import tmux
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import leavings, worktrees
from cockpit.tidy.leavings import Verdict, judge
from cockpit.tidy.there import targets, there


def take(places: Places, verdict: Verdict) -> str:
    """Take it away; what was done, in words. Raises CockpitError when it may not go (any more)."""
    now = next((left for left in there(places) if left.item == verdict.item), None)
    fresh = (
        next((one for one in judge(now) if (one.kind, one.name) == (verdict.kind, verdict.name)), None) if now else None
    )
    if now is None or fresh is None:
        return "gone already"
    if not fresh.safe:
        raise CockpitError(fresh.why, where=verdict.name)
    match verdict.kind:
        case "session":
            tmux.end(places, verdict.name)
            return "ended"
        case "worktree":
            kept = leavings.keep(places, now.branch, Path(now.folder))
            worktrees.remove(places, Path(now.folder))
            return "removed" + (f"; {kept} commits that were reset away are on {leavings.KEPT}" if kept else "")
        case "branch" if now.folder:
            raise CockpitError("its worktree stays, so it stays", where=verdict.name)
        case "branch":
            kept = leavings.keep(places, now.branch, None)
            turn = next(turn for turn in facts.turns(places.delegates) if turn.item == verdict.item)
            leavings.drop(places, now.branch, now.head, targets(turn, persist.target(places)))
            return "deleted" + (f"; {kept} commits that were reset away are on {leavings.KEPT}" if kept else "")
