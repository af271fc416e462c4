"""What the engine offers: a procedure to be a runbook, a document to be compacted. It does neither (R99, R153)."""

from __future__ import annotations

from collections.abc import Collection

from cockpit import learn, sense
from cockpit.engine.look import Look
from cockpit.learn import sources
from cockpit.paths import Places


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
        if key.startswith("runbook/") and key not in found
    ]
    return [*told, *over, _compaction(seen, now)]


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
