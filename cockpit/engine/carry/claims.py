"""Stale claims stop an item before its turn, in every mode, until they hold or the human answers (R243)."""

from __future__ import annotations

from cockpit.engine import claiming
from cockpit.engine.carry.acts import Edit, asking, if_mark, record
from cockpit.engine.look import Look
from cockpit.facts import STALE
from cockpit.paths import Places
from cockpit.spec import Item, Mark, edit, parse


def stopped(places: Places, seen: Look, item: Item, number: int) -> str:
    """Ask about the item's stale claims; gives the words, empty when nothing is in the way of its turn."""
    words = claiming.question(places, seen.document, item, number)
    if words:
        record(places, "ask", item.id, if_mark(item.id, {Mark.OPEN}, _ask(item.id, words)), words)
    return words


def recheck(places: Places, seen: Look, item: Item, number: int) -> str:
    """Open the item again when what was asked no longer holds; ask anew what is still stale."""
    words = claiming.question(places, seen.document, item, number)

    def settle(data: bytes) -> bytes:
        now = parse(data).item(item.id)
        if now is None or not now.value("asks").startswith(STALE):
            return data
        if words:
            return data if now.value("asks") == words else _ask(item.id, words)(data)
        return edit.set_mark(edit.drop_field(data, item.id, "asks"), item.id, Mark.OPEN)

    if item.value("asks") != words:
        verb, subject = ("ask", "") if words else ("settled", f"Claims of {item.id} hold")
        record(places, verb, item.id, if_mark(item.id, {Mark.NEEDS_YOU}, settle), words or "its claims hold", subject)
    return f"{item.id}: {words or 'its claims hold now'}"


def _ask(id: str, words: str) -> Edit:
    # Without the yes to a brief that said it.
    return lambda data: asking(edit.drop_field(data, id, "scope"), id, words)
