"""The timeline of steering, read from the trailers of git's own log (law 2: no other record of it)."""

from __future__ import annotations

import os
from dataclasses import dataclass

from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import git

KEYS = ("Verb", "Target", "By", "Reason", "Undoes")
_TRAILERS = "%x00".join(f"%(trailers:key=Cockpit-{key},valueonly,unfold,separator=%x20)" for key in KEYS)
FORMAT = f"%H%x00%P%x00%ct%x00%s%x00{_TRAILERS}%x00"
WIDTH = 9


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
    undone_by: str
    """Id of the commit that took it back, empty while it stands."""


def timeline(
    places: Places,
    limit: int = 30,
    verb: str | None = None,
    by: str | None = None,
    target: str | None = None,
) -> list[Entry]:
    """The steering commits of the branch we are on, newest first, in one `git log`; a limit of 0 gives all.

    Only first parents count: a delegate that writes such trailers into its own commits steers nothing. Raises
    CockpitError with git's words.
    """
    if git.tip(places, "HEAD") is None:
        return []
    unfiltered = verb is None and by is None and target is None
    most = [f"--max-count={limit}"] if unfiltered and limit else []
    args = ("log", "--first-parent", "--grep=^Cockpit-Verb: ", f"--format=tformat:{FORMAT}", *most, "HEAD", "--")
    entries = parse(git.run(places, *args))
    wanted = (
        entry
        for entry in entries
        if verb in (None, entry.verb) and by in (None, entry.by) and target in (None, entry.target)
    )
    return list(wanted)[: limit or None]


def parse(output: bytes) -> list[Entry]:
    """The entries of such a log. NUL cannot occur in a commit, so no subject or reason can fake a field."""
    fields = os.fsdecode(output).split("\0")
    undone: dict[str, str] = {}
    entries: list[Entry] = []
    for start in range(0, len(fields) - WIDTH, WIDTH):
        id, parents, at, subject, verb, target, by, reason, undoes = fields[start : start + WIDTH]
        id = id.lstrip("\n")
        if undoes and id not in undone:  # an undo that was itself undone takes nothing back
            undone.setdefault(undoes, id)
        if verb:
            parent = parents.partition(" ")[0]
            taken = undone.get(id, "")
            entries.append(Entry(id, parent, float(at), verb, target, by, reason, subject, undoes, taken))
    return entries


def find(places: Places, commit: str) -> Entry:
    """The entry of one commit, named in full or short. Raises CockpitError when it steered nothing here."""
    id = git.tip(places, commit)
    if id is None:
        raise CockpitError("git knows no such commit", where=commit[:60])
    found = next((entry for entry in timeline(places, limit=0) if entry.commit == id), None)
    if found is None:
        raise CockpitError("that commit is no steering act on this branch", where=id[:12], remedy="see cockpit log")
    return found
