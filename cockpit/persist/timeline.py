"""The timeline of steering, read from the trailers of git's own log (law 2: no other record of it)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from cockpit.clean import line
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import git

KEYS = ("Verb", "Target", "By", "Reason", "Undoes")
_TRAILERS = "%x00".join(f"%(trailers:key=Cockpit-{key},valueonly,unfold,separator=%x20)" for key in KEYS)
FORMAT = f"%H%x00%P%x00%ct%x00%s%x00{_TRAILERS}%x00"
WIDTH = 9
LOG = ("log", "--first-parent", "--basic-regexp", "--no-show-signature", "--encoding=UTF-8", "--no-color")
"""As the user's configuration must not have it otherwise."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One steering commit. The words are as they stand in git: clean them before they are shown."""

    commit: str
    parent: str
    """Its first parent, empty for the very first commit."""
    at: float
    """When it was committed, epoch seconds."""
    verb: str
    target: str
    by: str
    reason: str
    subject: str
    undoes: str
    """Id of the commit that it takes back: an act for `undo`, an undo for `redo`."""
    undone_by: str
    """Id of the commit that took it back, empty while it stands."""


def timeline(
    places: Places,
    limit: int = 30,
    verb: str | None = None,
    by: str | None = None,
    target: str | None = None,
    since: str = "",
) -> list[Entry]:
    """The steering commits of the branch we are on that fit all filters, newest first; a limit of 0 gives all.

    `since` is a date in git's words. Raises CockpitError with git's words.
    """
    return list(islice(acts(places, verb, by, target, since), limit or None))


def acts(
    places: Places, verb: str | None = None, by: str | None = None, target: str | None = None, since: str = ""
) -> Iterator[Entry]:
    """`timeline` as git finds it: who stops asking stops git, so a first page costs a page however deep history is.

    Only first parents count: a delegate that writes such trailers into its own commits steers nothing. Git looks for
    the narrowest filter itself, and always for what undoes, for that says which acts stand.
    """
    narrowest = next(
        (
            f"^Cockpit-{key}: {_literal(value)}$"
            for key, value in (("Target", target), ("Verb", verb), ("By", by))
            if value
        ),
        "",
    )
    greps = [f"--grep={narrowest}", "--grep=^Cockpit-Undoes: "] if narrowest else ["--grep=^Cockpit-Verb: "]
    dates = [f"--since={since}"] if since else []
    args = (*LOG, *greps, *dates, f"--format=tformat:{FORMAT}", "HEAD", "--")
    for entry in parse(_fields(places, args)):
        if verb in (None, entry.verb) and by in (None, entry.by) and target in (None, entry.target):
            yield entry


def _literal(value: str) -> str:
    """A value as `commit.message` wrote it, for a basic regular expression."""
    return re.sub(r"[\\.*^$\[\]]", r"\\\g<0>", line(value, 200))


def _fields(places: Places, args: tuple[str, ...]) -> Iterator[str]:
    """What git prints, field by field; nothing for a branch without a commit."""
    rest = b""
    try:
        for data in git.stream(places, *args):
            *whole, rest = (rest + data).split(b"\0")
            yield from map(os.fsdecode, whole)
    except CockpitError:
        if git.tip(places, "HEAD") is not None:
            raise


def parse(fields: Iterable[str]) -> Iterator[Entry]:
    """The entries of such a log, newest first. NUL cannot occur in a commit: no subject or reason can fake a field."""
    undone: dict[str, str] = {}
    for id, parents, at, subject, verb, target, by, reason, undoes in zip(*[iter(fields)] * WIDTH, strict=False):
        id = id.lstrip("\n")
        if not verb:
            continue
        if undoes and id not in undone:  # an undo that was itself taken back takes nothing back
            undone.setdefault(undoes, id)
        parent = parents.partition(" ")[0]
        yield Entry(id, parent, float(at), verb, target, by, reason, subject, undoes, undone.get(id, ""))


def newest(places: Places) -> str | None:
    """The commit that HEAD is at: while it is the same, so is the timeline. Reads one small file where it can."""
    return git.tip(places, git.head(places.git_dir))


def find(places: Places, commit: str) -> Entry:
    """The entry of one commit, named in full or short. Raises CockpitError when it steered nothing here."""
    id = git.tip(places, commit)
    if id is None:
        raise CockpitError("git knows no such commit", where=line(commit, 60))
    found = next((entry for entry in acts(places) if entry.commit == id), None)
    if found is None:
        raise CockpitError("that commit is no steering act on this branch", where=id[:12], remedy="see cockpit log")
    return found
