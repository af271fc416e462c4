"""Small files of JSON that may be lost: replaced whole, never waited for (law 2: every cache can be deleted)."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import msgspec

from cockpit.errors import CockpitError

Kept = TypeVar("Kept")


def save(path: Path, kept: Any) -> None:  # noqa: ANN401 - whatever msgspec encodes
    """Replace the file by `kept` as JSON. Raises CockpitError; the old file is then still whole."""
    temporary = path.with_name(f"{path.name}.tmp")
    try:
        temporary.write_bytes(msgspec.json.encode(kept))
        temporary.replace(path)
    except OSError as error:
        raise CockpitError(f"cannot write: {error.strerror}", where=str(path)) from error


def load(path: Path, kind: type[Kept]) -> Kept | None:
    """What `save` kept; None when there is no such file, or it is something else."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None
