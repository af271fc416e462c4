"""Rendered rows, kept until what they show changes (limits-screen, C2 and D)."""

from __future__ import annotations

from collections.abc import Hashable
from typing import NamedTuple

from textual.strip import Strip

CACHED_ROWS = 2_000


class Look(NamedTuple):
    """What a rendered row depends on beside its words."""

    row: Hashable
    here: bool
    """Whether the cursor stands on it."""
    focused: bool
    width: int


class KeptStrips:
    """What has been rendered; who keeps more than `CACHED_ROWS` is to drop them all."""

    def __init__(self) -> None:
        self._strips: dict[Look, list[Strip]] = {}
        self._looks: dict[Hashable, set[Look]] = {}

    @property
    def full(self) -> bool:
        """Whether it is time to clear."""
        return len(self._strips) >= CACHED_ROWS

    def get(self, look: Look) -> list[Strip] | None:
        """The strips of a row, one a line; None when they have to be made."""
        return self._strips.get(look)

    def keep(self, look: Look, strips: list[Strip]) -> None:
        """Keep what was just made."""
        self._strips[look] = strips
        self._looks.setdefault(look.row, set()).add(look)

    def drop(self, row: Hashable) -> None:
        """The row has changed."""
        for look in self._looks.pop(row, ()):
            self._strips.pop(look, None)

    def drop_here(self) -> None:
        """The cursor's looks have changed."""
        for look in [look for look in self._strips if look.here]:
            del self._strips[look]

    def clear(self) -> None:
        """All rows have changed."""
        self._strips.clear()
        self._looks.clear()
