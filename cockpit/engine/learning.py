"""What the engine offers: a procedure to be a runbook, a document to be compacted, follow-ups to be items, what looks
dead to be struck. It does none of it (R99, R128, R153, R170).
"""

from __future__ import annotations

import functools
from collections.abc import Collection

from cockpit import learn, sense
from cockpit.clean import line
from cockpit.engine.look import Look
from cockpit.learn import reaping, sources
from cockpit.paths import Places
from cockpit.spec import Document, Kind

RUNBOOK, LEFT = "runbook/", "follow-ups/"
"""Before what an offer is of."""


def events(places: Places, seen: Look, was_open: Collection[str], now: float) -> list[sense.Event]:
    """One event an offer, the same words as long as it holds, so that it is told once.

    `was_open` are the keys of offers that were told: what is not offered any more is closed.
    """
    found = {offer.key: offer for offer in sources.offered(places, seen.document)}
    told = [
        sense.Event(
            source="learn",
            kind="offer",
            key=offer.key,
            at=now,
            state="offered",
            level="warning",
            what=offer.words,
            evidence="; ".join(offer.seen[:5]),
            action="runbook",
        )
        for offer in found.values()
    ]
    over = [
        sense.Event(source="learn", kind="offer", key=key, at=now, state="closed", what="not offered any more")
        for key in was_open
        if key.startswith(RUNBOOK) and key not in found
    ]
    return [*told, *over, _compaction(seen, now), _reaping(places, seen, now), *_followups(seen, was_open, now)]


def _followups(seen: Look, was_open: Collection[str], now: float) -> list[sense.Event]:
    """What the answers of items that are over left to be done, an offer an item."""
    over = {item.id for item in seen.document.walk() if item.mark.over}
    answers = {
        (turn.item, turn.number): turn.answer for turn in seen.turns.values() if turn.item in over and turn.answer
    }
    found = {f"{LEFT}{item}": (item, words) for (item, _), words in learn.left(answers, seen.document).items()}
    told = [
        sense.Event(
            source="learn",
            kind="offer",
            key=key,
            at=now,
            state="offered",
            level="info",
            item=item,
            what=f"{item} left {len(words)} follow-up{'s' * (len(words) > 1)}: {line('; '.join(words), 160)}",
            evidence=line("; ".join(words), 1000),
            action="promote",
        )
        for key, (item, words) in found.items()
    ]
    gone = [
        sense.Event(source="learn", kind="offer", key=key, at=now, state="closed", what="they are in the spec")
        for key in was_open
        if key.startswith(LEFT) and key not in found
    ]
    return [*told, *gone]


def _reaping(places: Places, seen: Look, now: float) -> sense.Event:
    """What looks dead, but for what is told by itself already: a dead end in the queue (R128)."""
    found = [entry for entry in _dead(seen.document, reaping.then(places, now)) if _untold(entry)]
    one = len(found) == 1
    told = "; ".join(f"{entry.id} {entry.why}" for entry in found)
    return sense.Event(
        source="learn",
        kind="offer",
        key="learn/reap",
        at=now,
        state="offered" if found else "closed",
        level="info",
        what=f"{len(found)} item{'s' * (not one)} look{'s' * one} dead: {line(told, 120)}",
        evidence=line(told, 1000),
        action="reap",
    )


@functools.lru_cache(maxsize=2)
def _dead(document: Document, then: Document | None) -> list[learn.Dead]:
    """Judged anew only when the document has changed: the engine looks every two seconds."""
    return learn.dead(document, then=then)


def _untold(entry: learn.Dead) -> bool:
    return entry.sort != "never" or entry.section is not Kind.QUEUE


def _compaction(seen: Look, now: float) -> sense.Event:
    worth = learn.worth(seen.document)
    return sense.Event(
        source="learn",
        kind="offer",
        key="learn/compact",
        at=now,
        state="offered" if worth else "closed",
        level="warning",
        what=f"the document has over {learn.LONG} lines: compact moves what is old into its archive",
        action="compact",
    )
