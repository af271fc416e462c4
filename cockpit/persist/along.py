"""Files that an act writes along with the spec, in the same commit: an archive, a runbook.

They are ours: such an act is refused while its commit would have to wait, and while the file holds anything that is not
committed. They are written before the spec, so that a kill in between leaves words twice and never none.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from cockpit.clean import line
from cockpit.errors import Refused
from cockpit.paths import Places
from cockpit.persist import files, git
from cockpit.persist.objects import store

Change = Callable[[bytes | None], bytes | None]
"""The bytes of a file as they are, None for no file, to what they shall be."""


@dataclass(frozen=True, slots=True)
class File:
    """One file before and after an act; None is no file. `path` is relative to the repository's root."""

    path: str
    before: bytes | None
    after: bytes | None


def plan(places: Places, changes: Mapping[str, Change]) -> list[File]:
    """What the changes come to, nothing written yet.

    Raises Refused when a file holds what is not committed, git ignores it, or a link, folder or file is in its way.
    """
    found: list[File] = []
    for path, change in changes.items():
        place = places.root / path
        if not place.parent.resolve().is_relative_to(places.root) or ".." in path.split("/"):
            raise Refused(f"{line(path, 80)} lies outside the repository")
        if place.is_symlink() or (place.exists() and not place.is_file()):
            raise Refused(f"{line(path, 80)} is no plain file", remedy="move it out of the way")
        if git.call(places, "check-ignore", "-q", "--", path).returncode == 0:
            raise Refused(f"git ignores {line(path, 80)}", remedy="take that rule out")
        state = git.run(places, "--literal-pathspecs", "--no-optional-locks", "status", "--porcelain", "-z", "--", path)
        if state:
            raise Refused(f"{line(path, 80)} holds changes that are not committed", remedy="commit or restore it first")
        before = place.read_bytes() if place.exists() else None
        after = change(before)
        if after != before:
            found.append(File(path, before, after))
    return found


def blobs(places: Places, found: Sequence[File]) -> dict[str, str]:
    """Path to the blob that git keeps of it, written; empty for a file that goes."""
    args = ("hash-object", "-w", "--stdin", "--path")
    return {
        file.path: "" if file.after is None else git.run(places, *args, file.path, input=file.after).decode().strip()
        for file in found
    }


def put(places: Places, found: Sequence[File]) -> None:
    """Write them into the checkout. Raises Refused when one was changed in this very moment, CockpitError."""
    for file in found:
        _put(places, file)


def back(places: Places, found: Sequence[File]) -> None:
    """Undo `put`; what somebody changed since stays."""
    for file in found:
        if _now(places, file.path) == file.after:
            _put(places, File(file.path, file.after, file.before))


def kept(places: Places, along: Mapping[str, str]) -> dict[str, str]:
    """Those of these blobs that still lie in the checkout: anything else became somebody's own."""
    return {
        path: blob
        for path, blob in along.items()
        if (places.root / path).exists() == bool(blob)
        and (not blob or git.call(places, "hash-object", "--", path).stdout.decode().strip() == blob)
    }


def inverse(places: Places, commit: str, parent: str) -> dict[str, Change]:
    """How to take back what a commit did to files beside the spec, later additions kept."""
    if not parent:
        return {}
    args = ("diff-tree", "-r", "-z", "--no-renames", "--name-only", parent, commit, "--")
    names = [os.fsdecode(name) for name in git.run(places, *args).split(b"\0") if name]
    return {
        name: _back_to(name, _version(places, parent, name), _version(places, commit, name))
        for name in names
        if name != places.spec_name
    }


def _back_to(path: str, before: bytes | None, after: bytes | None) -> Change:
    def change(now: bytes | None) -> bytes | None:
        if now == after:
            return before
        old, new = before or b"", after or b""
        if now is not None and new.startswith(old) and now.count(new[len(old) :]) == 1:
            return now.replace(new[len(old) :], b"")
        if now is not None and old.startswith(new):
            return now + old[len(new) :]
        raise Refused(f"{line(path, 80)} was edited since")

    return change


def _version(places: Places, commit: str, path: str) -> bytes | None:
    if store(places).blob_at(commit, path) is None:
        return None
    return git.run(places, "cat-file", "--filters", f"{commit}:{path}")


def _now(places: Places, path: str) -> bytes | None:
    try:
        return (places.root / path).read_bytes()
    except OSError:
        return None


def _put(places: Places, file: File) -> None:
    place = places.root / file.path
    fresh = place.with_name(f".{place.name[:100]}.{secrets.token_hex(4)}")
    try:
        if file.after is None:
            if _now(places, file.path) == file.before:  # it is in git as it is: nothing goes that isn't kept
                place.unlink()
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            files.put(fresh, file.after, like=place if file.before is not None else None)
            if file.before is None:
                os.link(fresh, place)  # never over a file that came meanwhile
            elif not files.swap(fresh, place):
                fresh.replace(place)
            elif fresh.read_bytes() != file.before:
                files.swap(fresh, place)
                raise Refused(f"{line(file.path, 80)} was written in this very moment", remedy="try again")
        finally:
            fresh.unlink(missing_ok=True)
    except FileExistsError as error:
        raise Refused(f"{line(file.path, 80)} is there already", remedy="try again") from error
    except OSError as error:
        raise files.unwritable(error, place) from error
