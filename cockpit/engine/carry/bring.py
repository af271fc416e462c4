"""Bringing a commit into a branch with a merge commit: the intention as a fact first, then a compare-and-swap."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from cockpit import facts, persist
from cockpit.clean import line
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import branches


@dataclass(frozen=True, slots=True)
class Brought:
    """How it went: `commit` is the merge; empty when it has to wait, for the reason in `waits`."""

    commit: str = ""
    waits: str = ""
    overwrites: bool = False
    """The human's own files are in the way."""


def bring(places: Places, folder: Path, target: str, head: str, message: str) -> Brought:
    """Merge `head` into the ref `target`, --no-ff; `merge.json` in `folder` says what was meant.

    The human's checkout follows when it is on that branch. Raises CockpitError for a conflict, or a target that is
    gone or checked out elsewhere.
    """
    tip = persist.tip(places, target)
    if tip is None:
        raise CockpitError("the branch is gone", where=line(target.removeprefix("refs/heads/"), 60))
    tree = branches.merge_tree(places, tip, head)
    if tree.conflicts:
        raise CockpitError(f"conflicts in {', '.join(line(name, 60) for name in tree.conflicts[:3])}")
    commit = branches.commit_merge(places, tree.tree, [tip, head], message)
    facts.write(folder, facts.Merge(target=target, old=tip, head=head, commit=commit, at=time.time()))
    moved = branches.merge(places, target, tip, commit)
    if moved.state == "moved":
        return Brought(waits="the target moved meanwhile, again")
    if moved.state == "overwrites":
        names = ", ".join(line(name, 60) for name in moved.files[:3])
        words = f"waits: the merge would overwrite your changes in {names}; commit or stash them"
        return Brought(waits=words, overwrites=True)
    return Brought(commit)
