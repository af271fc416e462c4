"""What a commit holds: its paths, the lines of a few files, where words stand, where a file went.

Each question is one or two processes, bounded in bytes and in seconds: a repository of any size answers, perhaps
with less.
"""

from __future__ import annotations

import functools
import os
import re
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import git

LARGEST, ALL = 1024 * 1024, 16 * 1024 * 1024
"""Bytes of a file that is read, and of all files together."""
FOUND = 4 * 1024 * 1024
"""Bytes of one search that are read."""
SECONDS = 4.0
"""How long one search may take."""
CHAIN = 4
"""How many renames are followed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A path of a tree."""

    mode: str
    """Git's: `100644`, `120000` a link, `160000` a submodule."""
    size: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A line in which something was found."""

    path: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Gone:
    """The commit that took a path away."""

    commit: str
    subject: str
    to: str
    """Where the file is now, as git tells renames; empty when it was deleted."""


def entries(places: Places, commit: str) -> Mapping[str, Entry]:
    """All paths of a commit. Raises CockpitError when there is no such commit."""
    return _entries(places.root, commit)


def forget() -> None:
    """Read the next tree anew: for measuring."""
    _entries.cache_clear()


@functools.lru_cache(maxsize=4)
def _entries(root: Path, commit: str) -> Mapping[str, Entry]:
    found: dict[str, Entry] = {}
    for row in git.run(root, "ls-tree", "-r", "-l", "-z", "--full-tree", "--end-of-options", commit).split(b"\0")[:-1]:
        head, _, path = row.partition(b"\t")
        mode, _, _, size = head.split()
        found[os.fsdecode(path)] = Entry(mode.decode(), int(size) if size != b"-" else 0)
    return found


def texts(places: Places, commit: str, paths: Iterable[str]) -> dict[str, str]:
    """The contents of these files as text; without those that are binary, missing, larger than `LARGEST`, or past
    `ALL` bytes in sum."""
    known = entries(places, commit)
    wanted: list[str] = []
    left = ALL
    for path in dict.fromkeys(paths):
        entry = known.get(path)
        if entry is None or entry.mode == "160000" or entry.size > min(LARGEST, left) or "\n" in path:
            continue
        left -= entry.size
        wanted.append(path)
    if not wanted:
        return {}
    asked = b"".join(os.fsencode(f"{commit}:{path}") + b"\n" for path in wanted)
    answer = git.run(places, "cat-file", "--batch", input=asked)
    found: dict[str, str] = {}
    at = 0
    for path in wanted:
        end = answer.index(b"\n", at)
        head = answer[at:end].split(b" ")
        at = end + 1
        if head[-1] == b"missing":  # taken out of the object database: a partial clone without its server
            continue
        data = answer[at : at + int(head[-1])]
        at += len(data) + 1
        if b"\0" not in data[:8000]:
            found[path] = data.decode("utf-8", "replace")
    return found


def grep(
    places: Places,
    commit: str,
    words: Collection[str],
    *,
    whole: bool,
    without: Collection[str] = (),
    most: int = FOUND,
    seconds: float = SECONDS,
) -> list[Hit]:
    """The lines of text files that hold one of the words (`whole`: not as a part of another), outside of `without`.

    What was found until the bounds were reached: no line is no proof then, but nearly.
    """
    asked = [word for word in words if word and "\n" not in word and "\0" not in word]
    if not asked:
        return []
    patterns = [part for word in asked for part in ("-e", word)]
    aside = [f":(top,exclude,literal){path}" for path in without]
    answer = bytearray()
    try:
        for data in git.stream(
            places, "grep", "--no-color", "--full-name", "-n", "-z", "-I", "-F", *(["-w"] if whole else []), *patterns,
            commit, "--", ":(top)", *aside, seconds=seconds, fine=(0, 1),
        ):  # fmt: skip
            answer += data
            if len(answer) > most:
                break
    except TimeoutError:
        pass
    hits: list[Hit] = []
    last, path = b"", ""
    for row in bytes(answer).split(b"\n")[:-1]:
        name, _, rest = row.partition(b"\0")
        number, _, text = rest.partition(b"\0")
        if number.isdigit():
            if name != last:
                last, path = name, os.fsdecode(name).partition(":")[2]
            hits.append(Hit(path, int(number), text[:500].decode("utf-8", "replace")))
    return hits


def gone(places: Places, commit: str, paths: Sequence[str], seconds: float = SECONDS) -> dict[str, Gone]:
    """For paths that the commit has no more: which commit took them away, and where git sees them now.

    A path may be the end of one, `act/brief.py`; words with the signs of a glob are none.
    """
    deadline = time.monotonic() + seconds
    wanted = [path for path in paths if path and not re.search(r"[*?\[\]\\\0]", path)]
    found: dict[str, Gone] = {}
    for whole, (taken, subject) in _deleted(places, commit, wanted, deadline).items():
        path = next(path for path in wanted if _ends(whole, path))
        if path not in found or whole == path:
            found[path] = Gone(taken[:12], subject, _followed(places, commit, whole, taken, deadline))
    return found


def _ends(whole: str, path: str) -> bool:
    return whole == path or whole.endswith(f"/{path}")


def _deleted(places: Places, commit: str, paths: Sequence[str], deadline: float) -> dict[str, tuple[str, str]]:
    """The last commit that deleted each path, or one that ends with it, with its subject."""
    left = deadline - time.monotonic()
    if not paths or left <= 0:
        return {}
    globs = [f":(top,glob)**/{path}" for path in paths]
    answer = bytearray()
    try:
        for data in git.stream(
            places, "-c", "log.showSignature=false", "log", "-z", "--no-color", "--no-renames", "--diff-filter=D",
            "--name-only", "--format=%x01%H%x02%s", "--end-of-options", commit, "--", *globs, seconds=left,
        ):  # fmt: skip
            answer += data
            if len(answer) > FOUND:
                break
    except (TimeoutError, CockpitError):
        pass
    found: dict[str, tuple[str, str]] = {}
    now = ("", "")
    for token in bytes(answer).split(b"\0"):
        word = token.lstrip(b"\n")
        if word.startswith(b"\x01"):
            id, _, subject = word[1:].partition(b"\x02")
            now = id.decode(), subject.decode("utf-8", "replace")
        elif any(_ends(path := os.fsdecode(word), each) for each in paths):
            found.setdefault(path, now)
    return found


def _followed(places: Places, commit: str, path: str, taken: str, deadline: float) -> str:
    """Where the file went, through the renames that followed; empty when it can't be told."""
    known = entries(places, commit)
    for _ in range(CHAIN):
        path = _renamed(places, taken, path)
        if not path or path in known:
            return path
        later = _deleted(places, commit, [path], deadline)
        if path not in later:
            return ""
        taken = later[path][0]
    return ""


