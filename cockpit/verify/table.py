"""The fourteen checks in one table: number, name, the word in the front matter, what judges, how long it may take."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from cockpit.verify.case import Case
from cockpit.verify.checks.branding import branding
from cockpit.verify.checks.collision import collision
from cockpit.verify.checks.conflicts import conflicts
from cockpit.verify.checks.debris import debris
from cockpit.verify.checks.endpoints import endpoints
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
    about: str
    """What it looks at, in one line."""
    word: str = ""
    """Its name under `checks:`; empty for one that takes no rules and is always on."""
    judge: Callable[[Case], Finding] | None = None
    """None for those that run commands (1, 2) or need no branch (14)."""
    late: bool = False
    """Whether it reads what the verification printed."""
    budget: float = BUDGET


TABLE = (
    Entry(1, "acceptance grep", "the commands of the acceptance criteria, run on the merged tree"),
    Entry(
        2,
        "verification",
        "the verification command, run by us on the merged tree with protected files as the target has them",
    ),
    Entry(
        3, "scope", "every changed path is inside the item's paths; the spec and .cockpit/ are the human's", judge=scope
    ),
    Entry(
        4,
        "substring collision",
        "a rename that went into other names, or left some of them behind",
        "collision",
        collision,
    ),
    Entry(5, "branding", "names that must not be seen, and marks that tools leave of themselves", "branding", branding),
    Entry(6, "lockfile", "a manifest whose dependencies changed has its lockfile made anew", "lockfile", lockfile),
    Entry(
        7,
        "endpoint echo",
        "addresses of the right environment, and a verification that says which one it spoke with",
        "endpoints",
        endpoints,
        late=True,
    ),
    Entry(8, "tasks.md", "boxes ticked without work, lost, or of another item", "tasks", tasks),
    Entry(9, "protected paths", "protected files as they were, and no test weakened", "tests", protected),
    Entry(
        10,
        "secrets",
        "tokens and keys by their form, in the change and in every commit of the branch",
        "secrets",
        secrets,
    ),
    Entry(11, "debris", "conflict markers, debuggers, stubs, files that programs leave", "debris", debris),
    Entry(
        12,
        "provenance",
        "the right branch, a clean tree, whose commits they are, no hook passed by",
        "provenance",
        provenance,
    ),
    Entry(13, "conflicts", "it merges with the target; conflicts with other delegates are foretold", judge=conflicts),
    Entry(14, "answer", "the delegate's answer is there, well formed, and says done"),
)
NAMES = tuple(entry.name for entry in TABLE)
"""Names of the checks; number n is `NAMES[n - 1]`."""
