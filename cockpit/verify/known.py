"""What need not run again: commands that were green on the very tree that a review looks at (R197, R163)."""

from __future__ import annotations

import time
from collections.abc import Mapping

from cockpit.spec import rules
from cockpit.verify.case import Case
from cockpit.verify.demanded import demanded

LONGEST = 24 * 3600.0
"""Seconds that a green one is taken for: the machine changes too."""


def green_since(case: Case, known: Mapping[str, float]) -> float:
    """Since when all that a review would run was green on that tree, epoch seconds; 0: it has to run.

    `known` says when each command was green there. All or nothing: one builds what the next one needs. They run, too,
    where a protected file is put back (another tree then), where what they print or write is looked at, and where the
    spec says `off: [known]`.
    """
    read = any(case.rule("endpoints", key) for key in ("echo", "forbid")) or (case.turn and case.controls.reports)
    if case.protected or read or rules.KNOWN in case.rule("checks", rules.OFF):
        return 0.0
    criteria = (step for entry in case.criteria for step in entry.steps)
    since = min((known.get(step.command, 0.0) for step in (*demanded(case), *criteria)), default=0.0)
    return since if time.time() - since < LONGEST else 0.0


def told(since: float) -> str:
    """`green as of 10:12 on the same tree`, with the day when it is another."""
    then, now = time.localtime(since), time.localtime()
    form = "%H:%M" if then[:3] == now[:3] else "%m-%d %H:%M"
    return f"green as of {time.strftime(form, then)} on the same tree"
