"""What may be taken away, and why or why not. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["session", "worktree", "branch"]


@dataclass(frozen=True, slots=True)
class Left:
    """One delegate's leavings, as they are now."""

    item: str
    state: str = ""
    """Why its item still needs them, in words ("is open"); empty when it is done, struck or not in the spec."""
    sessions: Sequence[str] = ()
    live: bool = False
    """Its runner still lives, or a session of it does."""
    folder: str = ""
    """Its worktree, empty when there is none."""
    work: str = ""
    """What the worktree holds that is nowhere else, in words."""
    inside: str = ""
    """A process that stands in the worktree, in words."""
    branch: str = ""
    head: str = ""
    reached: str = ""
    """The ref that reaches the branch's head; empty when none does."""
    empty: bool = False
    """The branch has no commit of its own."""
    elsewhere: str = ""
    """Another worktree that has the branch checked out."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One thing, and whether it may go."""

    kind: Kind
    item: str
    name: str
    safe: bool
    why: str
    left: Left = field(repr=False)


def judge(left: Left) -> list[Verdict]:
    """Each thing of that delegate: safe only if its work is reachable from the target or there is none."""
    held = _held(left)
    how = "empty" if left.empty else f"merged into {left.reached.removeprefix('refs/heads/')}" if left.reached else ""
    told: list[Verdict] = []

    def tell(kind: Kind, name: str, against: str, because: str) -> None:
        told.append(Verdict(kind, left.item, name, not against, against or because, left))

    for session in left.sessions:
        tell("session", session, held, f"its agent has ended, {how}, its log stays")
    if left.folder:
        tell("worktree", left.folder, held or left.work or left.inside, f"clean, {how}")
    if left.branch:
        away = f"checked out in {left.elsewhere}" if left.elsewhere else ""
        tell("branch", left.branch, held or left.work or left.inside or away, how)
    return told


def _held(left: Left) -> str:
    """What holds for all of them."""
    if left.live:
        return "a delegate is at work"
    if left.state:
        return f"{left.item} {left.state}"
    if left.branch and not left.reached:
        return "not merged"
    return ""
