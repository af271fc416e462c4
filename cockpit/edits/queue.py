"""Verbs on the items themselves."""

from __future__ import annotations

import re

from cockpit.clean import line
from cockpit.edits.questions import reopened
from cockpit.edits.world import Words, World, flat, item_of, needs, not_done, not_running
from cockpit.errors import Refused
from cockpit.spec import Document, Mark, edit, until


def defer(document: Document, target: str, words: Words, world: World) -> bytes:
    """Put an item off, until an item is done, until a time, or as the human says; again takes it back."""
    item = item_of(document, target)
    not_done(item)
    not_running(item, "defer")
    if item.mark is Mark.DEFERRED:
        return edit.drop_field(edit.set_mark(document.data, item.id, Mark.OPEN), item.id, "until")
    document_data, id = edit.ensure_id(document.data, item.id)
    data = edit.set_mark(document_data, id, Mark.DEFERRED)
    when = until.moment(flat(words, "until"), world.now)
    return edit.set_field(data, id, "until", when) if when else data


def strike(document: Document, target: str, words: Words, _world: World) -> bytes:
    """Drop an item from the loop, visibly; again brings it back."""
    item = item_of(document, target)
    not_done(item)
    not_running(item, "strike")
    data, id = edit.ensure_id(document.data, item.id)
    if item.mark is Mark.STRUCK:
        data = edit.set_mark(data, id, Mark.OPEN)
        return edit.drop_field(edit.drop_field(data, id, "verdict"), id, "why")
    data = edit.set_mark(data, id, Mark.STRUCK)
    reason = flat(words, "reason")
    return edit.set_field(data, id, "why", reason) if reason else data


def split(document: Document, target: str, words: Words, _world: World) -> bytes:
    """Make several items of one; the first keeps the id (R103)."""
    item = item_of(document, target)
    not_done(item)
    not_running(item, "split")
    if item.value("branch"):
        raise Refused(f"{item.id} has a branch already", remedy="add an item below it instead")
    texts = [line(part, 400).strip() for part in re.split(r"\n|\s;\s|;\s*$", words.get("texts", ""))]
    texts = [text for text in texts if text]
    if len(texts) < 2:
        raise Refused("split needs two texts or more", remedy="separate them with ' ; ' or lines")
    return edit.split(reopened(document, item), item.id, texts)


def reword(document: Document, target: str, words: Words, _world: World) -> bytes:
    """Say an item better; it keeps its id (R25, R104)."""
    item = item_of(document, target)
    not_done(item)
    if item.mark is Mark.RUNNING:
        raise Refused(f"{item.id} is running with the old words", remedy="steer it, or interrupt and reword")
    text = needs(words, "text", "the text")
    if text == item.text:
        raise Refused("the text is the same")
    return edit.set_text(document.data, item.id, text)
