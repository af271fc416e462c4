"""The file of the human's taste: read at the start and when another hand changed it, written when more was learned."""

from __future__ import annotations

import os
from pathlib import Path

from cockpit.clean import line
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.sense import taste
from cockpit.sense.ranker.people import Count, People


def load(path: Path) -> dict[str, Count]:
    """The taste that the file holds; none without a file. Raises CockpitError when it can't be read."""
    try:
        return taste.read(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise CockpitError(f"can't be read: {error}", where=str(path)) from error


def save(path: Path, text: str) -> tuple[int, int, int]:
    """Replace the file; gives what changes when another hand does. Raises CockpitError: the old one is whole then."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_text(text, "utf-8")
        sign = _sign(temporary)  # before the swap: after it another hand's file may lie there
        temporary.replace(path)
    except OSError as error:
        raise CockpitError(f"cannot write: {error.strerror}", where=str(path)) from error
    return sign


class Tasting:
    """Keeps the ranker's taste and `.cockpit/taste.toml` the same. The file goes before the journal: it is edited."""

    def __init__(self, places: Places, people: People) -> None:
        self.path, self.people = places.taste, people
        self.trouble: list[str] = []
        self.sign = _sign(self.path)
        """The file as it was last read or written."""
        self.version = -1
        """What was written of the ranker's taste."""
        if self.path.exists():
            self._read()

    def take(self) -> bool:
        """Take what another hand wrote or took away, before a ranking; whether there was anything."""
        if self.sign == _sign(self.path):
            return False
        self._read()
        return True

    def sync(self, now: float) -> None:
        """Take what another hand wrote or took away, or write what was learned."""
        if not self.take() and self.version != self.people.version and not self.trouble:
            if self.people.taste or self.path.exists():
                self._write(now)
            self.version = self.people.version

    def _read(self) -> None:
        self.sign, self.version, self.trouble = _sign(self.path), self.people.version, []
        try:
            found = load(self.path)
        except CockpitError as error:
            self.trouble = [f"taste.toml: {line(str(error), 160)}"]
        else:
            self.people.taste.clear()
            self.people.taste.update(found)

    def _write(self, now: float) -> None:
        try:
            self.sign = save(self.path, taste.write(self.people.taste, now))
        except CockpitError as error:
            self.trouble = [f"taste.toml: {line(str(error), 160)}"]
            self.sign = _sign(self.path)


def _sign(path: Path) -> tuple[int, int, int]:
    """What changes when the file does; zeros for none."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0, 0
    return found.st_mtime_ns, found.st_size, found.st_ino
