"""Every version of the spec that was ever seen, raw bytes, on the local ref `refs/cockpit/journal`.

So no byte of the spec is ever unrecoverable, and the merge can find the version that an editor had loaded. Each
version is a commit whose subject is `BLOB PATH`, whose author says who put it there, and whose body is the time and the
blob a foreign save was made from: one `git log` tells all versions without reading any.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import git
from cockpit.persist.objects import FILE, put
from cockpit.persist.objects import store as objects_of

REF = "refs/cockpit/journal"
TRIES = 40
MOST = 20_000
"""Versions looked back; an editor that had the file open for longer is merged against the nearest of these."""

By = Literal["cockpit", "save", "git"]
"""Who put a version there: one of us, somebody who knows nothing of us, or git (checkout, pull, stash ...)."""


@dataclass(frozen=True, slots=True)
class Version:
    """One entry of the journal. `base` is the blob that a foreign save was made from, else empty."""

    blob: str
    by: By = "cockpit"
    base: str = ""
    at: float = 0.0
    """When, in epoch seconds."""


def store(places: Places, data: bytes, by: By = "cockpit", base: str = "") -> str:
    """Put a version on the journal and give its blob id. Raises CockpitError when git cannot be written."""
    objects = objects_of(places)
    blob = objects.write("blob", data)
    name = places.spec_name.rpartition("/")[2].encode("utf-8", "surrogateescape")
    tree = objects.write("tree", put(b"", FILE, name, blob, len(blob) // 2))
    message = f"{blob} {places.spec_name}\n\n{time.time():.3f} {base}"
    for attempt in range(TRIES):
        old = git.tip(places, REF)
        # Local, and kept even where git knows no name of the user.
        commit = objects.commit(tree, [old] if old else [], message, by=f"{by} <cockpit@localhost>")
        if objects.refs.move(REF, commit, old):
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


_known: dict[str, tuple[str, list[tuple[str, Version]]]] = {}
"""Per repository: a tip of the journal, and (path, version) of what it leads to, newest first."""


def entries(places: Places) -> list[Version]:
    """All versions of this spec in the order they came, newest first; one that came back stands there again."""
    tip = git.tip(places, REF)
    if tip is None:
        return []
    key = str(places.common_dir)
    last, pairs = _known.get(key, ("", []))
    if last != tip:
        since = [f"^{last}"] if last else []
        form = "--format=%an%n%s%n%b"
        done = git.call(places, "log", "-z", form, f"--max-count={MOST}", "--first-parent", tip, *since, "--")
        if done.returncode != 0:  # the journal was thrown away and begun anew
            _known.pop(key, None)
            return entries(places) if last else []
        pairs = [*_read(os.fsdecode(done.stdout)), *pairs][:MOST]
        _known[key] = (tip, pairs)
    return [version for path, version in pairs if path == places.spec_name]


def _read(log: str) -> Iterator[tuple[str, Version]]:
    for entry in log.split("\0"):
        by, _, rest = entry.partition("\n")
        subject, _, body = rest.partition("\n")
        blob, _, path = subject.partition(" ")
        if path:
            at, _, base = body.strip().partition(" ")
            yield path, Version(blob, by if by in ("save", "git") else "cockpit", base, float(at or 0))


def ids(places: Places) -> list[str]:
    """Blob ids of the versions of this spec, newest first, each once."""
    return list(dict.fromkeys(version.blob for version in entries(places)))


def versions(places: Places) -> Iterator[bytes]:
    """The versions themselves, newest first, read as they are asked for."""
    for blob in ids(places):
        read = objects_of(places).read(blob)
        if read is not None:
            yield read[1]
