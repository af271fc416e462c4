"""The command that ranks a stream of events from elsewhere with the very class that ranks live."""

from __future__ import annotations

import sys
from typing import Any, cast

import msgspec

from cockpit.clean import line
from cockpit.commands.given import Given
from cockpit.sense import Ranker
from cockpit.sense.events import LEVELS, Event, Level


class Said(msgspec.Struct):
    """One line: an event in neutral names, or what to do (`op`: rank, reset)."""

    op: str = ""
    ts: float = 0.0
    k: int = 10
    id: int = 0
    source: str = "stdin"
    kind: str = ""
    severity: str = "info"
    key: str | None = ""
    message: str | None = ""
    status: str | None = ""
    run_id: str | None = ""
    commit: str | None = ""
    paths: list[str] | None = None
    queue_item: str | None = ""
    delegate: str | None = ""
    attrs: dict[str, Any] | None = None


def rank(given: Given) -> int:
    """Read events and requests from stdin, one JSON object a line; print one line of rows for each request.

    A line that can't be read costs nothing but a word on stderr.
    """
    _ = given
    ranker = Ranker()
    decoder = msgspec.json.Decoder(Said)
    encode = msgspec.json.Encoder().encode
    bad = 0
    for number, data in enumerate(sys.stdin.buffer, 1):
        if not data.strip():
            continue
        try:
            said = decoder.decode(data)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            bad += 1
            print(f"cockpit: line {number}: {line(str(error), 200)}", file=sys.stderr)
            continue
        if said.op == "rank":
            sys.stdout.buffer.write(encode({"rows": rows(ranker, said.ts, said.k)}) + b"\n")
            sys.stdout.buffer.flush()
        elif said.op == "reset":
            ranker = Ranker()
        elif said.op:
            bad += 1
            print(f"cockpit: line {number}: no op {line(said.op, 20)!r}, one of rank, reset", file=sys.stderr)
        else:
            ranker.feed(event(said))
    return 1 if bad else 0


def rows(ranker: Ranker, now: float, most: int) -> list[dict[str, object]]:
    """The ranked signals in the protocol's names."""
    return [
        {
            "family": signal.family,
            "key": signal.key,
            "what": signal.what,
            "events": signal.events,
            "why": signal.reasons,
            "notify": signal.notify,
            "score": signal.score,
        }
        for signal in ranker.rank(now, most)
    ]


def event(said: Said) -> Event:
    """The line as an event of ours."""
    return Event(
        source=said.source,
        what=said.message or said.key or said.kind,
        at=said.ts,
        id=said.id,
        kind=said.kind,
        key=said.key or "",
        state=said.status or "",
        level=cast(Level, said.severity) if said.severity in LEVELS else "info",
        run=said.run_id or "",
        commit=said.commit or "",
        paths=tuple(said.paths) if said.paths else (),
        item=said.queue_item or "",
        delegate=said.delegate or "",
        attrs=said.attrs or {},
    )
