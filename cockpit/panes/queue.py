"""The queue, what is pending and the backlog: items in the spec's order, each with the one field that matters now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from rich.text import Text
from textual.app import ComposeResult

from cockpit.clean import line
from cockpit.panes.pane import Pane, Target, painted, toned, when_empty
from cockpit.panes.view import MARKS, NOTHING, View, age
from cockpit.spec import Document, Item, Kind, Mark, contest, contested, gates
from widgets.late import Late
from widgets.ranked_list import Column, RankedList, Row

BELOW = (Kind.PENDING, Kind.BACKLOG)
"""Sections shown below the queue when they have items; none of theirs is ever dispatched."""

WAITS = "waits for "
"""How the words begin of an item that comes after another."""
HEADING = "# "
"""What the ids of heading rows begin with: no item's id has a blank."""


def in_short(item: Item, view: View, contest: str = "") -> str:
    """The one thing to know of an item now: what it waits for, what its review says, why it stopped.

    `contest` says that a conflict stands in it.
    """
    match item.mark:
        case Mark.OPEN:
            if item.id == view.snapshot.head:
                return "next"
            again = "again: " + item.values("iterate")[-1] if item.value("iterate") else ""
            waits = view.waits(item.id)
            words = contest or again or (f"after {name}" if (name := waits.removeprefix(WAITS)) != waits else waits)
        case Mark.RUNNING:
            row = view.delegate(item.id)
            words = f"{row.agent} {row.state} {age(view.now - row.since)}" if row is not None else "running"
            if row is not None and row.asks:
                words = f"asks to {row.asks.partition(' ')[2]} ({age(view.now - row.since)})"
        case Mark.NEEDS_YOU:
            accepted = "accepted: merging" if item.value("verdict").startswith("accept") else ""
            asks = f"asks: {item.value('asks')}" if item.value("asks") else ""
            scope = f"{item.value('scope')}: a, i or r" if gates.at_scope(item) else ""
            words = accepted or asks or scope or item.value("review") or "review runs"
        case Mark.DONE:
            words = f"merged {item.value('merged')[:9]}" if item.value("merged") else item.value("proof")
        case Mark.DEFERRED:
            words = f"until {item.value('until')}" if item.value("until") else "deferred"
        case Mark.STRUCK:
            words = " · ".join(word for word in (item.value("verdict"), item.value("why")) if word) or "struck"
        case Mark.BLOCKED:
            words = item.value("why") or "blocked"
    return line(words, 120)


def rows(view: View) -> list[Row]:
    """A row for each item of the queue; below them what is pending for the human, and the backlog, with headings."""
    contests = contested(view.document)
    made = [_row(item, view, contests) for item in view.document.queue]
    for kind in BELOW:
        items = view.document.of(kind)
        if items:
            title = toned(f"{kind.value.capitalize()} · {_left(items)} of {len(items)}", "dim")
            made.append(Row(f"{HEADING}{kind}", ("", "", title, ""), "dim", heading=True))
            made.extend(_row(item, view, contests) for item in items)
    return made


def _row(item: Item, view: View, contests: Mapping[int, Item]) -> Row:
    over = item.mark in (Mark.DONE, Mark.STRUCK, Mark.DEFERRED)
    cells = Late(partial(_cells, item, view, contests))
    return Row(view.document.name(item), cells, "dim" if over else "")


def _cells(item: Item, view: View, contests: Mapping[int, Item]) -> tuple[Text | str, ...]:
    glyph, tone = MARKS[item.mark]
    over = item.mark in (Mark.DONE, Mark.STRUCK, Mark.DEFERRED)
    name = line(item.id, 12) if item.touched else ""
    short = toned(
        in_short(item, view, contest(item, contests)),
        tone if item.mark in (Mark.NEEDS_YOU, Mark.BLOCKED) else "dim",
    )
    return (toned(glyph, tone), toned(name, "dim" if over else "accent"), line(item.text, 300), short)


def wide(document: Document) -> int:
    """Cells that the longest id of a row takes, from 2 to 8."""
    listed = (item for kind in (Kind.QUEUE, *BELOW) for item in document.of(kind))
    return max(2, min(max((len(item.id) for item in listed if item.touched), default=2), 8))


def _left(items: Sequence[Item]) -> int:
    return sum(not item.mark.over for item in items)


def begin(view: View) -> str:
    """The item to stand on at first: one that needs the human, else one in motion, else the first of the queue."""
    for wanted in (Mark.NEEDS_YOU, Mark.BLOCKED, Mark.RUNNING, Mark.OPEN):
        found = next((item.id for item in view.document.queue if item.mark is wanted), "")
        if found:
            return found
    return view.document.queue[0].id if view.document.queue else ""


class QueuePane(Pane):
    """Pane 3."""

    NUMBER = 3
    TITLE = "Queue"

    def __init__(self) -> None:
        super().__init__(id="queue")
        self._wide = 4
        self._document = NOTHING

    def compose(self) -> ComposeResult:
        """One list."""
        yield RankedList(Column("", 1), Column("id", 4), Column("item"), Column("now", 26), id="queue-list")

    def show(self, view: View) -> None:
        """Take the items; the selection stays on its item."""
        widget = self.query_one(RankedList)
        made = rows(view)
        cells = wide(view.document)
        if cells != self._wide:
            self._wide = cells
            widget.set_columns(Column("", 1), Column("id", cells), Column("item"), Column("now", 26))
        when_empty(widget, "no items: o adds one")
        first = not widget.rows
        named = _named(widget.selected or "", self._document, view.document)
        self._document = view.document
        widget.set_rows(painted(made, widget))
        if first and made:
            widget.select(begin(view))
        elif named:
            widget.select(named)
        queue = view.document.queue
        waits = sum(item.mark is Mark.NEEDS_YOU for item in queue)
        self.entitle(
            f"{_left(queue)} of {len(queue)}" + (f" · {waits} for you" if waits else ""), line(view.snapshot.why, 80)
        )

    @property
    def target(self) -> Target:
        """The item."""
        selected = self.query_one(RankedList).selected or ""
        return Target(selected, selected)


def _named(selected: str, before: Document, after: Document) -> str:
    """The id that an item without one was given: the selection goes along. Empty when it keeps its key."""
    old = before.item(selected) if selected.startswith("~") and after.item(selected) is None else None
    if old is None:
        return ""
    known = {item.id for item in before.walk()}
    return next((item.id for item in after.walk() if item.text == old.text and item.id not in known), "")
