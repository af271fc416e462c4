"""The verb that adds an item: of words, out of a part of the system, or like one that is done (R112, R116)."""

from __future__ import annotations

from cockpit.choices import LIKENESS
from cockpit.clean import line
from cockpit.edits.places import HOLDS_ITEMS, HOLDS_LINES, section_of
from cockpit.edits.world import Words, World, flat, item_of, needs
from cockpit.errors import Refused
from cockpit.spec import Document, Item, Kind, edit
from cockpit.spec.samples import KEY, sample


def add(document: Document, target: str, words: Words, world: World) -> bytes:
    """A new item below the named one, else at the end of the queue or of the section `to`; there also a plain line.

    `from` is the value of its field of that name; `like` an item whose result was merged: the new one gets the fields
    that shape work. What a delegate adds says too which turn it came of: it is held against the goal. Raises Refused.
    """
    text = needs(words, "text", "the text")
    part = flat(words, KEY)
    if part and sample(part) is None:
        raise Refused(f"from: {line(part, 60)} names no part of the system", remedy="cockpit add --from PATH:LINE")
    pattern = _pattern(document, flat(words, "like").removeprefix("^"), world)
    section, below = Kind.QUEUE, None
    if flat(words, "to"):
        section = section_of(document, flat(words, "to"), (*HOLDS_ITEMS, *HOLDS_LINES))
    elif target:
        item = item_of(document, target)
        section, below = item.section or Kind.QUEUE, item.id
    if section in HOLDS_LINES:
        if pattern or part:
            raise Refused(f"{section.value} holds lines, not items", remedy="leave --to away")
        return edit.add_line(document.data, text, section=section)
    data, id = edit.add_item(document.data, text, section=section, below=below)
    if part:
        data = edit.set_field(data, id, KEY, part)
    turn = world.turns.get(world.by.removeprefix("delegate/")) if world.by.startswith("delegate/") else None
    if turn is not None:
        data = edit.add_field(data, id, KEY, f"{turn.item} turn {turn.number}")
    if pattern is not None:
        data = edit.set_field(data, id, "like", pattern.id)
        for field in pattern.fields:
            if field.key in LIKENESS:
                data = edit.add_field(data, id, field.key, field.value)
    return data


def _pattern(document: Document, named: str, world: World) -> Item | None:
    """The item that the new one is to be like. Raises Refused when it has no merged result."""
    if not named:
        return None
    if world.by.startswith("delegate/"):
        raise Refused("the fields of an item are the human's to give", remedy="add it without --like")
    item = item_of(document, named)
    if not item.value("merged"):
        raise Refused(
            f"{line(item.id, 40)} is not merged: it has no result that works yet",
            remedy="accept it first, or add the item with a field like: by hand, behind it (after:)",
        )
    return item
