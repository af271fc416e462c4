"""A report log of pytest's that is being written: read on from where it was read to, after a kill of the engine too."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import BinaryIO

from cockpit.clean import line
from cockpit.errors import CockpitError
from cockpit.sense import Event, reports

TAIL = 4096
"""Bytes before the place it was read to that tell whether it is still the same log."""


def is_log(path: Path) -> bool:
    """Whether pytest writes a report log there: told by its first line."""
    try:
        with path.open("rb") as file:
            return b'"$report_type"' in file.readline(TAIL)
    except OSError:
        return False


class Log:
    """How far one log was read, and what its run has told so far."""

    def __init__(self, path: Path, mark: str) -> None:
        self.path = path
        self.mark = mark
        """All that has to be remembered: `run offset digest of the bytes before it`; empty when nothing was read."""
        self.open: dict[str, dict[str, str]] = {}
        """What its job left open after the last read."""
        self.trouble = ""
        """The first line that cannot be read."""
        self._live: reports.Live | None = None
        self._passes = 0

    def read(self, about: reports.About, open: dict[str, dict[str, str]]) -> list[Event]:
        """The events of what was added; of the whole log when it is another one now. Raises CockpitError."""
        try:
            with self.path.open("rb") as file:
                run, at = self._place(file)
                live = self._live
                if live is None or not at:
                    run = run or about.run(file.read(TAIL))
                    live = self._live = reports.Live(about, run)
                    self._passes = 0
                    if at:  # another engine has read so far, and told it
                        file.seek(0)
                        live.feed(file.read(at))
                file.seek(at)
                data = file.read(reports.LARGEST)
                at += len(data)
                self.mark = f"{run} {at} {_digest(file, at)}"
        except OSError as error:
            raise CockpitError(f"cannot read: {error.strerror}", where=line(about.name, 120)) from error
        events = live.feed(data)
        told = reports.tell(open, events, live.run.job, self._passes)
        self._passes += sum(event.kind == "test.result" and event.state == "pass" for event in events)
        self.open = {live.run.job: told.open.get(live.run.job, {})}
        self.trouble = live.errors[0] if live.errors else ""
        return told.events

    def _place(self, file: BinaryIO) -> tuple[str, int]:
        """The run that is being read and how far; no run and 0 when this is another log than that."""
        try:
            run, at, digest = self.mark.rsplit(" ", 2)
            if _digest(file, int(at)) == digest:
                return run, int(at)
        except ValueError:
            pass
        file.seek(0)
        return "", 0


def _digest(file: BinaryIO, at: int) -> str:
    start = max(0, at - TAIL)
    file.seek(start)
    return hashlib.blake2s(file.read(at - start), digest_size=8).hexdigest()
