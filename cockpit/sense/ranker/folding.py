"""One row for one cause: what another row explains is counted there (inhibition; salience, A3 and A7)."""

from __future__ import annotations

from collections.abc import Collection

from cockpit.sense.ranker.family import Family


def fold(rows: list[tuple[Family, float]], muted: Collection[str]) -> tuple[list[tuple[Family, float]], dict[str, int]]:
    """The rows to show, in their order, and how many others each stands for.

    A test below the error that many tests share; a route below the block of its item; red jobs but the first. Never
    what is pinned, critical, or holds up the head; never by something that is itself muted or not shown.
    """
    shown = {family.key for family, _ in rows}
    kept: list[tuple[Family, float]] = []
    folded: dict[str, int] = {}
    jobs = ""
    for family, value in rows:
        into = ""
        if family.under and family.under in shown and family.name not in muted:
            into = family.under
        elif family.kind == "ci.run":
            into = jobs
            jobs = jobs or family.key
        if into and not (family.pinned or family.level == "critical" or family.marks.get("block", (0.0, ""))[0] >= 0.8):
            folded[into] = folded.get(into, 0) + 1
        else:
            kept.append((family, value))
    return kept, folded
