"""The journal: every event the engine took in, append-only, bounded, replayed at its start (design, section 3)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from cockpit.errors import CockpitError
from cockpit.sense.events import Event, decode_all
from cockpit.sense.spool import append

SIZE = 1024 * 1024
"""Bytes after which a new file is begun."""
KEPT = 4
"""Files kept; the oldest goes when one more is begun."""


def record(folder: Path, events: Sequence[Event], *, size: int = SIZE) -> None:
    """Append the events to the newest file in `folder`, beginning a new one when it is full. Raises CockpitError."""
    if not events:
        return
    files = _files(folder)
    newest = files[-1] if files else folder / f"{1:06}.ndjson"
    if files and newest.stat().st_size >= size:
        newest = folder / f"{int(newest.stem) + 1:06}.ndjson"
        for old in files[: -KEPT + 1]:
            old.unlink(missing_ok=True)
    append(newest, b"".join(msgspec.json.encode(event) + b"\n" for event in events))


def replay(folder: Path, now: float) -> list[Event]:
    """All recorded events, oldest first. A line torn by a kill is passed over. Raises CockpitError."""
    events: list[Event] = []
    for file in _files(folder):
        try:
            data = file.read_bytes()
        except OSError as error:
            raise CockpitError(f"cannot read: {error.strerror}", where=str(file)) from error
        events.extend(decode_all(data.split(b"\n"), now)[0])
    return events


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.glob("*.ndjson") if file.stem.isdecimal())
