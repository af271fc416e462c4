"""A result as a human reads it: what lies between two commits, and the lines of a file on either side. Bounded."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import git
from cockpit.persist.forecast import differing
from cockpit.persist.objects import store

MOST = 4 << 20
"""Bytes of a diff or a file that are read; more is read in a shell."""

_ID = re.compile(r"[0-9a-f]{40,64}")
_PLAIN = ("-c", "core.quotePath=false", "diff", "-M", "--no-color", "--no-ext-diff", "--no-textconv", "--full-index")
_PREFIX = ("--src-prefix=a/", "--dst-prefix=b/")


@dataclass(frozen=True, slots=True)
class Shown:
    """One commit as a human reads it."""

    id: str
    subject: str
    message: str
    files: tuple[str, ...]
    diff: str
    """Against its first parent, the spec aside."""


def between(places: Places, old: str, new: str, without: str = "") -> tuple[bytes, bool]:
    """The unified diff of two commits, renames told, and whether it was cut at `MOST` bytes. Raises CockpitError.

    `without` is a path that is left aside.
    """
    aside = (":(top)", f":(top,exclude,literal){without}") if without else ()
    return _bounded(places, *_PLAIN, *_PREFIX, "--end-of-options", old, new, "--", *aside)


def shown(places: Places, id: str, base: str = "") -> Shown:
    """A commit with what it changed against its first parent, or against `base`. Raises CockpitError."""
    form = "--format=%H%x00%P%x00%s%x00%B"
    words = git.run(places, "log", "-1", "--no-show-signature", form, "--end-of-options", id, "--")
    full, parents, subject, message = words.decode("utf-8", "replace").split("\0", 3)
    first = parents.split()[:1] or [git.run(places, "hash-object", "-t", "tree", "--stdin", input=b"").decode().strip()]
    old = base or first[0]
    files = tuple(path for path in differing(places, old, full) if path != places.spec_name)
    diff = between(places, old, full, places.spec_name)[0].decode("utf-8", "replace")
    return Shown(full, subject, message.strip(), files, diff)


def fork(places: Places, ours: str, theirs: str) -> str:
    """The commit that two branches have in common, what a merge starts from. Raises CockpitError when there is none."""
    args = ("merge-base", "--end-of-options", ours, theirs)
    found = git.call(places, *args)
    if found.returncode != 0:
        if found.stderr:
            raise git.failure(args, found.stderr, places)
        raise CockpitError("they have no commit in common", where=f"{ours[:12]} and {theirs[:12]}")
    return found.stdout.decode().strip()


def lines(places: Places, commit: str, path: str) -> list[str] | None:
    """The lines of a file in a commit, as far as `MOST` bytes go; None when there is no such file."""
    found = store(places).blob_at(commit, path) if _ID.fullmatch(commit) else None
    if found is None:
        return None
    text = _bounded(places, "cat-file", "blob", found)[0].decode("utf-8", "replace")
    return text.removesuffix("\n").split("\n") if text else []


def _bounded(places: Places, *args: str) -> tuple[bytes, bool]:
    data, more = git.bounded(places, MOST, *args)
    return data[: data.rfind(b"\n", 0, MOST) + 1] if more else data, more
