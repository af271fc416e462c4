"""What delegates left behind, read from facts, git and tmux. Nothing is changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from cockpit import facts, persist
from cockpit.act import tmux
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import git, leavings, worktrees
from cockpit.persist.worktrees import Known
from cockpit.spec import Document, Mark, parse
from cockpit.tidy.leavings import Left

WORDS = {
    Mark.OPEN: "is open: its branch goes on",
    Mark.RUNNING: "is running",
    Mark.NEEDS_YOU: "waits for you",
    Mark.BLOCKED: "is blocked: its branch can go on",
    Mark.DEFERRED: "is deferred: its branch can go on",
}
"""Items whose delegates may still be needed; the others are over."""


def there(places: Places) -> list[Left]:
    """One entry a delegate that still has a session, a worktree or a branch. Raises CockpitError of git."""
    document = parse(persist.read(places))
    known = worktrees.registered(places)
    sessions = tmux.sessions(places) if tmux.answers(places) else {}
    on = persist.target(places)
    found = (_left(places, turn, document, known, sessions, on) for turn in facts.turns(places.delegates))
    return [left for left in found if left.sessions or left.folder or left.branch]


def targets(turn: facts.Turn, on: str) -> tuple[str, ...]:
    """The refs that count as done for that delegate: what it was dispatched for, and what the spec is on."""
    own = f"refs/heads/{turn.dispatch.branch}"
    return tuple(ref for ref in dict.fromkeys((turn.dispatch.target, on)) if ref != own)


def _left(
    places: Places,
    turn: facts.Turn,
    document: Document,
    known: Mapping[Path, Known],
    sessions: Mapping[str, tmux.Session],
    on: str,
) -> Left:
    item = document.item(turn.item)
    names = [name for name in _names(turn) if name in sessions]
    live = any(not sessions[name].dead for name in names) or (turn.running is not None and facts.alive(turn.running))
    folder = Path(turn.dispatch.worktree).resolve()
    ours = known.get(folder)
    ref = f"refs/heads/{turn.dispatch.branch}"
    head = git.tip(places, ref) or ""
    away = next((tree.folder for tree in known.values() if tree.ref == ref and tree.folder != folder), None)
    reached = leavings.reaches(places, head, targets(turn, on)) if head else ""
    return Left(
        item=turn.item,
        state=WORDS.get(item.mark, "") if item else "",
        sessions=names,
        live=live,
        folder=str(folder) if ours else "",
        work=_work(places, folder) if ours else "",
        inside=_inside(folder) if ours else "",
        branch=turn.dispatch.branch if head else "",
        head=head,
        reached=reached,
        empty=head == turn.dispatch.base,
        elsewhere=str(away) if away else "",
    )


def _names(turn: facts.Turn) -> Iterator[str]:
    """The sessions of all turns up to that one."""
    yield from (tmux.name(turn.item, number) for number in range(1, turn.number + 1))


def _work(places: Places, folder: Path) -> str:
    try:
        return worktrees.work(places, folder)
    except CockpitError as error:
        return str(error)  # unreadable: it stays


def _inside(folder: Path) -> str:
    """The first process whose working directory is in there; those of other users cannot be told."""
    for process in Path("/proc").iterdir():
        if process.name.isdecimal():
            try:
                if (process / "cwd").readlink().is_relative_to(folder):
                    return f"process {process.name} ({(process / 'comm').read_text().strip()}) works in it"
            except OSError:
                continue
    return ""
