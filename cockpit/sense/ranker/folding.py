"""One row for one cause: what another row explains is counted there (inhibition; salience, A3 and A7)."""

from __future__ import annotations

from collections.abc import Collection

from cockpit.sense.ranker.family import Family

ROWS = 2
"""Rows that may tell why one run is red (salience, A7)."""


def fold(rows: list[tuple[Family, float]], muted: Collection[str]) -> tuple[list[tuple[Family, float]], dict[str, int]]:
    """The rows to show, in their order, and how many others each stands for.

    A test below the error that many tests share; a route below the block of its item; red jobs but the first; of what
    turned red in one run all but the first where one change is named for it, else all but the first two. Never what is
    pinned, critical, or holds up the head; never by something that is itself muted or not shown.
    """
    shown = {family.key for family, _ in rows}
    kept: list[tuple[Family, float]] = []
    folded: dict[str, int] = {}
    jobs = ""
    born: dict[tuple[str, str], list[str]] = {}
    for family, value in rows:
        into = ""
        if family.under and family.under in shown and family.name not in muted:
            into = family.under
        elif family.kind == "ci.run":
            into = jobs
            jobs = jobs or family.key
        elif family.born:
            runs, named = born.setdefault((family.born, ""), []), born.setdefault((family.born, family.brought), [])
            into = named[0] if named and family.brought else runs[0] if len(runs) >= ROWS else ""
            if not into:
                runs.append(family.key)
                if family.brought:
                    named.append(family.key)
        if into and not (family.pinned or family.level == "critical" or family.marks.get("block", (0.0, ""))[0] >= 0.8):
            folded[into] = folded.get(into, 0) + 1
        else:
            kept.append((family, value))
    return kept, folded
