"""The brief that is prepared for a turn and waits at the scope gate: its text, and what was told of it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from cockpit.errors import CockpitError
from cockpit.facts.files import read
from cockpit.facts.kinds import Scope

BRIEF, FRESH = "brief.md", "brief.new.md"
"""The brief itself; and the one that the spec would give now, beside one that the human has edited."""


def digest(text: str) -> str:
    """Twelve hex digits that tell one brief from another."""
    return hashlib.blake2s(text.encode(errors="replace"), digest_size=6).hexdigest()


def put(path: Path, text: str) -> None:
    """Replace a text beside the facts in one step. Raises CockpitError when it cannot be written."""
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        raise CockpitError(f"cannot write: {error.strerror}", where=str(path)) from error


def set_aside(folder: Path) -> Path:
    """Keep the human's own brief beside and prepare none: it is made again from the spec. Gives where it is kept.

    Raises CockpitError when it cannot be moved.
    """
    kept = next(name for n in range(1, 1000) if not (name := folder / f"brief.mine.{n}.md").exists())
    try:
        (folder / BRIEF).replace(kept)
        (folder / FRESH).unlink(missing_ok=True)
    except OSError as error:
        raise CockpitError(f"cannot set it aside: {error.strerror}", where=str(folder / BRIEF)) from error
    return kept


def prepared(folder: Path) -> tuple[Scope, str] | None:
    """What was prepared in that turn's folder, with the brief as it is on disk now (its digest may be another).

    None when nothing whole is there: it is made again.
    """
    try:
        scope = read(folder, Scope)
        return (scope, (folder / BRIEF).read_text(encoding="utf-8", errors="replace")) if scope else None
    except (CockpitError, OSError):
        return None
