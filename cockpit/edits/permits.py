"""Verbs that answer a delegate's permission request (law 1: the answer is an edit of the spec)."""

from __future__ import annotations

from cockpit.edits.world import Words, World, flat, item_of, turn_of
from cockpit.errors import Refused
from cockpit.facts import Permission
from cockpit.spec import Document, Item, edit, permits


def allow(document: Document, target: str, words: Words, world: World) -> bytes:
    """Grant what its delegate asks now, once or until the turn ends."""
    item, asked = _stands(document, target, words, world)
    scope = flat(words, "scope") or "once"
    if scope not in ("once", "turn"):
        raise Refused(f"a permission is given once or for the turn, not {scope}", remedy="or a rule")
    return _say(document, item, f"{asked.id} allow{' turn' if scope == 'turn' else ''}")


def deny(document: Document, target: str, words: Words, world: World) -> bytes:
    """Refuse what its delegate asks now; the words reach it."""
    item, asked = _stands(document, target, words, world)
    return _say(document, item, f"{asked.id} deny {flat(words, 'words')}".strip())


def _stands(document: Document, target: str, words: Words, world: World) -> tuple[Item, Permission]:
    """The item and the request that stands. Raises Refused when there is none, or it is not the one that was shown."""
    item = item_of(document, target)
    turn = turn_of(item, world)
    if turn is None or turn.permission is None or not world.alive(turn):
        raise Refused(f"{item.id} asks no permission")
    asked, shown = turn.permission, flat(words, "request")
    if shown and shown != asked.id:
        raise Refused(f"request {shown} of {item.id} is over: {asked.id} stands now", remedy="look at what it asks")
    if any(said is not None and said.id == asked.id for said in map(permits.answer, permits.answers(item))):
        raise Refused(f"request {asked.id} of {item.id} is answered already")
    return item, asked


def _say(document: Document, item: Item, answer: str) -> bytes:
    return edit.add_field(document.data, item.id, "permit", answer)
