"""What the spec's own checks said of a tree: the tip that results go to, or what a merge would give (R67, R108)."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path

from cockpit.errors import CockpitError
from cockpit.facts.files import read, write
from cockpit.facts.kinds import Proof, Ran

MOST = 200
"""Trees that are remembered; a forgotten one is looked at again."""


def proof(folder: Path) -> Proof | None:
    """What is known of the tree of that folder; None when nothing whole is there: it is looked at again."""
    try:
        return read(folder, Proof)
    except CockpitError:
        return None


def add_proof(folder: Path, commit: str, ran: Sequence[Ran]) -> None:
    """Keep what ran beside what ran before; the last word on a command counts. Raises CockpitError when it cannot."""
    known = proof(folder)
    fresh = {one.command for one in ran}
    kept = [one for one in (known.ran if known else ()) if one.command not in fresh]
    write(folder, Proof(commit=known.commit if known else commit, ran=[*kept, *ran]))
    _forget(folder.parent)


def proofs(folder: Path) -> list[Proof]:
    """All that are kept, the latest last."""
    found = [one for each in _by_age(folder) if (one := proof(each)) is not None]
    return sorted(found, key=lambda one: max((ran.at for ran in one.ran), default=0.0))


def _by_age(folder: Path) -> list[Path]:
    return sorted(folder.glob("*"), key=lambda each: each.stat().st_mtime) if folder.is_dir() else []


def _forget(folder: Path) -> None:
    """Let go of the oldest ones: each is only what can be found out again."""
    for old in _by_age(folder)[:-MOST]:
        with contextlib.suppress(OSError):
            (old / "proof.json").unlink(missing_ok=True)
            old.rmdir()
