"""Which branches would conflict, asked of many pairs at once, in the object database alone.

What git writes while it tries goes into a folder of ours that is thrown away: no forecast leaves an object behind.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import git
from cockpit.persist.forecast import merge_tree

AT_ONCE = (2, 39)
"""`merge-tree --stdin` came with it; before, each pair costs a process."""
FILES = 20
"""Files of a pair whose conflicts are counted."""
SIZE = 1024 * 1024
"""Bytes of a file whose conflicts are counted; a larger one counts as one."""
_ASK = ("merge-tree", "--write-tree", "-z", "--name-only", "--no-messages")

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Clash:
    """What two commits both changed: the files, and at how many places in them."""

    files: tuple[str, ...]
    hunks: int


def clashes(places: Places, pairs: Sequence[Pair]) -> dict[Pair, Clash | None]:
    """For each pair of commit ids what conflicts, None where they merge cleanly; the spec is merged by its items.

    Raises CockpitError when a commit is missing or git is older than 2.38.
    """
    if not pairs:
        return {}
    if git.version() < git.NEEDED:
        raise CockpitError("this git cannot forecast a merge", remedy="install git 2.38 or newer")
    with tempfile.TemporaryDirectory(prefix="cockpit-forecast-") as folder:
        aside = {
            "GIT_OBJECT_DIRECTORY": folder,
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(places.common_dir / "objects"),
        }
        tried = _tried(places, pairs, aside)
        wanted = [
            (tree, name)
            for tree, names in tried.values()
            for name in names[:FILES]
            if "\n" not in name and name != places.spec_name
        ]
        hunks = _hunks(places, wanted, aside)
    found: dict[Pair, Clash | None] = {}
    for pair, (tree, names) in tried.items():
        files = tuple(name for name in names if name != places.spec_name)
        if len(files) < len(names) and places.spec_name in merge_tree(places, *pair).conflicts:
            files = (*files, places.spec_name)
        count = sum(hunks.get((tree, name), 1) for name in files)
        found[pair] = Clash(files, count) if files else None
    return found


def _tried(places: Places, pairs: Sequence[Pair], aside: Mapping[str, str]) -> dict[Pair, tuple[str, tuple[str, ...]]]:
    """The tree of each merge, and the files in it that conflict."""
    if git.version() >= AT_ONCE:
        asked = "".join(f"{ours} {theirs}\n" for ours, theirs in pairs).encode()
        done = git.call(places, *_ASK, "--stdin", input=asked, environment=dict(aside))
        if done.returncode != 0:
            raise git.failure(_ASK, done.stderr, places)
        answers = [answer.split(b"\0")[1:] for answer in _answers(done.stdout)]
    else:
        answers = [_one(places, pair, aside) for pair in pairs]
    return {
        pair: (tree.decode(), tuple(os.fsdecode(name) for name in dict.fromkeys(names)))
        for pair, (tree, *names) in zip(pairs, answers, strict=True)
    }


def _answers(told: bytes) -> list[bytes]:
    """Each answer ends with an empty word: `0 NUL tree NUL file NUL file NUL NUL`."""
    return told.split(b"\0\0")[:-1]


def _one(places: Places, pair: Pair, aside: Mapping[str, str]) -> list[bytes]:
    done = git.call(places, *_ASK, "--end-of-options", *pair, environment=dict(aside))
    if done.returncode not in (0, 1) or not done.stdout:
        raise git.failure(_ASK, done.stderr, places)
    return [word for word in done.stdout.split(b"\0") if word]


def _hunks(places: Places, wanted: Sequence[tuple[str, str]], aside: Mapping[str, str]) -> dict[tuple[str, str], int]:
    """How many conflicts git left in each file of a tree; a file that is not there (deleted by one side) has one."""
    small = {
        name: int(head.rpartition(b" ")[2])
        for name, head in zip(wanted, _cat(places, "--batch-check", wanted, aside).split(b"\n"), strict=False)
        if b" blob " in head and int(head.rpartition(b" ")[2]) <= SIZE
    }
    told = _cat(places, "--batch", list(small), aside)
    found: dict[tuple[str, str], int] = {}
    at = 0
    for name, size in small.items():
        at = told.index(b"\n", at) + 1
        found[name] = max(1, (b"\n" + told[at : at + size]).count(b"\n<<<<<<< "))
        at += size + 1
    return found


def _cat(places: Places, how: str, wanted: Sequence[tuple[str, str]], aside: Mapping[str, str]) -> bytes:
    if not wanted:
        return b""
    asked = b"".join(os.fsencode(f"{tree}:{name}") + b"\0" for tree, name in wanted)
    return git.run(places, "cat-file", how, "-z", input=asked, environment=dict(aside))