def _renamed(places: Places, commit: str, path: str) -> str:
    done = git.call(
        places, "diff-tree", "-r", "-z", "-M", "-l400", "--no-commit-id", "--diff-filter=R", "--name-status",
        "--root", "-m", "--first-parent", "--end-of-options", commit,
    )  # fmt: skip
    tokens = iter(done.stdout.split(b"\0"))
    for status in tokens:
        before, after = next(tokens, b""), next(tokens, b"")
        if status.startswith(b"R") and os.fsdecode(before) == path:
            return os.fsdecode(after)
    return ""


def ignored(places: Places, paths: Sequence[str]) -> frozenset[str]:
    """Those of the paths that git would ignore: nobody expects them in a tree."""
    if not paths:
        return frozenset()
    asked = b"".join(os.fsencode(path) + b"\0" for path in paths)
    done = git.call(places, "check-ignore", "-z", "--no-index", "--stdin", input=asked)
    return frozenset(os.fsdecode(path) for path in done.stdout.split(b"\0") if path)


def dropped(
    places: Places, commit: str, word: str, pathspecs: Sequence[str] = (), seconds: float = SECONDS
) -> tuple[str, str] | None:
    """The last commit that changed how often the word occurs, with its subject: for a word that is gone, its end.

    None when there is none, or git did not find it within these seconds.
    """
    try:
        answer = b"".join(
            git.stream(
                places, "-c", "log.showSignature=false", "log", "-z", "--no-color", "--no-renames", "-n1",
                "--format=%H%x02%s", f"-S{word}", "--end-of-options", commit, "--", ":(top)", *pathspecs,
                seconds=seconds,
            )
        )  # fmt: skip
    except (TimeoutError, CockpitError):
        return None
    id, _, subject = answer.partition(b"\0")[0].partition(b"\x02")
    return (id.decode()[:12], subject.decode("utf-8", "replace")) if id else None
