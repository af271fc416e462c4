"""The commits that came to a branch: by whom, which files, their blobs before and after. One process a question."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import git

MOST = 200
"""Commits read at once; the newest."""
BYTES = 8 * 1024 * 1024
"""How much of git's answer is read: a commit of a million files tells its first ones."""
_FORM = "--format=%H%x00%P%x00%ct%x00%ae%x00%an%x00%s%x00%(trailers:key=Cockpit-By,valueonly,separator=%x2C)"
_LOG = (
    "-c", "log.showSignature=false", "log", "-z", "--no-color", "--no-abbrev", "--no-renames", "--no-ext-diff",
    "--no-textconv", "--first-parent", "--diff-merges=first-parent", _FORM,
)  # fmt: skip
_COUNT = re.compile(rb"(\d+|-)\t(\d+|-)\t")


@dataclass(frozen=True, slots=True)
class Touched:
    """One file of a commit. An empty blob id: it was not there, or is gone; a binary file counts no lines."""

    path: str
    before: str
    after: str
    added: int = 0
    deleted: int = 0


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit, as its own first parent sees it."""

    id: str
    parents: tuple[str, ...]
    at: float
    """When it was committed, epoch seconds, as it says itself."""
    mail: str
    author: str
    subject: str
    by: str
    """Its `Cockpit-By` trailer: human, engine, delegate/q1; empty for a commit that is not ours."""
    files: tuple[Touched, ...] = field(default=())


def since(places: Places, new: str, known: Sequence[str], *, most: int = MOST, files: bool = True) -> list[Commit]:
    """Commits of `new` that none of `known` reaches, newest first, along first parents; at most `most`.

    Without `files` only who and what. Raises CockpitError when one of the commits is missing.
    """
    told = ("--raw", "--numstat") if files else ("--no-patch",)
    excluded = [f"^{commit}" for commit in known]
    answer = bytearray()
    for data in git.stream(places, *_LOG, *told, f"-n{most}", "--end-of-options", new, *excluded, "--"):
        answer += data
        if len(answer) > BYTES:
            break
    try:
        return list(_commits(iter(bytes(answer).split(b"\0"))))
    except ValueError as error:  # no log of git's: a format it does not know
        raise CockpitError("git told its commits in words unknown to us", where=str(places.root)) from error


def _commits(tokens: Iterator[bytes]) -> Iterator[Commit]:
    """Tokens are told apart by their place, so that no path or subject is taken for another thing."""
    head: list[bytes] = []
    blobs: dict[str, tuple[str, str]] = {}
    lines: dict[str, tuple[int, int]] = {}
    token = next(tokens, None)
    while token:
        word = token.lstrip(b"\n")
        if word.startswith(b":"):
            path = os.fsdecode(next(tokens, b""))
            _, _, before, after, _ = word.decode().lstrip(":").split(" ")
            blobs[path] = "" if not before.strip("0") else before, "" if not after.strip("0") else after
        elif count := _COUNT.match(word):
            lines[os.fsdecode(word[count.end() :])] = _number(count[1]), _number(count[2])
        else:
            if head:
                yield _commit(head, blobs, lines)
            head = [token, *(next(tokens, b"") for _ in range(6))]
            blobs, lines = {}, {}
        token = next(tokens, None)
    if head:
        yield _commit(head, blobs, lines)


def _commit(head: Sequence[bytes], blobs: dict[str, tuple[str, str]], lines: dict[str, tuple[int, int]]) -> Commit:
    id, parents, at, mail, author, subject, by = (word.decode("utf-8", "replace") for word in head)
    return Commit(
        id=id,
        parents=tuple(parents.split()),
        at=float(at),
        mail=mail,
        author=author,
        subject=subject,
        by=by.strip(),
        files=tuple(Touched(path, *ids, *lines.get(path, (0, 0))) for path, ids in blobs.items()),
    )


def _number(word: bytes) -> int:
    return int(word) if word != b"-" else 0
