"""Verbs on where an item stands: moving one within its section or to another, ticking it."""

from __future__ import annotations

from cockpit import choices
from cockpit.clean import line
from cockpit.edits.world import Words, World, item_of, needs, not_running
from cockpit.errors import Refused
from cockpit.spec import Document, Item, Kind, Mark, edit
from cockpit.spec.words import kind_of

HOLDS_ITEMS = tuple(map(Kind, choices.HOLD_ITEMS))
HOLDS_LINES = tuple(map(Kind, choices.HOLD_LINES))


def section_of(document: Document, words: str, kinds: tuple[Kind, ...]) -> Kind:
    """The section that a human names, as its heading may be written. Raises Refused."""
    kind = kind_of(words.replace("-", " "), document.front.aliases)
    if kind is None or kind not in kinds:
        raise Refused(f"{line(words, 40)} is none of: {', '.join(kinds)}")
    return kind


def move(document: Document, target: str, words: Words, _world: World) -> bytes:
    """Move an item one up or down, to the top of its section, or to the end of another; all below it goes along."""
    item = item_of(document, target)
    to = needs(words, "to", "the place")
    around = _siblings(document, item)
    at = around.index(item.id)
    try:
        if to in ("up", "top"):
            if at == 0:
                raise Refused(f"{item.id} is first already")
            return edit.move_item(document.data, item.id, before=around[at - 1 if to == "up" else 0])
        if to == "down":
            if at == len(around) - 1:
                raise Refused(f"{item.id} is last already")
            return edit.move_item(document.data, item.id, after=around[at + 1])
        section = section_of(document, to, HOLDS_ITEMS)
        if item.section is section:
            raise Refused(f"{item.id} stands in the {section} already", remedy=f"say one of {', '.join(choices.STEPS)}")
        not_running(item, "move")
        if item.mark is Mark.NEEDS_YOU:
            raise Refused(f"{item.id} waits for you: accept, iterate or reject it before you move it")
        return edit.move_item(document.data, item.id, section=section)
    except ValueError as error:
        raise Refused(f"{item.id} cannot be moved: {error}", remedy="move it in an editor") from error


def tick(document: Document, target: str, _words: Words, _world: World) -> bytes:
    """Say of an item that it is done, as of a pending one or a criterion that only a human can judge; again: not."""
    item = item_of(document, target)
    if item.value("merged"):
        raise Refused(f"{item.id} is done: merged as {line(item.value('merged'), 40)}")
    if item.mark is Mark.DONE:
        return edit.drop_field(edit.set_mark(document.data, item.id, Mark.OPEN), item.id, "proof")
    not_running(item, "tick")
    if item.mark is Mark.STRUCK:
        raise Refused(f"{item.id} is struck", remedy="strike again brings it back")
    if item.value("branch"):
        raise Refused(f"{item.id} has a result: accept, iterate or reject it", where=line(item.value("branch"), 80))
    return edit.set_mark(document.data, item.id, Mark.DONE)


def _siblings(document: Document, item: Item) -> list[str]:
    """Ids of the items beside it, itself among them: below the same parent, else of the same section."""
    above = document.above(item)
    if above is not None:
        return [entry.id for entry in above.children]
    return [entry.id for entry in document.items if entry.section is item.section]
