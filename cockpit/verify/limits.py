"""What an accepted limit of the spec says of a finding: quoted beside it, never taken for a pass (R280). Pure."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.clean import line
from cockpit.facts import Check, Quote
from cockpit.spec.limits import Limit

SOFT = (4, 5, 6, 7, 8, 11, 12)
"""Checks whose findings a limit may justify. The others are about what was asked for, tests, secrets and the merge."""
MOST = 3
"""Quotes for one check."""


def quotes(checks: Sequence[Check], limits: Sequence[tuple[str, Limit]]) -> list[Quote]:
    """For each soft check that found something the limits that name it; `limits` come with the file they stand in."""
    found: list[Quote] = []
    for check in checks:
        if check.number not in SOFT or not check.spots:
            continue
        here: list[Quote] = []
        for name, limit in limits:
            spots = sum(limit.covers(spot.path, spot.what) for spot in check.spots)
            if spots:
                quote = line(limit.words, 240)
                where = f"{line(name, 120)}:{limit.line}"
                here.append(Quote(check.number, where, quote, limit.accepted, spots, len(check.spots)))
        found += sorted(here, key=lambda quote: (not quote.accepted, -quote.spots))[:MOST]
    return found
