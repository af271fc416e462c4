"""A writer of the stress: its name, its chance, its words, what it has done, and how it runs git."""

from __future__ import annotations

import contextlib
import fcntl
import random
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench.account import Log
from cockpit.paths import Places
from cockpit.paths import places as find_places

SAID = 8
"""Letters of a word that say something about an item; all of them name one."""


@dataclass
class Writer:
    """One process: its name begins all its words, `count` edits at most, until `deadline`."""

    name: str
    root: Path
    seed: int
    count: int
    deadline: float
    done: int = 0
    number: int = 0
    chance: random.Random = field(init=False)
    places: Places = field(init=False)
    log: Log = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(f"{self.seed}{self.name}")
        self.places = find_places(cwd=self.root)
        self.log = Log(self.root.parent / "logs" / f"{self.name}.log")

    @property
    def on(self) -> bool:
        """Whether there is more to do."""
        return self.done < self.count and time.monotonic() < self.deadline

    def word(self) -> str:
        """A word that comes once in the run."""
        self.number += 1
        return word(f"{self.seed} {self.name} {self.number}")

    def think(self, most: float) -> None:
        """A while, mostly short."""
        time.sleep(self.chance.uniform(0, most) ** 2 / most if most else 0)


def word(seed: str) -> str:
    """Letters that are like no others: nothing is taken for the rewording of something else.

    The whole word names an item, the first SAID letters are what is said about it: an item without an id of which
    half the letters are changed is another item (R25), and so would be lost here by design.
    """
    return "".join(random.Random(seed).choices("abcdefghijklmnopqrstuvwxyz", k=16))


@contextlib.contextmanager
def still(writer: Writer, how: int) -> Iterator[None]:
    """A git command that writes the work tree, and an act: not in the same milliseconds (docs/concurrency.md)."""
    with (writer.root.parent / "still").open("ab") as file:
        fcntl.flock(file, how)
        yield


def run(cwd: Path, *args: str) -> bool:
    """Git, and whether it did it."""
    done = subprocess.run(["git", "-c", "gc.auto=0", *args], cwd=cwd, capture_output=True, check=False)
    return done.returncode == 0


def shown(cwd: Path, *args: str) -> bytes:
    """What git prints."""
    return subprocess.run(["git", *args], cwd=cwd, capture_output=True, check=False).stdout
