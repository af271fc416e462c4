"""Every version of the spec that was ever seen, raw bytes, on the local ref `refs/cockpit/journal`.

So no byte of the spec is ever unrecoverable, and the merge can find the version that an editor had loaded. Each
version is a commit whose subject is `BLOB PATH`: one `git log` tells all versions without reading any.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import git
from cockpit.persist.objects import FILE, put
from cockpit.persist.objects import store as objects_of

REF = "refs/cockpit/journal"
TRIES = 40
MOST = 20_000
"""Versions looked back; an editor that had the file open for longer is merged against the nearest of these."""
NOBODY = "cockpit <cockpit@localhost>"
"""The journal is local and kept even where git knows no name of the user."""


def store(places: Places, data: bytes) -> str:
    """Put a version on the journal and give its blob id. Raises CockpitError when git cannot be written."""
    objects = objects_of(places)
    blob = objects.write("blob", data)
    name = places.spec_name.rpartition("/")[2].encode("utf-8", "surrogateescape")
    tree = objects.write("tree", put(b"", FILE, name, blob, len(blob) // 2))
    for attempt in range(TRIES):
        old = git.tip(places, REF)
        commit = objects.commit(tree, [old] if old else [], f"{blob} {places.spec_name}", by=NOBODY)
        if git.move(places, REF, commit, old, "cockpit: a version of the spec"):
            return blob
        git.pause(attempt)
    raise CockpitError("the journal of the spec cannot be written", where=REF, remedy="look for a stale .lock there")


def keep(places: Places, data: bytes) -> str:
    """The blob id of a version, which is put on the journal unless it is there. Raises what `store` raises."""
    blob = objects_of(places).id_of("blob", data)
    return blob if blob in ids(places) else store(places, data)


def read(places: Places, blob: str) -> bytes | None:
    """The version of that id; None when the journal was thrown away and git has forgotten it."""
    found = objects_of(places).read(blob) if blob else None
    return found[1] if found is not None else None


_known: dict[str, tuple[str, list[tuple[str, str]]]] = {}
"""Per repository: a tip of the journal, and (blob, path) of what it leads to, newest first."""


def ids(places: Places) -> list[str]:
    """Blob ids of the versions of this spec, newest first, each once."""
    tip = git.tip(places, REF)
    if tip is None:
        return []
    key = str(places.common_dir)
    last, pairs = _known.get(key, ("", []))
    if last != tip:
        since = [f"^{last}"] if last else []
        done = git.call(places, "log", "--format=%s", f"--max-count={MOST}", "--first-parent", tip, *since, "--")
        if done.returncode != 0:  # the journal was thrown away and begun anew
            _known.pop(key, None)
            return ids(places) if last else []
        lines = os.fsdecode(done.stdout).split("\n")
        fresh = [(blob, path) for blob, _, path in (line.partition(" ") for line in lines) if path]
        pairs = [*fresh, *pairs][:MOST]
        _known[key] = (tip, pairs)
    return list(dict.fromkeys(blob for blob, path in pairs if path == places.spec_name))


def versions(places: Places) -> Iterator[bytes]:
    """The versions themselves, newest first, read as they are asked for."""
    for blob in ids(places):
        read = objects_of(places).read(blob)
        if read is not None:
            yield read[1]
