"""What acts and mutes taught the ranking, as text: one line a facet, to be read, edited and thrown away by hand."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime

from cockpit.clean import line
from cockpit.errors import CockpitError
from cockpit.sense.ranker.people import Count

MOST = 200
"""Facets kept: those that weigh most."""
LEAST = 0.01
"""What a facet must weigh to be kept."""
HEAD = """\
# What your acts and mutes taught the ranking: how often, faded by half each 14 days since `at`. One line a facet.
# Edit or delete lines as you like; `cockpit taste` says it in words, `cockpit taste --reset` forgets it.

"""


def write(taste: Mapping[str, Count], now: float) -> str:
    """The file's text (TOML), facets in the order of their names. Times are UTC, to the second."""
    kept = sorted(taste, key=lambda facet: -abs(taste[facet].worth(now)))[:MOST]
    return HEAD + "".join(
        f"{json.dumps(facet, ensure_ascii=False)} = {{acts = {count.acts:.3f}, mutes = {count.mutes:.3f}, "
        f"at = {datetime.fromtimestamp(count.at, UTC):%Y-%m-%dT%H:%M:%SZ}}}\n"
        for facet, count in sorted((facet, taste[facet]) for facet in kept if abs(taste[facet].worth(now)) >= LEAST)
    )


def read(text: str) -> dict[str, Count]:
    """What the text says. Raises CockpitError for one that is no such file."""
    try:
        entries = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CockpitError(f"can't be read: {line(str(error), 120)}", remedy="mend it, or delete it") from error
    return {line(facet, 120): _count(facet, entry) for facet, entry in entries.items()}


def words(taste: Mapping[str, Count], now: float) -> list[str]:
    """A line a facet, what weighs most first: what you usually do, how often, and what it adds to a score."""
    return [
        f"{count.worth(now):+.2f}  you usually {'act on' if count.worth(now) > 0 else 'mute'} {facet}"
        f"  ({count.acts:.3g} acts, {count.mutes:.3g} mutes, last {datetime.fromtimestamp(count.at):%Y-%m-%d})"
        for facet, count in sorted(taste.items(), key=lambda entry: -abs(entry[1].worth(now)))
        if abs(count.worth(now)) >= LEAST
    ]


def _count(facet: str, entry: object) -> Count:
    match entry:
        case {"acts": int() | float() as acts, "mutes": int() | float() as mutes, "at": datetime() as at} if (
            0 <= acts < 1e6 and 0 <= mutes < 1e6
        ):
            return Count(float(acts), float(mutes), at.timestamp())
        case _:
            raise CockpitError(f"{line(facet, 60)}: not acts, mutes and at", remedy="mend or delete its line")
