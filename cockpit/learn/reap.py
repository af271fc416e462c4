"""What of queue and backlog looks dead, each with why: offered to be struck, never struck by itself (R41, R128). Pure.

Only what is open or deferred, has no result, and is waited for by nothing that is open; but a dead end is one whoever
waits behind it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from cockpit.choices import GIVEN
from cockpit.clean import line
from cockpit.learn.repeats import same
from cockpit.spec import Document, Item, Kind, Mark
from cockpit.spec.ends import dead_end, named
from cockpit.spec.serving import about, adrift, aim, fits

LONG = 14
"""Days that an item lies untouched before it counts as forgotten."""
Sort = Literal["done", "twice", "never", "adrift", "forgotten"]


@dataclass(frozen=True, slots=True)
class Dead:
    """An item that looks dead."""

    id: str
    text: str
    sort: Sort
    why: str
    section: Kind


def dead(document: Document, done: Mapping[str, str] | None = None, then: Document | None = None) -> list[Dead]:
    """Each item that looks dead, in document order, with the first reason that holds.

    `done`: by id, what says that it is done already; `then`: the document as it was `LONG` days ago.
    """
    here = [item for item in document.items if item.section in (Kind.QUEUE, Kind.BACKLOG)]
    alive = [item for item in here if item.mark in (Mark.OPEN, Mark.DEFERRED) and not item.value("branch")]
    judges: dict[Sort, Mapping[str, str]] = {
        "never": _never(document, here),
        "done": {**_steps_done(alive), **(done or {})},
        "twice": _twice(document, alive),
        "adrift": adrift(document),
        "forgotten": _forgotten(document, alive, then),
    }
    needed = {name for item in document.walk() if not item.mark.over for name in document.after.get(item.id, ())}
    rows: list[Dead] = []
    for item in alive:
        sort: Sort | None = next((sort for sort, found in judges.items() if item.id in found), None)
        if sort and item.id not in document.shared and (sort == "never" or item.id not in needed):
            rows.append(Dead(item.id, item.text, sort, judges[sort][item.id], item.section or Kind.QUEUE))
    return rows


def _never(document: Document, items: Sequence[Item]) -> dict[str, str]:
    """What waits for something struck, for what is not there, or for itself."""
    known = named(document)
    found = {item.id: why for item in items if (why := dead_end(item, document, known))}
    for item in items:
        other = document.item(item.value("until").strip().removeprefix("^")) if item.mark is Mark.DEFERRED else None
        if other is not None and other.mark is Mark.STRUCK:
            found[item.id] = f"is put off until {other.id}, which was struck"
    return found


def _steps_done(items: Sequence[Item]) -> dict[str, str]:
    """What has steps, all of them ticked."""
    return {
        item.id: f"all its {len(item.children)} steps are ticked"
        for item in items
        if item.children and all(step.mark is Mark.DONE for step in item.children)
    }


def _twice(document: Document, items: Sequence[Item]) -> dict[str, str]:
    """What says the same as an item before it, or as one that is under way or done; not as one that is struck."""
    alike: dict[str, list[Item]] = {}
    for item in _begun_first(document):
        if words := same(item.text):
            alike.setdefault(words, []).append(item)
    alive, found = {item.id for item in items}, dict[str, str]()
    for group in (group for group in alike.values() if len(group) > 1):
        first: dict[tuple[object, ...], Item] = {}
        for item in group:
            other = first.setdefault(_asks(item), item)
            if item.id in alive and other.id != item.id:
                state = "which is done" if other.mark is Mark.DONE else f"line {other.line}"
                found[item.id] = f"says the same as {other.id}, {state}"
    return found


def _begun_first(document: Document) -> Iterator[Item]:
    there = [item for item in document.items if item.section in (Kind.QUEUE, Kind.BACKLOG, Kind.DONE)]
    yield from (item for item in there if item.mark not in (Mark.OPEN, Mark.DEFERRED, Mark.STRUCK))
    yield from (item for item in there if item.mark in (Mark.OPEN, Mark.DEFERRED))


def _asks(item: Item) -> tuple[object, ...]:
    """What it asks for beside its words: its steps, and how it is to be done."""
    steps = tuple(step.text for step in item.children)
    return (steps, *((key, *item.values(key)) for key in GIVEN if item.values(key)))


def _forgotten(document: Document, items: Sequence[Item], then: Document | None) -> dict[str, str]:
    """What nobody has touched since the goal was another, and has nothing of the goal as it is."""
    if then is None or not document.goal or not about(then.goal) - about(document.goal):
        return {}
    frame = aim(document)
    before = {item.id: _reads(item, then) for item in then.items}
    return {
        item.id: f"untouched for {LONG} days; the goal has changed since, and it has nothing of it"
        for item in items
        if not fits(item, frame) and before.get(item.id) == _reads(item, document)
    }


def _reads(item: Item, document: Document) -> bytes:
    return document.data[item.span.start : item.span.end].strip()


def choice(entry: Dead) -> str:
    """One of them as the prompt offers it: `q3: says the same as q1, line 4`."""
    return f"{entry.id}: {line(entry.why, 160)}"
