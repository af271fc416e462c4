"""The verb that makes phases of an item (R164, R270)."""

from __future__ import annotations

import re

from cockpit.clean import line
from cockpit.edits.questions import reopened
from cockpit.edits.world import Words, World, item_of, not_done, not_running
from cockpit.errors import Refused
from cockpit.spec import Document, Mark, edit, gates


def phase(document: Document, target: str, words: Words, _world: World) -> bytes:
    """Nested checkboxes below the item, done one after the other; without texts those it has become its phases."""
    item = item_of(document, target)
    not_done(item)
    not_running(item, "phase")
    if item.value("branch"):
        raise Refused(f"{item.id} has a branch already", remedy="add an item below it instead")
    above = document.above(item)
    if above is not None:
        raise Refused(f"{item.id} is below {above.id}: only an outermost item has phases")
    parts = [line(part, 400).strip() for part in re.split(r"\n|\s;\s|;\s*$", words.get("texts", ""))]
    texts = [part for part in parts if part]
    if not texts and not item.children:
        raise Refused("phase needs texts", remedy="separate them with ' ; ' or lines")
    data, id = edit.ensure_id(reopened(document, item), item.id)
    if gates.at_scope(item):  # the brief of the whole is nobody's any more: each phase gets its own
        data = edit.drop_field(edit.set_mark(data, id, Mark.OPEN), id, "scope")
    data = edit.set_field(data, id, "phased", "on")
    for text in texts:
        data, _ = edit.add_nested(data, id, text)
    return data
