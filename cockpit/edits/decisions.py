"""Verbs on decisions: what was settled, what it replaces, and questions that wait for a yes or a no (R21, R100)."""

from __future__ import annotations

import re

from cockpit.clean import line
from cockpit.edits.world import Words, World, flat, needs
from cockpit.errors import Refused
from cockpit.spec import Document, Item, Kind, Mark, decisions, edit


def decide(document: Document, _target: str, words: Words, _world: World) -> bytes:
    """Write a decision down. What it replaces is struck, keeps its own reason and names its successor."""
    text, because = needs(words, "text", "the decision"), flat(words, "because")
    known = {entry.id: entry for entry in decisions(document)}
    old = [id for id in re.split(r"[\s,^]+", flat(words, "supersedes")) if id]
    for id in old:
        if id not in known:
            raise Refused(f"{line(id, 30)} is no decision", remedy=f"standing are: {_standing(document)}")
        if known[id].state == "superseded":
            raise Refused(f"{id} is superseded by {known[id].by} already", remedy=f"supersede {known[id].by}")
    if old and not because:
        raise Refused("what replaces a decision needs its reason", remedy="say --because")
    if any(entry.text == text and entry.state == "standing" for entry in known.values()):
        raise Refused("that stands already")
    data, new = edit.add_item(document.data, text, section=Kind.DECISIONS)
    data = edit.set_mark(data, new, Mark.DONE)
    data = edit.set_field(data, new, "because", because) if because else data
    for id in old:
        data, id = edit.ensure_id(data, id)
        data = edit.add_field(data, new, "supersedes", id)
        data = edit.set_field(edit.set_mark(data, id, Mark.STRUCK), id, "superseded", new)
    return data


def settle(document: Document, item: Item) -> bytes:
    """Say yes to an open question: what it says, or recommends, is decided."""
    if item.mark is Mark.STRUCK:
        raise Refused(f"{item.id} was dropped or replaced", remedy="decide it anew")
    data, id = edit.ensure_id(document.data, item.id)
    return edit.set_mark(data, id, Mark.DONE)


def _standing(document: Document) -> str:
    return ", ".join(entry.id for entry in decisions(document) if entry.state == "standing") or "none"
