"""The files that facts are kept in: each replaced atomically, never edited in place; records grow line by line."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from cockpit.errors import CockpitError
from cockpit.facts.claims import Claims
from cockpit.facts.kinds import (
    Answer,
    Dispatch,
    Doing,
    Entry,
    Merge,
    Permission,
    Proof,
    Proved,
    Review,
    Running,
    Scope,
    Sentinel,
)
from cockpit.facts.opinions import Opinion
from cockpit.facts.states import After, Before

SAID = "said.ndjson"
FILES: dict[str, type[msgspec.Struct]] = {
    "scope.json": Scope,
    "dispatch.json": Dispatch,
    "runner.json": Running,
    "sentinel": Sentinel,
    "answer.json": Answer,
    "review.json": Review,
    "merge.json": Merge,
    "proved.json": Proved,
    "entry.json": Entry,
    "doing.json": Doing,
    "permission.json": Permission,
    "opinion.json": Opinion,
}
NAMES: dict[type[msgspec.Struct], str] = {kind: name for name, kind in FILES.items()} | {
    Claims: "claims.json",
    Before: "before.json",
    After: "after.json",
    Proof: "proof.json",
}

Fact = TypeVar("Fact", bound=msgspec.Struct)


def write(folder: Path, fact: msgspec.Struct) -> Path:
    """Replace the fact's file in `folder` atomically (temporary file, fsync, rename); returns its path.

    Raises CockpitError when the disk is full or read-only; the old file is then still whole.
    """
    target = folder / NAMES[type(fact)]
    data = msgspec.json.format(msgspec.json.encode(fact), indent=2) + b"\n"
    temporary = ""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=folder, prefix=".", suffix=".tmp")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(target)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise CockpitError(f"cannot write a fact: {error.strerror}", where=str(target)) from error
    return target


def read(folder: Path, kind: type[Fact]) -> Fact | None:
    """The fact of that kind in `folder`, None when there is no such file.

    Raises CockpitError with the field at fault when the file is not what it should be.
    """
    path = folder / NAMES[kind]
    try:
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise CockpitError(f"cannot read: {error.strerror}", where=str(path)) from error
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise CockpitError(f"malformed: {error}", where=str(path)) from error


def append(path: Path, facts: Sequence[msgspec.Struct]) -> None:
    """Add lines to a record of JSON lines, whole or not at all. Raises OSError when it cannot be written."""
    if not facts:
        return
    data = b"".join(msgspec.json.encode(fact) + b"\n" for fact in facts)
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, data)
    finally:
        os.close(handle)


def lines(path: Path, kind: type[Fact]) -> list[Fact]:
    """The lines of such a record in order; none when there is no file, a malformed or torn one is left out."""
    try:
        data = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    found: list[Fact] = []
    for line in data[:-1]:  # what follows the last newline is empty or torn
        try:
            found.append(msgspec.json.decode(line, type=kind))
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue
    return found
