"""What the engine offers to learn: a document to be compacted. It offers, it never does (R153)."""

from __future__ import annotations

from functools import lru_cache

from cockpit import learn, sense
from cockpit.engine.look import Look
from cockpit.spec import parse


def events(seen: Look, now: float) -> list[sense.Event]:
    """One event an offer, the same words as long as it holds, so that it is told once."""
    worth = _worth(seen.document.data)
    return [
        sense.Event(
            source="learn",
            kind="offer",
            key="learn/compact",
            at=now,
            state="offered" if worth else "closed",
            level="warn",
            what=f"the document has over {learn.LONG} lines: compact moves what is old into its archive",
            action="compact",
        )
    ]


@lru_cache(maxsize=2)
def _worth(data: bytes) -> bool:
    """Whether the document is long and something in it could go."""
    return data.count(b"\n") > learn.LONG and bool(learn.compact(parse(data), "").moved)
