"""What a branch did, read from git when a check first asks for it, once, and bounded."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import git, patch
from cockpit.persist.patch import Hunk

LARGEST = 16 << 20
"""Bytes of a file that a check reads whole."""
COMMITS = 1000
"""Commits of a branch that are looked at."""
Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit of the branch that the target has not."""

    id: str
    tree: str
    parents: tuple[str, ...]
    at: float
    """When its committer says it was made, epoch seconds."""
    email: str
    """Its author's."""
    message: str


class Patch:
    """The change from `fork`, where the branch left the target, to its tip `head`; `base` is the target's tip.

    Its methods may be called from any thread. They raise CockpitError when git fails or a bound is passed.
    """

    def __init__(self, places: Places, fork: str, base: str, head: str) -> None:
        self.places = places
        self.fork = fork
        self.base = base
        self.head = head
        self._lock = threading.RLock()

    def _once(self, read: Callable[[], Read]) -> Read:
        with self._lock:
            return read()

    @property
    def hunks(self) -> tuple[Hunk, ...]:
        """The lines that went and came in text files."""
        return self._once(lambda: self._hunks)

    @property
    def history(self) -> tuple[Hunk, ...]:
        """The same commit by commit: what was taken out again is still in the history."""
        return self._once(lambda: self._history)

    @property
    def commits(self) -> tuple[Commit, ...]:
        """The commits of the branch, newest first."""
        return self._once(lambda: self._commits)

    def text(self, blob: str) -> str:
        """The text of a blob, empty for no blob. Raises CockpitError for one of more than `LARGEST` bytes."""
        data = self.start(blob, LARGEST + 1)
        if len(data) > LARGEST:
            raise CockpitError(f"a file is larger than {LARGEST >> 20} MiB", where=blob[:12])
        return data.decode("utf-8", "replace")

    def start(self, blob: str, most: int) -> bytes:
        """The first bytes of a blob, empty for no blob."""
        data = bytearray()
        if blob.strip("0"):
            stream = git.stream(self.places, "cat-file", "blob", blob)
            try:
                while len(data) < most and (part := next(stream, b"")):
                    data += part
            finally:
                stream.close()
        return bytes(data[:most])

    def files(self, commit: str) -> dict[str, str]:
        """All paths of a commit with their blobs."""
        found: dict[str, str] = {}
        for row in git.run(self.places, "ls-tree", "-r", "-z", commit).split(b"\0"):
            head, tab, path = row.partition(b"\t")
            if tab:
                found[path.decode("utf-8", "surrogateescape")] = head.split(b" ")[2].decode()
        return found

    def grep(self, words: list[str], commit: str, *, whole: bool = True, most: int = 200) -> list[tuple[str, int, str]]:
        """Where these stand in text files of a commit, word by word or anywhere: path, line, the line itself."""
        if not words:
            return []
        # By standard input: what is looked for may be a secret, and arguments can be seen by all on the machine.
        flags = ["-n", "-z", "-I", "-F", *(["-w"] if whole else []), "--max-count=20", "--no-color", "--threads=1"]
        done = git.call(
            self.places, "grep", *flags, "-f", "-", commit, "--", input="\n".join(words).encode("utf-8", "replace")
        )
        if done.returncode not in (0, 1):
            raise git.failure(("grep",), done.stderr, self.places)
        found: list[tuple[str, int, str]] = []
        for row in done.stdout.split(b"\n"):
            path, _, rest = row.partition(b"\0")
            number, _, text = rest.partition(b"\0")
            if number.isdigit():
                name = path.decode("utf-8", "surrogateescape").removeprefix(f"{commit}:")
                found.append((name, int(number), text[:400].decode("utf-8", "replace")))
        return found[:most]

    @cached_property
    def _hunks(self) -> tuple[Hunk, ...]:
        return patch.between(self.places, self.fork, self.head)

    @cached_property
    def _history(self) -> tuple[Hunk, ...]:
        return patch.history(self.places, self.base, self.head)

    @cached_property
    def _commits(self) -> tuple[Commit, ...]:
        shape = "--format=%H%x1f%T%x1f%P%x1f%ct%x1f%ae%x1f%B"
        limits = (f"--max-count={COMMITS}", "--end-of-options", f"{self.base}..{self.head}")
        out = git.run(self.places, "log", "-z", shape, *limits).decode("utf-8", "replace")
        rows = [row.split("\x1f", 5) for row in out.split("\0") if row.count("\x1f") >= 5]
        return tuple(
            Commit(id, tree, tuple(up.split()), float(at), email, said) for id, tree, up, at, email, said in rows
        )
