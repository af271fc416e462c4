"""Taking a merged branch away, and keeping what only its reflogs still reached (law 3: no work is ever lost)."""

from __future__ import annotations

import re
from pathlib import Path

from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import git
from cockpit.persist.forecast import is_merged
from cockpit.persist.objects import store

KEPT = "refs/cockpit/kept"
"""What was amended or reset away in a worktree that is gone: each commit here has such commits as its parents."""
_LINE = re.compile(rb"([0-9a-f]{40,64}) ([0-9a-f]{40,64}) ")


def reaches(places: Places, head: str, targets: tuple[str, ...]) -> str:
    """The first of these refs that reaches the commit; empty when none does."""
    there = (ref for ref in targets if git.tip(places, ref) is not None)
    return next((ref for ref in there if is_merged(places, head, ref)), "")


def keep(places: Places, branch: str, folder: Path | None) -> int:
    """Put what only the reflogs of the branch and its worktree reach on `refs/cockpit/kept`; gives how many commits."""
    logs = [places.common_dir / "logs" / "refs" / "heads" / branch]
    if folder is not None and folder.exists():
        logs.append(git.folder_of(folder) / "logs" / "HEAD")
    ids: dict[str, None] = {}
    for log in logs:
        for row in log.read_bytes().splitlines() if log.is_file() else []:
            if found := _LINE.match(row):
                ids |= dict.fromkeys(part.decode() for part in found.groups() if part.strip(b"0"))
    lost = _unreached(places, list(ids))
    for _ in range(5):
        if not lost:
            return 0
        before = git.tip(places, KEPT)
        objects = store(places)
        tree = objects.write("tree", b"")
        parents = [*([before] if before else []), *lost]
        commit = objects.commit(tree, parents, f"Keep what was amended or reset away on {branch}\n")
        if git.move(places, KEPT, commit, before, f"cockpit: tidy {branch}"):
            return len(lost)
    raise CockpitError("the commits cannot be kept", where=KEPT, remedy="try again")


def _unreached(places: Places, ids: list[str]) -> list[str]:
    """Those of the commits that git still has and no ref reaches, without the ones that others of them reach."""
    if not ids:
        return []
    has = git.run(places, "cat-file", "--batch-check", input="\n".join(ids).encode() + b"\n").split(b"\n")
    commits = [words[0].decode() for row in has if len(words := row.split()) == 3 and words[1] == b"commit"]
    if not commits:
        return []
    # Git drops what a ref reaches, then what another of them reaches.
    tips = git.run(places, "rev-list", "--no-walk", *commits, "--not", "--all").decode().split()
    return git.run(places, "merge-base", "--independent", *tips).decode().split() if tips else []


def drop(places: Places, branch: str, head: str, targets: tuple[str, ...]) -> None:
    """Delete a branch that stands on `head`, which one of the targets reaches. Raises CockpitError when it may not go.

    Compare-and-swap: a commit made in between keeps it.
    """
    branch = git.branch_name(branch)
    ref = f"refs/heads/{branch}"
    if ref in targets or not reaches(places, head, targets):
        raise CockpitError("the branch is not merged", where=branch)
    done = git.call(places, *git.QUIET, "update-ref", "-d", ref, head)
    if done.returncode != 0:
        raise CockpitError("the branch moved meanwhile, and stays", where=branch)
