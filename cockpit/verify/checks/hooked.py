"""A part of check 12: whether a delegate's commits went through the commit hook, where it is wanted (R191, R194).

Proof is that the hook refused what was committed, or did not see it though it works there. What git runs no hook for (a
rebase), what an earlier turn did, and a hook that never ran at all are for the human to look at.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from cockpit import facts, precommit
from cockpit.clean import line
from cockpit.errors import CockpitError
from cockpit.facts import Spot, Turn
from cockpit.facts.commits import Record, committed
from cockpit.persist import git, ownhooks
from cockpit.plain import plain
from cockpit.verify.case import Case
from cockpit.verify.patch import COMMITS, Commit

LARGEST = 8 << 20
HOOKLESS = ("rebase", "cherry-pick", "revert", "am", "pull")
"""First words of git's log where it commits without asking `pre-commit`."""
OURS = "\nCockpit-By: delegate/"
"""In commits by us, of what the delegate left uncommitted."""


class Told(NamedTuple):
    """What is proved, what is to be looked at, and what is fine, in words."""

    bad: list[Spot]
    notes: list[Spot]
    fine: str


def hooked(case: Case, turn: Turn) -> Told:
    """What the record of the commit hook says of the branch's commits; nothing where it was not wanted."""
    bad: list[Spot] = []
    notes: list[Spot] = []
    if not turn.dispatch.precommit:
        return Told(bad, notes, "")
    notes += [
        Spot("", 0, f"the commit hook is altered or gone: {path.name}") for path in precommit.lacking(case.places)
    ]
    try:
        git_dir = git.folder_of(Path(turn.dispatch.worktree))
        record, how = committed(git_dir), _how(git_dir)
    except (OSError, CockpitError):
        return Told(bad, [*notes, Spot("", 0, "the record of the commit hook is gone")], "")
    before, earlier = _reached(case, turn.dispatch.precommit), _reached(case, _last(turn))
    passed, ours, unseen = 0, 0, 0
    for commit in case.patch.commits:
        checked = record.trees.get(commit.tree)
        if commit.id in before:
            continue
        if checked is not None and checked.result == "pass":
            passed += 1
            continue
        if OURS in commit.message and commit.id not in record.made:
            ours += 1
            continue
        if checked is None and not record.ran:
            unseen += 1
            continue
        words = _past(case, commit, record, how.get(commit.id, ""))
        proved = words.startswith("!") and commit.id not in earlier
        if words:
            (bad if proved else notes).append(Spot("", 0, f"commit {commit.id[:10]} {words.removeprefix('!')}"))
    if unseen:
        notes.append(Spot("", 0, f"the commit hook never ran: {unseen} commit{'s' * (unseen != 1)} unchecked"))
    fine = f"; {passed} passed the commit hook" + (f", {ours} made by us of what was left" if ours else "")
    return Told(bad, notes, fine)


def touched(case: Case, turn: Turn) -> list[Spot]:
    """What became of the repository's own hooks since the dispatch: who did it, the human must say."""
    before = turn.dispatch.hooks
    if before is None:
        return []
    now = ownhooks.own(case.places)
    spots: list[Spot] = []
    for name in sorted(before.keys() | now.keys()):
        if before.get(name) != now.get(name):
            word = "came" if name not in before else "went" if name not in now else "changed"
            what = f"the setting {name}" if name == ownhooks.SETTING else f"the repository's hook {name}"
            spots.append(Spot("", 0, f"{what} {word} since the dispatch"))
    return spots


def _past(case: Case, commit: Commit, record: Record, how: str) -> str:
    """How a commit came past the hook, in words, proof with a `!` before them; empty when it changed nothing."""
    checked = record.trees.get(commit.tree)
    if checked is not None and checked.result == "fail":
        return f"!was refused by the commit hook and made all the same: {line(checked.words, 60)}"
    if checked is not None:
        return f"could not be checked by the commit hook: {line(checked.words, 60)}"
    if commit.parents and _tree(case, commit.parents[0]) == commit.tree:
        return ""
    by = how.split(" ")[0].rstrip(":")
    if by in HOOKLESS:
        return f"is of a {by}, for which git runs no commit hook"
    return "!went past the commit hook"


def _tree(case: Case, commit: str) -> str:
    done = git.call(case.places, "rev-parse", "--quiet", "--verify", "--end-of-options", f"{commit}^{{tree}}")
    return done.stdout.decode().strip()


def _how(git_dir: Path) -> dict[str, str]:
    """How each commit came to be in that worktree, as git's own log of its HEAD says."""
    found: dict[str, str] = {}
    for row in plain(git_dir / "logs" / "HEAD", LARGEST).decode("utf-8", "replace").split("\n"):
        head, _, words = row.partition("\t")
        if head.count(" ") >= 2:
            found.setdefault(head.split(" ")[1], words)
    return found


def _last(turn: Turn) -> str:
    """The head that the turn before was reviewed with: what it did was told then."""
    before = facts.load(turn.folder.parent / str(turn.number - 1)) if turn.number > 1 else None
    return before.review.head if before is not None and before.review is not None else ""


def _reached(case: Case, commit: str) -> frozenset[str]:
    """The branch's commits up to that one."""
    if not commit or git.tip(case.places, commit) is None:
        return frozenset()
    limits = (f"--max-count={COMMITS}", "--end-of-options", f"{case.base}..{commit}")
    return frozenset(git.run(case.places, "rev-list", *limits).decode().split())
