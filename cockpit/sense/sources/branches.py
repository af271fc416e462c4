"""Git: branches that went back, were rewritten or are gone, and branches that conflict, as events. Pure."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cockpit.clean import line
from cockpit.persist.clash import Clash
from cockpit.persist.since import Commit
from cockpit.sense.events import PATHS, Event, Level, safe

NAMED = 3
"""Files and commits that a line names."""


@dataclass(frozen=True, slots=True)
class Move:
    """A branch that no longer has commits it had. `new` is empty when it is gone."""

    branch: str
    """Its short name."""
    item: str
    """The item whose delegate's branch it is; empty for the target."""
    old: str
    new: str
    lost: tuple[Commit, ...]
    """Commits that it had and has not any more, newest first."""
    gained: tuple[Commit, ...] = ()
    """Commits that came instead."""


def move_event(move: Move, root: Path, at: float) -> Event:
    """What the branch lost, with the ids before and after and the commands that show and keep it.

    Commits that came back under another id (a rebase) are not lost. A target that lost acts or merges of ours is an
    error, and so is a delegate's branch that is gone; one that went back is a warning; all else is for the record.
    """
    same = {(commit.subject, commit.mail) for commit in move.gained}
    lost = [commit for commit in move.lost if (commit.subject, commit.mail) not in same]
    ours = [commit for commit in lost if commit.by or len(commit.parents) > 1]
    count = f"{len(lost)} commits" if len(lost) != 1 else "a commit"
    level: Level = "info"
    if not move.new:
        level, what = "error", f"branch {move.branch} is gone, with {count} that the target lacks"
    elif not lost:
        what = f"{move.branch} was rewritten; every commit is on it again"
    else:
        how = "was rewritten" if move.gained else "went back"
        level = "info" if move.item and move.gained else "warning"
        if ours and not move.item:
            level = "error"
        named = ours[0] if ours and not move.item else lost[0]
        what = f"{move.branch} {how}: {count} lost, {'among them ' if len(lost) > 1 else ''}“{line(named.subject, 60)}”"
    return safe(
        Event(
            source="git",
            kind="finding",
            key=f"branch/{move.branch}",
            state="" if level == "info" else "open",
            what=what,
            at=at,
            level=level,
            item=move.item,
            delegate=move.item,
            commit=move.old,
            evidence=f"was {move.old}, is {move.new or 'gone'}; {_commands(move, root)}",
            attrs={"branches": [move.branch], "before": move.old, "after": move.new, "lost": len(lost)},
        ),
        at,
    )


def _commands(move: Move, root: Path) -> str:
    where = f"git -C {shlex.quote(str(root))}"
    name = shlex.quote(f"refs/heads/{move.branch}")
    if not move.new:
        return f"{where} update-ref {name} {move.old} brings it back"
    return f"{where} reflog show {name} -- shows it; {where} branch lost-{move.old[:9]} {move.old} keeps what was lost"


def back_event(branch: str, item: str, words: str, at: float) -> Event:
    """The branch has what it had lost again, or nobody needs it any more."""
    return safe(
        Event(source="git", kind="finding", key=f"branch/{branch}", state="closed", what=words, at=at, item=item), at
    )


@dataclass(frozen=True, slots=True)
class Side:
    """A branch that is under way, or the target."""

    name: str
    """In words: q1, or the target's short name."""
    item: str
    branch: str
    tip: str
    running: bool = False
    """Whether its delegate works on it now."""


def clash_key(ours: Side, theirs: Side) -> str:
    """The name of a pair: the target's side has no item, nor has a feature branch."""
    return "clash/" + ("~".join(sorted(side.item for side in (ours, theirs) if side.item)) or theirs.branch)


def clash_events(
    pairs: Sequence[tuple[Side, Side]],
    found: Mapping[tuple[str, str], Clash | None],
    known: Sequence[str],
    at: float,
) -> list[Event]:
    """Each pair that conflicts; `pairs` are all that are under way, the target or the older branch first.

    `found` has what was forecast for their tips; a pair that it lacks is neither told nor closed. `known` are the open
    keys: those that merge cleanly, and those of branches that are merged or gone, are closed.
    """
    told: dict[str, Event] = {}
    unknown: set[str] = set()
    for ours, theirs in pairs:
        key = clash_key(ours, theirs)
        if (ours.tip, theirs.tip) not in found:
            unknown.add(key)
        elif (clash := found[ours.tip, theirs.tip]) is not None:
            told[key] = _clash(key, ours, theirs, clash, at)
    there = {clash_key(ours, theirs) for ours, theirs in pairs}
    closed = (key for key in known if key not in told and key not in unknown)
    return list(told.values()) + [
        Event(
            source="git", kind="conflict", key=key, state="closed", at=at,
            what="they merge cleanly" if key in there else "merged, or no longer under way",
        )
        for key in closed
    ]  # fmt: skip


def _clash(key: str, ours: Side, theirs: Side, clash: Clash, at: float) -> Event:
    files = line(clash.files[0], 80) if len(clash.files) == 1 else f"{len(clash.files)} files"
    places = f"{clash.hunks} places in " if clash.hunks > 1 else ""
    action = "inspect" if not theirs.item else "steer" if theirs.running else "iterate"
    return safe(
        Event(
            source="git",
            kind="conflict",
            key=key,
            state="open",
            what=f"{theirs.name} conflicts with {ours.name}: {places}{files}",
            at=at,
            level="error" if not ours.item and not theirs.running else "warning",
            item=theirs.item,
            delegate=theirs.item,
            paths=clash.files[:PATHS],
            evidence=f"{theirs.branch} {theirs.tip[:9]}, {ours.branch} {ours.tip[:9]}: "
            + ", ".join(line(name, 80) for name in clash.files[:NAMED])
            + (f" and {len(clash.files) - NAMED} more" if len(clash.files) > NAMED else ""),
            action=action,
            attrs={"branches": [ours.branch, theirs.branch], "hunks": clash.hunks, "files": len(clash.files)},
        ),
        at,
    )
