"""What the commit hook leaves of each commit, in git's own folder of a delegate's worktree (R194).

There, for a sandbox lets a delegate write nowhere else, and git never takes it into a commit. It is a record, no proof:
the verification runs again in the review, out of the delegate's reach.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from cockpit.plain import plain

RECORD = "cockpit-commits.ndjson"
LARGEST = 8 << 20


class Checked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was about to be committed went through the checks. Epoch seconds."""

    tree: str
    """Id of the tree that the commit has."""
    result: Literal["pass", "fail", "broken"]
    words: str = ""
    """Which command does not pass, or why none could run."""
    commands: list[str] = []
    at: float


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """A commit that git told our hook of when it was made, checked or not."""

    made: str
    """Its id."""


@dataclass(frozen=True, slots=True)
class Record:
    """All of it."""

    trees: dict[str, Checked]
    """The last word on each tree."""
    made: frozenset[str]

    @property
    def ran(self) -> bool:
        """Whether the hook ever ran there."""
        return bool(self.trees or self.made)


_Line = TypeVar("_Line", bound=msgspec.Struct)


def committed(git_dir: Path) -> Record:
    """The record of a worktree. Raises FileNotFoundError when none was ever begun, other OSError and CockpitError for
    what cannot be read.
    """
    rows = plain(git_dir / RECORD, LARGEST).split(b"\n")
    trees = {found.tree: found for found in _of(rows, Checked)}
    return Record(trees, frozenset(found.made for found in _of(rows, Made)))


def _of(rows: list[bytes], kind: type[_Line]) -> list[_Line]:
    found: list[_Line] = []
    for row in rows:
        try:
            found.append(msgspec.json.decode(row, type=kind))
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue  # of the other kind, or torn
    return found
