"""What a measured criterion came to on a commit: a line of `.cockpit/measures/ID.ndjson` (R156)."""

from __future__ import annotations

from pathlib import Path

import msgspec


class Measurement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One measurement: it has a value, or says why it has none. Times are epoch seconds."""

    commit: str
    digest: str
    """Of what was measured how: only those of one digest are compared."""
    at: float
    value: float | None = None
    """The median of the runs, in the target's unit."""
    spread: float = 0.0
    """The largest less the smallest of the runs."""
    runs: int = 0
    seconds: float = 0.0
    """That its runs took together."""
    red: str = ""
    """Why the base checks are not green: nothing was measured then."""
    trouble: str = ""
    """Why there is no number."""
    beside: int = 0
    """Delegates that ran at the same time."""


def measurements(local: Path, id: str) -> Path:
    """The record of that criterion, below the repository's `.cockpit`."""
    return local / "measures" / f"{id}.ndjson"
