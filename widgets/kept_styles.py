"""Styles looked up once and kept until a theme, a class or the focus may have made them others."""

from __future__ import annotations

from collections.abc import Callable, Set

from rich.style import Style


class KeptStyles:
    """What `find` gives for a name, looked up when first asked for."""

    def __init__(self, find: Callable[[str], Style]) -> None:
        self._find = find
        self._kept: dict[str, Style] = {}
        self.stale = False
        """Whether they have to be looked through before anything is painted again."""

    def get(self, name: str) -> Style:
        """The style of that name."""
        kept = self._kept.get(name)
        if kept is None:
            kept = self._kept[name] = self._find(name)
        return kept

    def renew(self) -> Set[str]:
        """Look all of them up again; the names of those that have become others."""
        self.stale = False
        old, self._kept = self._kept, {}
        return {name for name, style in old.items() if self.get(name) != style}
