"""The spec's own checks on a commit as it is: whether it is green before anything is built on it (R67)."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from cockpit.clean import line
from cockpit.facts import Ran
from cockpit.paths import Places
from cockpit.verify.command import Run, run
from cockpit.verify.scratch import bare

NO_COMMAND = (126, 127)
"""What a shell ends with when it cannot run a command: that says nothing of the tree."""
NO_TESTS = 5
"""What pytest ends with where it finds none: a young repository is not broken."""
_PYTEST = re.compile(r"(?:^|[\s/])(?:pytest|py\.test)(?:\s|$)")


def prove(places: Places, commit: str, commands: Sequence[tuple[str, float]]) -> list[Ran]:
    """Run each command, with its seconds, one after another in a scratch worktree of the commit.

    A red one runs a second time: one that passes then is no reason to stop anything. Raises CockpitError when there
    can be no scratch, Cut when it was cut short.
    """
    with bare(places, commit, "base") as folder:
        return [_ran(command, folder, seconds) for command, seconds in commands]


def _ran(command: str, folder: Path, seconds: float) -> Ran:
    found = run(command, folder, seconds)
    if found.code == NO_TESTS and _PYTEST.search(command):
        return Ran(command=command, result="unknown", words="there are no tests yet", at=time.time())
    if judge(found) == "red":
        found = run(command, folder, seconds)
    said = next((text for text in reversed(found.output.split("\n")) if text.strip()), "")
    words = f"{found.words}: {line(said.strip(), 100)}" if said and found.code else found.words
    return Ran(command=command, result=judge(found), words=words, at=time.time())


def judge(found: Run) -> Literal["green", "red", "unknown"]:
    """Green is exit 0; what ran out of time, or could not be run at all, is unknown."""
    if found.code is None or found.code in NO_COMMAND:
        return "unknown"
    return "green" if found.code == 0 else "red"
