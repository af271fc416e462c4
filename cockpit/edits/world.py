"""What an edit needs beside the document, and the words with which it refuses."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cockpit.clean import line
from cockpit.errors import Refused
from cockpit.facts import Scope, Turn
from cockpit.learn import Dead, Offer, dead
from cockpit.persist.landing import Landing
from cockpit.spec import Document, Item, Mark

Words = Mapping[str, str]
"""What the human said with the verb, by the name of the argument."""


@dataclass(frozen=True, slots=True)
class World:
    """What an edit may need to know that is not in the document."""

    turns: Mapping[str, Turn]
    """Latest turn of each delegate, by item."""
    alive: Callable[[Turn], bool]
    stale: Callable[[Turn], str]
    """Why the turn's verdict no longer holds; empty when it does."""
    now: datetime
    scope: Callable[[Item], Scope | None] = lambda _: None
    """The brief that is prepared for an item and waits; None while it is made or read again."""
    by: str = "human"
    """Who steers: human, engine, delegate/<id>."""
    spec_name: str = "SPEC.md"
    """The spec's path in the repository."""
    tip: str = ""
    """The commit that HEAD is at, empty before the first."""
    exists: Callable[[str], bool] = lambda _: False
    """Whether there is anything at that path in the repository."""
    quote: Callable[[Turn, str, int, bool], str | None] = lambda _turn, _path, _line, _gone: ""
    """What stands on that line of the turn's branch (True: of the file before); None when there is none."""
    offers: Callable[[Document], Sequence[Offer]] = lambda _: ()
    """What repeats and would be a runbook."""
    dead: Callable[[Document], Sequence[Dead]] = dead
    """What of queue and backlog looks dead; by the document alone where nobody knows more."""
    landing: Callable[[], Landing | None] = lambda: None
    """The feature branch as a whole; None where results go straight into the spec's branch."""
    stay: Callable[[Document], Collection[str]] = lambda _: ()
    """What must not leave the document though it looks old: ids of items, and turns as `q1 turn 2`."""


def item_of(document: Document, target: str) -> Item:
    """The item a verb names, by id or derived key. Raises Refused."""
    item = document.item(target)
    if item is None:
        raise Refused(f"no item {line(target, 40)} in the spec", remedy="it may have been removed; see cockpit status")
    return item


def turn_of(item: Item, world: World) -> Turn | None:
    """The latest turn of the item's delegate; None before the first."""
    return world.turns.get(item.id)


def flat(words: Words, name: str) -> str:
    """What the human said under that name, on one line, cleaned; empty when nothing."""
    return line(words.get(name, ""), 400).strip()


def needs(words: Words, name: str, what: str) -> str:
    """As `flat`; raises Refused when it is empty."""
    value = flat(words, name)
    if not value:
        raise Refused(f"{what} is missing", remedy=f"say --{name}")
    return value


def not_running(item: Item, verb: str) -> None:
    """Raises Refused while its delegate runs."""
    if item.mark is Mark.RUNNING:
        raise Refused(f"{item.id} is running: interrupt it before you {verb} it")


def not_done(item: Item) -> None:
    """Raises Refused when the item is done."""
    if item.mark is Mark.DONE:
        raise Refused(f"{item.id} is done" + (f": merged as {item.value('merged')}" if item.value("merged") else ""))
