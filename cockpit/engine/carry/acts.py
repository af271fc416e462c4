"""How a step writes into the spec."""

from __future__ import annotations

from collections.abc import Callable

from cockpit import persist
from cockpit.paths import Places
from cockpit.spec import Mark, edit, parse

Edit = Callable[[bytes], bytes]


def record(places: Places, verb: str, item: str, op: Edit, reason: str = "", subject: str = "") -> None:
    """One steering commit by the engine."""
    persist.record(places, op, persist.Act(verb=verb, target=item, by="engine", reason=reason, subject=subject))


def if_mark(id: str, allowed: set[Mark], change: Edit) -> Edit:
    """The human goes first: an edit of ours lapses when the item was removed or re-marked meanwhile."""

    def op(data: bytes) -> bytes:
        item = parse(data).item(id)
        return change(data) if item is not None and item.mark in allowed else data

    return op


def blocked(data: bytes, id: str, words: str) -> bytes:
    """The item as blocked, with the reason."""
    return edit.set_field(edit.set_mark(data, id, Mark.BLOCKED), id, "why", words)


def asking(data: bytes, id: str, words: str) -> bytes:
    """The item as one that needs the human, with the question."""
    return edit.set_field(edit.set_mark(data, id, Mark.NEEDS_YOU), id, "asks", words)
