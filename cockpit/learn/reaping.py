"""What `reap` judges by beside the document: commits that name an item, and the document as it was. Reads only."""

from __future__ import annotations

import re
import time
from functools import lru_cache

from cockpit import facts, persist
from cockpit.clean import line
from cockpit.errors import CockpitError
from cockpit.learn.reap import LONG, Dead, dead
from cockpit.paths import Places
from cockpit.persist import exits, since
from cockpit.spec import Document, Mark, SpecError, parse

DAY = 24 * 3600


def found(places: Places, document: Document) -> list[Dead]:
    """All that looks dead, by all that is known."""
    return dead(document, committed(places, document), then(places, time.time()))


def committed(places: Places, document: Document) -> dict[str, str]:
    """By id, the commit that names an open item though no delegate made it: probably its work was done by hand."""
    open = {item.id for item in document.queue if item.mark is Mark.OPEN and item.touched and not item.value("branch")}
    if not open:
        return {}
    try:
        tip = exits.exit_of(places, document.controls, facts.turns(places.delegates)).tip
        commits = since.since(places, tip, (), files=False) if tip else []
    except CockpitError:
        return {}
    return {
        id: f"{commit.id[:9]} “{line(commit.subject, 60)}” names it: tick it (space) if that was it"
        for commit in reversed(commits)
        if not commit.by
        for id in open & set(re.findall(r"[\w-]+", commit.subject))
    }


def then(places: Places, now: float) -> Document | None:
    """The spec as it was `LONG` days before `now` (epoch seconds), read once a day; None when there was none."""
    return _then(places, int(now // DAY) - LONG)


@lru_cache(maxsize=8)
def _then(places: Places, day: int) -> Document | None:
    try:
        return parse(persist.at(places, time.strftime("%Y-%m-%d %H:%M", time.localtime(day * DAY))))
    except (CockpitError, SpecError):
        return None
