"""The OpenSpec change that an item goes by, as the tree of its turn has it: the stub of its plan (R244)."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from cockpit import track
from cockpit.act import claims
from cockpit.act.news import Stub
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import tree
from cockpit.spec import Document, Item, SpecError
from cockpit.spec.openspec import PAGES, Linked, linked

SPECS = 20
"""Specs of one change that are read."""
_HEADING = re.compile(
    r"(?mi)^(?:##[ \t]+(?P<how>ADDED|MODIFIED|REMOVED|RENAMED)\b.*|###[ \t]+Requirement:[ \t]*(?P<name>.+))$"
)


def stub(places: Places, document: Document, item: Item) -> Stub | None:
    """None where the item names no change, or the tree has nothing of it. A phase has its own tasks only."""
    change, own = linked(item), document.item(item.id)
    if change is None:
        return None
    try:
        _, commit = claims.start(places, document, item)
        return _read(places, commit, change, asked=own is not None and own.value("openspec") != "")
    except CockpitError:
        return None


@functools.lru_cache(maxsize=64)
def _read(places: Places, commit: str, change: Linked, *, asked: bool) -> Stub | None:
    below = f"{change.folder}/specs/"
    known = tree.entries(places, commit)
    specs = [path for path in known if path.startswith(below) and path.endswith("/spec.md")][:SPECS]
    texts = tree.texts(places, commit, [*(f"{change.folder}/{page}" for page in PAGES), *specs])
    if not texts:
        return None
    return Stub(
        change.folder,
        {page: texts[path] for page in PAGES[:2] if (path := f"{change.folder}/{page}") in texts},
        [row for path in specs if path in texts for row in _requirements(texts[path], path[len(change.folder) + 1 :])],
        _open(texts.get(change.tasks, ""), change) if asked else (),
    )


def _open(text: str, change: Linked) -> list[str]:
    """The open tasks that are the item's, each behind its number."""
    try:
        listed = [task for task in track.tasks(text.encode()) if not task.done and change.covers(task.name)]
    except SpecError:
        return []
    return [task.text if task.name.startswith("~") else f"{task.name} {task.text}" for task in listed]


def _requirements(text: str, path: str) -> Iterator[str]:
    how = ""
    for found in _HEADING.finditer(text):
        if found["how"]:
            how = found["how"].upper()
        elif how:
            yield f"{how} {found['name'].strip()} ({path})"
