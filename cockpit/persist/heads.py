"""Where branches stand, read from git's files: fifty of them cost no process."""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from cockpit.paths import Places
from cockpit.persist import git

_ID = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?")


def heads(places: Places, refs: Iterable[str]) -> dict[str, str]:
    """Commit ids of these refs (`refs/heads/...`); a ref that is not there is left out.

    Raises CockpitError only where the repository keeps its refs in tables and git cannot list them.
    """
    tables = places.common_dir / "reftable" / "tables.list"
    if tables.exists():
        listed = _listed(places, _stamp(tables))
        return {ref: listed[ref] for ref in refs if ref in listed}
    file = places.common_dir / "packed-refs"
    packed = _packed(file, _stamp(file))
    found: dict[str, str] = {}
    for ref in refs:
        id = _loose(places, ref, packed) or packed.get(ref)
        if id is not None:
            found[ref] = id
    return found


def _loose(places: Places, ref: str, packed: Mapping[str, str], deep: int = 5) -> str | None:
    if not ref.startswith("refs/") or "\0" in ref or ".." in ref:
        return None
    try:
        words = (places.common_dir / ref).read_bytes().strip()
    except OSError:
        return None
    if words.startswith(b"ref: ") and deep:  # a branch that is another name of one
        other = os.fsdecode(words[5:].strip())
        return _loose(places, other, packed, deep - 1) or packed.get(other)
    return words.decode() if _ID.fullmatch(words) else None


def _stamp(path: Path) -> tuple[int, ...]:
    try:
        info = path.stat()
    except OSError:
        return ()
    return info.st_mtime_ns, info.st_size, info.st_ino


@functools.lru_cache(maxsize=4)
def _packed(file: Path, stamp: tuple[int, ...]) -> Mapping[str, str]:
    if not stamp:
        return {}
    try:
        lines = file.read_bytes().split(b"\n")
    except OSError:
        return {}
    pairs = (line.partition(b" ") for line in lines)
    return {os.fsdecode(ref): id.decode() for id, _, ref in pairs if _ID.fullmatch(id)}


@functools.lru_cache(maxsize=4)
def _listed(places: Places, _stamp: tuple[int, ...]) -> Mapping[str, str]:
    listed = git.run(places, "for-each-ref", "--format=%(objectname) %(refname)", "refs/heads/").split(b"\n")
    return {os.fsdecode(ref): id.decode() for id, _, ref in (line.partition(b" ") for line in listed) if ref}
