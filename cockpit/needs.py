"""What must be installed, and how new: one clear line when it isn't."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass

from cockpit.errors import CockpitError
from cockpit.paths import clean_environment

Version = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Need:
    """A program we start, the oldest release that has what we use, and what that is."""

    name: str
    ask: str
    """Option that makes it print its version."""
    least: Version
    because: str

    @property
    def remedy(self) -> str:
        """`install git 2.38 or newer`."""
        return f"install {self.name} {self.least[0]}.{self.least[1]} or newer"


GIT = Need("git", "--version", (2, 38), "merge-tree --write-tree")
TMUX = Need("tmux", "-V", (3, 2), "new-session -e, and clients with flags")


def version(words: str) -> Version | None:
    """First `major.minor` in what a program printed: `tmux 3.3a` gives (3, 3); None for `tmux master`."""
    found = re.search(r"(\d+)\.(\d+)", words)
    return (int(found[1]), int(found[2])) if found else None


def installed(need: Need) -> str | None:
    """The version line the program prints, None when it is not on PATH."""
    try:
        answer = subprocess.run(
            [need.name, need.ask], env=clean_environment(), capture_output=True, check=False, timeout=20
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return answer.stdout.decode(errors="replace").strip()


def lack(need: Need, words: str | None) -> str:
    """What is wrong with the version line `words` (None: not installed); empty when it will do.

    A development build names no number (`tmux master`) and is taken as new enough.
    """
    if words is None:
        return f"{need.name} is not installed"
    have = version(words)
    if have is not None and have < need.least:
        return f"{words} is too old: {need.because} is missing"
    return ""


def require(*needs: Need) -> None:
    """Raise CockpitError with the remedy for the first of `needs` that is missing or too old."""
    for need in needs:
        what = lack(need, installed(need))
        if what:
            raise CockpitError(what, remedy=need.remedy)
