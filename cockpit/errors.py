"""Errors that a user can act on: what went wrong, where, and what to do."""

from __future__ import annotations


class CockpitError(Exception):
    """Anything we tell the user instead of a traceback.

    `what` is a sentence without a full stop, `where` a file, line or item, `remedy` an order ("run git init").
    """

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        cure = f" ({self.remedy})" if self.remedy else ""
        return f"{place}{self.what}{cure}"


class Refused(CockpitError):
    """A verb that makes no sense for its target now; `what` is the reason, shown as it stands."""
