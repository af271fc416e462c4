"""Copies of a commit for an agent that only looks: there is no branch, stash or worktree of the repository in them.

A copy is a repository of its own that borrows the objects of ours, and is thrown away with all that was done in it.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import git

PREFIX = "opinion-"
"""What the names of such folders begin with; nothing else is ever thrown away here."""


def make(places: Places, folder: Path, commit: str) -> None:
    """A copy of that commit in `folder`; what stood there is thrown away first. Raises CockpitError of git."""
    throw_away(places, folder)
    form = git.run(places, "rev-parse", "--show-object-format").decode().strip()
    git.run(places, *git.QUIET, "init", "-q", "--template=", f"--object-format={form}", str(folder))
    (folder / ".git" / "objects" / "info").mkdir(parents=True, exist_ok=True)
    borrowed = os.fsencode(places.common_dir / "objects") + b"\n"
    (folder / ".git" / "objects" / "info" / "alternates").write_bytes(borrowed)
    shallow = places.common_dir / "shallow"
    if shallow.exists():
        shutil.copyfile(shallow, folder / ".git" / "shallow")
    git.run(folder, *git.QUIET, "-c", "advice.detachedHead=false", "checkout", "-q", "--detach", commit)


def throw_away(places: Places, folder: Path) -> None:
    """Remove a copy, whatever was done in it. Raises CockpitError for a folder that is none."""
    inside = folder.parent.resolve() == places.worktrees.resolve() and not folder.is_symlink()
    if not inside or not folder.name.startswith(PREFIX) or (folder / ".git").is_file():
        raise CockpitError("not a copy of ours", where=str(folder))
    if not folder.exists():
        return
    for path, _, _ in os.walk(folder):  # what may not be entered cannot be emptied
        Path(path).chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)
    if folder.exists():
        raise CockpitError("cannot remove the copy", where=str(folder))
