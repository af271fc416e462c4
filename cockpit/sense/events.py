"""What a source says, as one line of JSON: the event. Everything foreign in it is cleaned when it is read."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Literal, get_args

import msgspec

from cockpit.clean import line
from cockpit.errors import CockpitError

Level = Literal["info", "warn", "alert"]
LEVELS: tuple[str, ...] = get_args(Level)

CLOSED = frozenset({"closed", "resolved", "ok", "passing", "passed", "fixed", "gone", "done"})
"""States that end what the same key opened. Every opener needs a closer (salience, A7)."""

CAP = 65_536
"""Bytes a line may have."""


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that happened or holds now. Events of one `key` are one family and make one signal."""

    source: str
    """Who says it: spec, git, delegate, verify, a hook's own name."""
    what: str
    """One line, for the screen."""
    at: float = 0.0
    """Epoch seconds; 0 is filled in with the time it was read."""
    kind: str = ""
    key: str = ""
    """What it is about; without one, source and words are the key."""
    state: str = "open"
    """One word: open, failing, closed, passing ... (`CLOSED` are those that end it)."""
    item: str = ""
    """Id of the item it concerns."""
    level: Level = "info"
    evidence: str = ""
    action: str = "inspect"
    """The act it suggests, a verb of the cockpit."""

    @property
    def closes(self) -> bool:
        """Whether it ends what its key had opened."""
        return self.state.lower() in CLOSED


_decoder = msgspec.json.Decoder(Event)


def safe(event: Event, now: float) -> Event:
    """The event with every text harmless, on one line and bounded, a key, and a time that isn't in the future."""
    source = line(event.source, 40) or "push"
    what = line(event.what, 200)
    return Event(
        source=source,
        what=what,
        at=event.at if 0 < event.at <= now and math.isfinite(event.at) else now,
        kind=line(event.kind, 40),
        key=(line(event.key, 120) or line(f"{source}: {what}", 120)).replace("`", "'"),  # a mute quotes it in backticks
        state=line(event.state, 40) or "open",
        item=line(event.item, 80),
        level=event.level,
        evidence=line(event.evidence, 2000),
        action=line(event.action, 40) or "inspect",
    )


def decode(data: bytes, now: float) -> Event:
    """The event in one line of JSON. Raises CockpitError that says what is wrong with the line."""
    if len(data) > CAP:
        raise CockpitError(f"line over {CAP // 1024} KiB", remedy="put long text into a file and name it as evidence")
    try:
        event = _decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise CockpitError(
            line(f"no event: {error}"), where=line(data[:60], 60), remedy='write {"source": "...", "what": "..."}'
        ) from error
    if not event.what.strip():
        raise CockpitError("an event without words", where=line(data[:60], 60), remedy='give it a "what"')
    return safe(event, now)


def decode_all(lines: Iterable[bytes], now: float) -> tuple[list[Event], list[str]]:
    """Events of NDJSON (blank lines don't count), and one error a bad line, with its number from 1."""
    events: list[Event] = []
    errors: list[str] = []
    for number, data in enumerate(lines, 1):
        if not data.strip():
            continue
        try:
            events.append(decode(data, now))
        except CockpitError as error:
            errors.append(f"line {number}: {error}")
    return events, errors


def parse_push(
    what: str,
    *,
    source: str = "push",
    kind: str = "",
    key: str = "",
    state: str = "open",
    level: str = "info",
    item: str = "",
    evidence: str = "",
    action: str = "inspect",
    at: float,
) -> Event:
    """The event that `cockpit push WHAT --key ... --state ...` means. Raises CockpitError."""
    if not what.strip():
        raise CockpitError("nothing to push", remedy='say what happened: cockpit push "tests fail" --state failing')
    if level not in LEVELS:
        raise CockpitError(f"no level {line(level, 20)!r}", remedy=f"one of {', '.join(LEVELS)}")
    known: Level = "alert" if level == "alert" else "warn" if level == "warn" else "info"
    event = Event(
        source=source, what=what, at=at, kind=kind, key=key, state=state, item=item, level=known,
        evidence=evidence, action=action,
    )  # fmt: skip
    return safe(event, at)
