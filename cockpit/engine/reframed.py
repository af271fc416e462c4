"""Whether a delegate at work was told of a goal that changed under it (R123)."""

from __future__ import annotations

import functools
import math

from cockpit import facts
from cockpit.act import inbox
from cockpit.engine.scoping import goal_digest
from cockpit.paths import Places
from cockpit.persist import journal
from cockpit.spec import Document, SpecError, parse


def works_on_the_old(places: Places, turn: facts.Turn, document: Document) -> bool:
    """Whether the turn runs on a goal that is no longer the document's, and the human has not steered it since."""
    now = goal_digest(document)
    if turn.sentinel is not None or turn.dispatch.goal in ("", now):
        return False
    since = _since(places, turn.dispatch.goal, now)
    return not any(message.at >= since for message in inbox.sent(turn.folder))


@functools.lru_cache(maxsize=64)
def _since(places: Places, _was: str, now: str) -> float:
    """When the goal became what it is, as the journal of versions tells; never, where it tells nothing."""
    since = math.inf
    for version in journal.entries(places):
        data = journal.read(places, version.blob)
        try:
            if data is None or goal_digest(parse(data)) != now:
                break
        except SpecError:
            continue
        since = version.at
    return since
