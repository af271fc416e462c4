"""What a source says, as one line of JSON: the event. Everything foreign in it is cleaned when it is read."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable
from typing import Any, Literal, cast, get_args

import msgspec

from cockpit.clean import line, plain
from cockpit.errors import CockpitError

Level = Literal["debug", "info", "warning", "error", "critical"]
LEVELS: tuple[str, ...] = get_args(Level)

CLOSED = frozenset(
    {"closed", "resolved", "ok", "pass", "passing", "passed", "green", "fixed", "gone", "done", "success", "merged"}
)
"""States that end what the same key opened. Every opener needs a closer (salience, A7)."""

CAP = 65_536
"""Bytes a line may have."""
PATHS = 50
"""Paths an event may name."""
MANY = 32
"""Attributes an event may have."""


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One thing that happened or holds now. Events of one family make one signal (docs/events.md has the kinds)."""

    source: str
    """Who says it: spec, git, delegate, verify, pytest, a hook's own name."""
    what: str
    """One line, for the screen."""
    at: float = 0.0
    """Epoch seconds; 0 is filled in with the time it was read."""
    id: int = 0
    """The sender's number; mutes, pins and corrections may name it. 0 is none."""
    kind: str = ""
    """One of docs/events.md; any other word is taken as a plain finding."""
    key: str = ""
    """What it is about (test id, job, lane, check, topic). Without one, source and masked words are the key."""
    state: str = ""
    """One word: open, failing, fail, closed, passing ... (`CLOSED` end it); empty: it only happened."""
    level: Level = "info"
    run: str = ""
    """Id of the run of a job it belongs to."""
    commit: str = ""
    paths: tuple[str, ...] = ()
    """Files it concerns, relative to the repository."""
    item: str = ""
    """Id of the item it concerns."""
    delegate: str = ""
    """Who did it, where a delegate did."""
    evidence: str = ""
    action: str = "inspect"
    """The act it suggests, a verb of the cockpit."""
    attrs: dict[str, Any] = {}
    """What its kind has besides (docs/events.md): blocked_by, claim, hunk, deps, out ..."""

    @property
    def closes(self) -> bool:
        """Whether it ends what its key had opened."""
        return self.state.lower() in CLOSED


_decoder = msgspec.json.Decoder(Event)


def safe(event: Event, now: float) -> Event:
    """The event with every text harmless, on one line and bounded, a key, and a time that isn't in the future."""
    at = event.at if 0 < event.at <= now and math.isfinite(event.at) else now
    if _clean(event):
        if event.key:
            return event if at == event.at else msgspec.structs.replace(event, at=at)
        key = f"{event.source}: {event.what}".replace("`", "'")
        return msgspec.structs.replace(event, at=at, key=key if len(key) <= 120 else line(key, 120))
    source = line(event.source, 40) or "push"
    what = line(event.what, 200)
    return Event(
        source=source,
        what=what,
        at=at,
        id=event.id,
        kind=line(event.kind, 40),
        key=(line(event.key, 120) or line(f"{source}: {what}", 120)).replace("`", "'"),  # a mute quotes it in backticks
        state=line(event.state, 40),
        level=event.level,
        run=line(event.run, 80),
        commit=line(event.commit, 64),
        paths=tuple(line(path, 300) for path in event.paths[:PATHS]),
        item=line(event.item, 80),
        delegate=line(event.delegate, 80),
        evidence=line(event.evidence, 2000),
        action=line(event.action, 40) or "inspect",
        attrs=_attrs(event.attrs),
    )


def _clean(event: Event) -> bool:
    """Whether `safe` would leave its words as they are, which is so for most events: no more than a look at them."""
    names = (
        event.source, event.kind, event.key, event.state, event.run, event.commit, event.item, event.delegate,
        event.action,
    )  # fmt: skip
    return (
        len("".join(names)) <= 584  # their limits together: what is remembered of names is bounded
        and _named(*names)
        and _whole(event.what, 200)
        and (not event.evidence or _whole(event.evidence, 2000))
        and (not event.paths or (len(event.paths) <= PATHS and all(_whole(path, 300) for path in event.paths)))
        and (not event.attrs or _attrs(event.attrs) == event.attrs)
    )


@functools.lru_cache(maxsize=8192)
def _named(
    source: str, kind: str, key: str, state: str, run: str, commit: str, item: str, delegate: str, action: str
) -> bool:
    """Whether the names of an event need no cleaning; they come again and again, its words don't."""
    return bool(
        source
        and action
        and "`" not in key
        and _whole(source, 40)
        and (not kind or _whole(kind, 40))
        and (not key or _whole(key, 120))
        and (not state or _whole(state, 40))
        and (not run or _whole(run, 80))
        and (not commit or _whole(commit, 64))
        and (not item or _whole(item, 80))
        and (not delegate or _whole(delegate, 80))
        and (action == "inspect" or _whole(action, 40))
    )


def _whole(text: str, limit: int) -> bool:
    return len(text) <= limit and text == text.strip(" ") and plain(text)


def _attrs(given: dict[str, Any]) -> dict[str, Any]:
    return {line(name, 40): _value(value, 3) for name, value in list(given.items())[:MANY]} if given else {}


def _value(value: object, deep: int) -> object:
    match value:
        case bool() | int() | float() | None:
            return value
        case str():
            return line(value, 2000)
        case list() if deep:
            return [_value(entry, deep - 1) for entry in cast("list[object]", value)[:MANY]]
        case dict() if deep:
            return {
                line(str(name), 40): _value(entry, deep - 1)
                for name, entry in list(cast("dict[object, object]", value).items())[:MANY]
            }
        case _:
            return line(str(value), 200)


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
    state: str = "",
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
    event = Event(
        source=source, what=what, at=at, kind=kind, key=key, state=state, item=item, level=cast(Level, level),
        evidence=evidence, action=action,
    )  # fmt: skip
    return safe(event, at)
