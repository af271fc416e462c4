"""The goal pass: each open item in its class, with why (R38 to R41). Pure; its graph is `spec.graph`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from cockpit.select.questions import doubt
from cockpit.select.ready import Standing
from cockpit.spec import Document, Item, Kind, Mark, fields


class Class(StrEnum):
    """What can be done about an item now, in the order in which they are told."""

    YOURS = "waits for you"
    REAP = "probably done"
    RUNNING = "under way"
    NOW = "actionable now"
    LIVE = "needs live verification"
    DECISION = "blocked on a decision"
    BEHIND = "blocked on other work"
    OFF = "put off"
    NEVER = "can never run as it stands"


@dataclass(frozen=True, slots=True)
class Way:
    """One open item of the queue on the way to the goal."""

    id: str
    text: str
    kind: Class
    words: str
    """Why it is in its class; empty where that says it all."""


def ways(document: Document, standings: Sequence[Standing], done: Mapping[str, str]) -> list[Way]:
    """Each item of the queue that is not over, in document order. `done`: by id, what says that it is done already."""
    rows: list[Way] = []
    for entry in standings:
        item = entry.item
        if item.mark in (Mark.DONE, Mark.STRUCK):
            continue
        kind = _class(entry, document, done)
        rows.append(Way(item.id, item.text, kind, _why(entry, kind, document, done)))
    return rows


def _why(entry: Standing, kind: Class, document: Document, done: Mapping[str, str]) -> str:
    item = entry.item
    match kind:
        case Class.REAP:
            return done[item.id]
        case Class.YOURS:
            said = (item.value(key) for key in ("permission", "asks", "why", "scope", "review"))
            return next(filter(None, said), doubt(item, document))
        case Class.OFF:
            return f"until {item.value('until')}" if item.value("until") else ""
        case Class.RUNNING:
            return ""
        case _:
            return entry.waits


def _class(entry: Standing, document: Document, done: Mapping[str, str]) -> Class:
    item = entry.item
    match item.mark:
        case Mark.RUNNING:
            return Class.RUNNING
        case Mark.NEEDS_YOU | Mark.BLOCKED:
            return Class.YOURS
        case Mark.DEFERRED:
            return Class.OFF
        case _ if item.id in done:
            return Class.REAP
        case _ if entry.never:
            return Class.NEVER
        case _ if not entry.waits and doubt(item, document):
            return Class.YOURS
        case _ if not entry.waits:
            return Class.LIVE if fields.worldly(item) else Class.NOW
        case _:
            sections = {other.section for id in _open(item, document) if (other := document.item(id)) is not None}
            return Class.DECISION if sections & {Kind.DECISIONS, Kind.PENDING} else Class.BEHIND


def _open(item: Item, document: Document) -> Iterator[str]:
    for id in document.after.get(item.id, ()):
        other = document.item(id)
        if other is not None and not other.mark.over:
            yield id
