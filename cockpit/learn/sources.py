"""Where repeats are looked for: the timeline, the document, and the records of the delegates. Reads, never writes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import cast

import msgspec

from cockpit import facts, persist
from cockpit.errors import CockpitError
from cockpit.learn.repeats import MOST, Offer, offers, same
from cockpit.learn.runbooks import FOLDER
from cockpit.paths import Places
from cockpit.spec import Document, fields

BACK = 300
"""Acts of steering that are looked at, the newest."""
CAP = 16 * 1024 * 1024
"""Bytes of a turn's events that are read."""
STEERS = ("steer", "iterate", "correct", "say")
Ran = tuple[tuple[str, tuple[str, ...]], ...]
_MARK = re.compile(rb"<!-- cockpit: (runbook/[0-9a-f]{8})")
_SPAN = re.compile(r"`([^`\n]+)`")


def offered(places: Places, document: Document) -> list[Offer]:
    """What repeats in this repository and has no runbook yet."""
    return list(_offers(*_seen(places, document), frozenset(taken(places)), MOST))


def seen(places: Places, document: Document) -> dict[str, int]:
    """How often the procedure of each runbook has been seen till now, by its path beside the spec."""
    found = _offers(*_seen(places, document), frozenset[str](), 10_000)
    times = {offer.key: len(offer.seen) for offer in found}
    return {path: times[key] for key, path in taken(places).items() if key in times}


def _seen(places: Places, document: Document) -> tuple[tuple[tuple[str, str], ...], Ran, tuple[str, ...]]:
    return tuple(said(places, document)), tuple(ran(places).items()), tuple(_known(document))


@lru_cache(maxsize=4)
def _offers(
    said: tuple[tuple[str, str], ...], ran: Ran, known: tuple[str, ...], taken: frozenset[str], most: int
) -> tuple[Offer, ...]:
    """Compared anew only when something new was said or run: the engine looks every two seconds."""
    return tuple(offers(said, dict(ran), known, taken, most))


def _known(document: Document) -> list[str]:
    """Commands that briefs tell to run."""
    values = (document.controls.verify, *(item.values("verify") for item in document.walk()))
    return [step.command for each in values for step in fields.steps_of(each)]


def said(places: Places, document: Document) -> list[tuple[str, str]]:
    """What a human told delegates and where, oldest first: acts that stand, and fields that were typed by hand."""
    found = list(_acts(places, persist.tip(places, "HEAD") or ""))
    acted = Counter((item, same(words)) for words, item, _ in found)
    told = [(words, f"{item} on {day}") for words, item, day in found]
    for item in document.walk():
        for words in (*item.values("steer"), *item.values("iterate")):
            acted[item.id, same(words)] -= 1
            if acted[item.id, same(words)] < 0 and not fields.is_stand_in(words):
                told.append((words, item.id))
    return told


@lru_cache(maxsize=4)
def _acts(places: Places, tip: str) -> tuple[tuple[str, str, str], ...]:
    try:
        entries = persist.timeline(places, limit=BACK) if tip else []
    except CockpitError:  # a history that can't be read offers nothing
        entries = []
    return tuple(
        (entry.reason, entry.target or "all", f"{datetime.fromtimestamp(entry.at):%Y-%m-%d}")
        for entry in reversed(entries)
        if entry.verb in STEERS and entry.reason and entry.by == "human" and not entry.undone_by
    )


def ran(places: Places) -> dict[str, tuple[str, ...]]:
    """The commands of every turn that has ended: as its events tell them, else the code in what its answer claims."""
    found: dict[str, tuple[str, ...]] = {}
    for folder in sorted(places.delegates.glob("*/*"), key=_age):
        if folder.name.isdecimal() and _size(folder / facts.NAMES[facts.Sentinel]):
            commands = _commands(folder, _size(folder / "events.ndjson"), _size(folder / facts.NAMES[facts.Answer]))
            if commands:
                found[f"{folder.parent.name} turn {folder.name}"] = commands
    return found


@lru_cache(maxsize=2048)
def _commands(folder: Path, events: int, _answer: int) -> tuple[str, ...]:
    """Read again only when one of the files grew."""
    if events:
        with (folder / "events.ndjson").open("rb") as file:
            return tuple(_told(file.read(CAP)))
    turn = facts.load(folder)
    claims = turn.answer.claims if turn is not None and turn.answer is not None else []
    return tuple(code for claim in claims for code in _SPAN.findall(claim))


def _told(data: bytes) -> Iterator[str]:
    """The commands in a stream of events, whoever's dialect: each agent puts them under `command`."""
    last = ""
    for row in data.split(b"\n"):
        if b'"command"' not in row:
            continue
        try:
            event = msgspec.json.decode(row)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue
        for command in _below(event, 0):
            if command != last:  # told once when it begins and once when it ends
                yield command
            last = command


def _below(value: object, depth: int) -> Iterator[str]:
    if depth > 8:
        return
    if isinstance(value, dict):
        for key, entry in cast(dict[str, object], value).items():
            if key == "command" and isinstance(entry, str):
                yield entry
            else:
                yield from _below(entry, depth + 1)
    elif isinstance(value, list):
        for entry in cast(list[object], value):
            yield from _below(entry, depth + 1)


def taken(places: Places) -> dict[str, str]:
    """The offers that became a runbook, by the mark that each file keeps: key to its path beside the spec."""
    found: dict[str, str] = {}
    for path in sorted((places.spec.parent / FOLDER).glob("*.md")):
        try:
            with path.open("rb") as file:
                found.update({key.decode(): f"{FOLDER}/{path.name}" for key in _MARK.findall(file.read(4096))})
        except OSError:
            continue
    return found


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _age(folder: Path) -> float:
    try:
        return folder.stat().st_ctime
    except OSError:
        return 0.0
