"""The limits that hold for an item: of the spec's own words, and of the OpenSpec change that it goes by (R280)."""

from __future__ import annotations

from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import tree
from cockpit.spec import Document, Item
from cockpit.spec.limits import Limit, limits, limits_of
from cockpit.spec.openspec import PAGES, linked

FILES = 20
"""Files of a change that are read."""


def limiting(places: Places, document: Document, item: Item, base: str) -> list[tuple[str, Limit]]:
    """Each with the file it stands in. A change is read as the target has it: no result brings its own excuse."""
    found = [(places.spec_name, limit) for limit in limits_of(document, item)]
    change = linked(item)
    if change is None:
        return found
    try:
        specs = [path for path in tree.entries(places, base) if path.startswith(f"{change.folder}/specs/")]
        pages = [f"{change.folder}/{page}" for page in PAGES]
        texts = tree.texts(places, base, [*pages, *(path for path in specs if path.endswith(".md"))][:FILES])
    except CockpitError:
        return found
    return found + [(path, limit) for path, text in texts.items() for limit in limits(text)]
