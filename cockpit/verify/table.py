"""The fourteen checks in one table: number, name, the word in the front matter, what judges, how long it may take."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from cockpit.verify.case import Case
from cockpit.verify.checks.branding import branding
from cockpit.verify.checks.conflicts import conflicts
from cockpit.verify.checks.debris import debris
from cockpit.verify.checks.lockfile import lockfile
from cockpit.verify.checks.protected import protected
from cockpit.verify.checks.provenance import provenance
from cockpit.verify.checks.scope import scope
from cockpit.verify.checks.secrets import secrets
from cockpit.verify.checks.tasks import tasks
from cockpit.verify.finding import Finding

BUDGET = 30.0
"""Seconds a check may take; one that takes longer is broken. The commands of 1 and 2 have the item's time-out."""


class Entry(NamedTuple):
    """One check."""

    number: int
    name: str
    """Stable: specs, logs and learned rules name it."""
    word: str = ""
    """Its name under `checks:`; empty for one that takes no rules and is always on."""
    judge: Callable[[Case], Finding] | None = None
    """None for those that run commands (1, 2) or need no branch (14)."""
    late: bool = False
    """Whether it reads what the verification printed."""
    budget: float = BUDGET


def _not_built(_case: Case) -> Finding:
    return Finding("n/a", "not built")


TABLE = (
    Entry(1, "acceptance grep"),
    Entry(2, "verification"),
    Entry(3, "scope", judge=scope),
    Entry(4, "substring collision", "collision", _not_built),
    Entry(5, "branding", "branding", branding),
    Entry(6, "lockfile", "lockfile", lockfile),
    Entry(7, "endpoint echo", "endpoints", _not_built, late=True),
    Entry(8, "tasks.md", "tasks", tasks),
    Entry(9, "protected paths", "tests", protected),
    Entry(10, "secrets", "secrets", secrets),
    Entry(11, "debris", "debris", debris),
    Entry(12, "provenance", "provenance", provenance),
    Entry(13, "conflicts", judge=conflicts),
    Entry(14, "answer"),
)
NAMES = tuple(entry.name for entry in TABLE)
"""Names of the checks; number n is `NAMES[n - 1]`."""
