"""Parts of the system that an item is made out of, as its `from:` names them (R116).

`src/a.py:12-20@3f9c2a1b7d04` lines of a file in a commit, `src/a.py@3f9c2a1b7d04` the file, `commit 3f9c2a1b7d04`,
`signal tests/test_a.py::test_b`. Other words of that field (`q1 turn 2 #1`, `a1`) name no part.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from cockpit.spec.item import Item

KEY = "from"
_FILE = re.compile(r"(?P<path>\S(?:.*?\S)??)(?::(?P<first>\d{1,7})(?:-(?P<last>\d{1,7}))?)?@(?P<commit>[0-9a-f]{7,64})")
_COMMIT = re.compile(r"commit (?P<commit>[0-9a-f]{7,64})")
_SIGNAL = re.compile(r"signal (?P<key>\S.*)")


@dataclass(frozen=True, slots=True)
class Sample:
    """One part. What it does not have is empty or 0."""

    kind: Literal["file", "commit", "signal"]
    what: str = ""
    """Path from the repository's top, or the signal's key."""
    commit: str = ""
    """Of a file: the commit in which it was looked at; of a commit its id, or the beginning of it."""
    first: int = 0
    """Lines from 1, both included; 0 for the file as a whole."""
    last: int = 0

    @property
    def place(self) -> str:
        """`src/a.py:12-20`, `commit 3f9c2a1b7d04`, `signal KEY`."""
        if self.kind != "file":
            return f"{self.kind} {self.commit or self.what}"
        span = f":{self.first}" if self.first else ""
        return f"{self.what}{span}{f'-{self.last}' if self.last > self.first else ''}"

    @property
    def value(self) -> str:
        """The field's value; `sample` reads it back."""
        return f"{self.place}@{self.commit}" if self.kind == "file" else self.place


def sample(value: str) -> Sample | None:
    """The part that a field's value names; None when it names none."""
    value = value.strip().strip("`").strip()
    if found := _SIGNAL.fullmatch(value):
        return Sample("signal", found["key"])
    if found := _COMMIT.fullmatch(value):
        return Sample("commit", commit=found["commit"])
    if found := _FILE.fullmatch(value):
        first = int(found["first"] or 0)
        return Sample("file", found["path"], found["commit"], first, max(first, int(found["last"] or first)))
    return None


def samples(item: Item) -> list[Sample]:
    """All parts that the item's `from:` fields name, in order."""
    return [part for value in item.values(KEY) if (part := sample(value)) is not None]
