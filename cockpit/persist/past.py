"""The spec as it was: at a revision, a date or a version of the journal, and before and after an act."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Sequence

from cockpit import spec
from cockpit.clean import line
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import git, journal
from cockpit.persist.commit import EXTERNAL
from cockpit.persist.objects import store
from cockpit.persist.timeline import LOG, Entry

_DATE = re.compile(
    r"\d[\d:./T+Z-]*|\d+(st|nd|rd|th|am|pm)|ago|last|yesterday|today|now|noon|midnight|tea|am|pm|utc|an?|one|two|three"
    r"|(seconds?|minutes?|hours?|days?|weeks?|months?|years?)|(mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(day)?"
    r"|(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*|[+-]\d{4}",
    re.IGNORECASE,
)
"""Git takes any words for a date and reads what it doesn't know as now: only these mean one."""


def at(places: Places, revision: str) -> bytes:
    """The spec as it was, in the form of the work tree: attributes and line ends obeyed.

    `revision` is a commit in any of git's words (`HEAD~3`, `main@{yesterday}`), the beginning of a version's blob id on
    the journal, or a date (`yesterday`, `2 days ago`, `2026-11-20 10:30`): the branch as it was then. Raises
    CockpitError when it names nothing, or when there was no spec then.
    """
    commit = git.tip(places, revision)
    if commit is None:
        journaled = _version(places, revision)
        if journaled is not None:
            return journaled
        commit = _then(places, revision)
    if store(places).blob_at(commit, places.spec_name) is None:
        begun = git.run(places, *LOG, "--diff-filter=A", "--format=%h", "HEAD", "--", places.spec_name).split()
        remedy = f"it begins at {begun[-1].decode()}" if begun else ""
        raise CockpitError(f"there was no {places.spec_name} then", where=commit[:12], remedy=remedy)
    return around(places, commit)


def around(places: Places, commit: str) -> bytes:
    """The spec as a commit has it, in the form of the work tree; empty when it has none, or for no commit."""
    if not commit or store(places).blob_at(commit, places.spec_name) is None:
        return b""
    return git.run(places, "cat-file", "--filters", f"{commit}:{places.spec_name}")


def pairs(places: Places, entries: Sequence[Entry]) -> list[tuple[bytes, bytes]]:
    """The spec before and after each act, as git stores it; one git for all of them."""
    names = [name for entry in entries for name in (entry.parent, entry.commit)]
    asked = "".join(f"{name or git.ZERO}:{places.spec_name}\n" for name in names)
    output = git.run(places, "cat-file", "--batch", input=asked.encode("utf-8", "surrogateescape"))
    versions: list[bytes] = []
    start = 0
    while start < len(output):
        end = output.index(b"\n", start)
        head = output[start:end].rsplit(b" ", 2)
        size = int(head[2]) if head[-1] != b"missing" else -1
        versions.append(output[end + 1 : end + 1 + max(size, 0)])
        start = end + 2 + size
    return list(zip(versions[::2], versions[1::2], strict=True))


def replay(places: Places, range: str, data: bytes) -> bytes:
    """`data` with the acts of a range of commits (`OLD..NEW`) done to it, but not what others edited in between.

    What cannot be merged, and all of a range that is no history of acts, is left out.
    """
    args = (*LOG, "--reverse", "--max-count=100", "--format=%H%x00%(trailers:key=Cockpit-By,valueonly)%x1e", range)
    listed = git.run(places, *args, "--", places.spec_name, check=False)
    for row in os.fsdecode(listed).split("\x1e"):
        commit, _, by = row.strip().partition("\0")
        if by.strip() and by.strip() != EXTERNAL.by:
            with contextlib.suppress(spec.SpecError):
                data = spec.merge(around(places, f"{commit}^"), data, around(places, commit)).data
    return data


def diff(places: Places, entry: Entry) -> str:
    """What an act changed in the spec, as a unified diff. The words are foreign: clean them before they are shown."""
    against = entry.parent or git.run(places, "hash-object", "-t", "tree", "--stdin").decode().strip()
    args = (
        "diff",
        "--no-ext-diff",
        "--no-textconv",
        "--no-color",
        "--no-renames",
        "--src-prefix=a/",
        "--dst-prefix=b/",
    )
    return git.run(places, *args, against, entry.commit, "--", places.spec_name).decode("utf-8", "replace")


def _version(places: Places, prefix: str) -> bytes | None:
    if not re.fullmatch(r"[0-9a-f]{4,64}", prefix):
        return None
    found = [blob for blob in journal.ids(places) if blob.startswith(prefix)]
    if len(found) > 1:
        raise CockpitError(f"{len(found)} versions begin so", where=prefix, remedy="give more of its id")
    read = store(places).read(found[0]) if found else None
    return read[1] if read is not None else None


def _then(places: Places, words: str) -> str:
    parts = words.replace(",", " ").split()
    if not parts or not all(_DATE.fullmatch(part) for part in parts):
        raise CockpitError(
            "git knows no such commit, nor is it a date", where=line(words, 60), remedy="see cockpit log"
        )
    args = ("rev-list", "-1", "--first-parent", f"--before={words}", "HEAD", "--")
    commit = git.run(places, *args).decode().strip() if git.tip(places, "HEAD") else ""
    if not commit:
        raise CockpitError("the branch had no commit then", where=line(words, 60))
    return commit
