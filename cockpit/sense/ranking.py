"""From families to ranked signals, each with the words for why it stands where it stands (law 5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cockpit.clean import line
from cockpit.sense.events import Level
from cockpit.sense.families import Family
from cockpit.spec import Document, Item, Mark
from cockpit.spec.fields import after_ids

FADES = 20 * 60.0
"""Seconds after which what is only for information goes away by itself."""

_WEIGHT = {
    "conflict": (85, "both sides changed it"),
    "asks": (80, "asks a question"),
    "blocked": (80, "cannot go on"),
    "died": (80, "ended without a result"),
    "verification": (70, "verification fails"),
    "review": (60, "waits for your verdict"),
    "checks": (55, "checks fail"),
    "correction": (52, "corrected, not told yet"),
    "silent": (50, "no output"),
    "edit": (30, "edited by somebody else"),
    "commit": (20, "new on the branch"),
    "finished": (15, "finished, review follows"),
    "offer": (12, "an offer: take it or mute it"),
}
_BY_LEVEL: dict[Level, int] = {"critical": 90, "error": 70, "warning": 50, "info": 10, "debug": 5}
_HEAD = 100
_TURN = frozenset({"asks", "blocked", "died", "verification", "review", "checks", "silent", "finished"})
_HAPPENED = frozenset({"edit", "failure"})
_GONE = (Mark.DONE, Mark.STRUCK, Mark.DEFERRED)


@dataclass(frozen=True, slots=True)
class Signal:
    """One row of the signals pane. `since` is epoch seconds; `reasons` are at most 40 characters each."""

    key: str
    what: str
    state: str
    since: float
    action: str
    item: str
    level: Level
    reasons: tuple[str, ...]
    evidence: str
    pinned: bool
    blocks: bool
    """It is about what the head of the queue waits for: no mute hides it."""
    score: int


def rank(families: Mapping[str, Family], document: Document, now: float) -> list[Signal]:
    """Open families as signals, the most urgent first. The order is total.

    The rule: pinned first. Then what is about an item that the head of the queue waits for. Then by what it is: a
    delegate that asks, is blocked or died; a failing verification; a review that waits; other failing checks; an
    answer's correction that no brief has told; silence; edits of others; commits; what was pushed stands by its level
    (alert beside a failing verification, warn beside silence, info last). Then the newest change. Left out: what is
    closed; what only informed, or was written into the spec and is no item, twenty minutes ago; what concerns an item
    that is done, struck or deferred (but a correction); what a delegate said before its item was put back to open; a
    line of the known failures that is gone.
    """
    marks = {item.id: item.mark for item in document.walk()}
    head, waited = _head(document)
    pins = [pin.target for pin in document.pins]
    found: list[Signal] = []
    for family in families.values():
        event = family.latest
        pinned = any(concerns(target, event.key, event.item) for target in pins)
        if not family.open or _settled(marks.get(event.item), event.kind):
            continue
        told = event.level == "info" or (event.kind in _HAPPENED and not event.item)
        if told and now - event.at > FADES and not pinned:
            continue
        if event.kind == "failure" and event.item and event.item not in marks:
            continue
        blocks = event.item in waited and event.kind != "edit"
        weight, words = _WEIGHT.get(event.kind, (_BY_LEVEL[event.level], f"{event.level} from {event.source}"))
        reasons = ["pinned"] if pinned else []
        if blocks:
            reasons.append("is the head" if event.item == head else f"blocks the head {head}")
        reasons.append(words)
        if family.count > 1:
            reasons.append(f"told {family.count} times")
        found.append(
            Signal(
                key=event.key,
                what=event.what,
                state=event.state,
                since=family.since,
                action=event.action,
                item=event.item,
                level=event.level,
                reasons=tuple(line(reason, 40) for reason in reasons),
                evidence=event.evidence,
                pinned=pinned,
                blocks=blocks,
                score=weight + (_HEAD if blocks else 0),
            )
        )
    return sorted(found, key=lambda signal: (not signal.pinned, -signal.score, -signal.since, signal.key))


def concerns(target: str, key: str, item: str) -> bool:
    """Whether a mute's or pin's target means this signal: its key, its item, or its item's delegate."""
    return target == key or (item != "" and target in (item, f"^{item}", f"delegate/{item}"))


def rows(signals: Sequence[Signal], most: int = 5) -> list[tuple[str, str, str, str]]:
    """The first signals as rows of `## Live Signals`: signal, state, since, action.

    Since is a local time, never an age: the spec is not rewritten for a clock's tick (design, section 4).
    """
    return [
        (line(signal.what, 80), signal.state, f"{datetime.fromtimestamp(signal.since):%m-%d %H:%M}", signal.action)
        for signal in signals[:most]
    ]


def _settled(mark: Mark | None, kind: str) -> bool:
    if kind in ("correction", "conflict"):
        return False  # a conflict is chosen by somebody; a correction goes into the next brief of any item
    return mark in _GONE or (mark is Mark.OPEN and kind in _TURN)


def _head(document: Document) -> tuple[str, frozenset[str]]:
    """The first unfinished item of the queue, and the ids it waits for, itself among them."""
    known: Mapping[str, Item] = {item.id: item for item in document.walk()}
    head = next((item for item in document.queue if item.mark not in _GONE), None)
    if head is None:
        return "", frozenset()
    waited: set[str] = set()
    waiting = [head.id]
    while waiting:
        item = known.get(waiting.pop())
        if item is not None and item.id not in waited and item.mark not in _GONE:
            waited.add(item.id)
            waiting.extend(after_ids(item))
    return head.id, frozenset(waited)
