"""What any report tells, as plain data: tests and findings, and what the caller knows besides."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

import msgspec

from cockpit.sense.events import Level

MOST = 200_000
"""Tests or findings that one report may tell."""

State = Literal["pass", "fail", "skip"]


@dataclass(frozen=True, slots=True)
class About:
    """What the caller knows of a report that it doesn't say itself."""

    name: str
    """The file as the human knows it; with the tool's name it is the job. Empty for standard input."""
    at: float
    """When it was written, epoch seconds."""
    root: str = ""
    """The folder that its absolute paths are in; what lies outside is left out."""
    job: str = ""
    """The job it is a run of, if that is known better than from tool and name."""
    prefix: str = ""
    """Before every key: what fails on a delegate's branch is not what fails here."""
    commit: str = ""
    item: str = ""
    delegate: str = ""

    def run(self, data: bytes) -> str:
        """Id of the run that these bytes report: the same bytes at another time are another run."""
        return hashlib.blake2s(data + repr((self.name, self.at)).encode(), digest_size=5).hexdigest()


class Tested(msgspec.Struct, frozen=True):
    """How one test ended in one run."""

    key: str
    state: State
    words: str = ""
    """Why, in one line."""
    text: str = ""
    """All that it said; the two ends of it are kept."""
    paths: tuple[str, ...] = ()
    seconds: float = 0.0
    tries: int = 0
    """Tries of the same run that failed before."""
    error: str = ""
    """Name of the exception."""
    broken: bool = False
    """It failed outside of the test itself (set-up, collection): an error in the words of JUnit."""
    more: tuple[tuple[str, str], ...] = ()
    """What else the report says of it."""


class Found(msgspec.Struct, frozen=True):
    """One finding of a linter or an analyser."""

    rule: str
    path: str
    words: str
    line: int = 0
    level: Level = "warning"
    fingerprint: str = ""
    """What the tool itself knows it by, in every later run."""
    gone: bool = False
    """The tool says it is there no more, or that it was suppressed."""
