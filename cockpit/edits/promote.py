"""The verb that takes what an answer found out into the spec (R154)."""

from __future__ import annotations

import re

from cockpit import learn
from cockpit.choices import PROMOTED
from cockpit.edits.world import Words, World, flat, item_of, turn_of
from cockpit.errors import Refused
from cockpit.spec import Document, Kind, Mark, edit

"""Where a discovery may go."""


def promote(document: Document, target: str, words: Words, world: World) -> bytes:
    """Take discoveries of the item's latest answer into the spec, by their numbers; `all` is what is left."""
    left = [entry for entry in offered(document, target, world) if not entry.promoted]
    if not left:
        raise Refused(f"all that the answer of {target} found out is in the spec already")
    data = document.data
    for entry in _chosen(flat(words, "which"), left):
        data = _write(data, entry, _place(flat(words, "to"), entry))
    return data


def offered(document: Document, target: str, world: World) -> list[learn.Discovery]:
    """The discoveries of the item's latest answer. Raises Refused when there are none."""
    item = item_of(document, target)
    turn = turn_of(item, world)
    if turn is None or turn.answer is None:
        raise Refused(f"{item.id} has no answer to learn from")
    checked = turn.review.claims if turn.review is not None else ()
    found = learn.discoveries(turn.answer, item.id, turn.number, document, checked)
    if not found:
        raise Refused(f"the answer of {item.id} names nothing beside its summary")
    return found


def choice(entry: learn.Discovery) -> str:
    """One discovery as the prompt offers it: `2 assumption, to decisions: names are ASCII`; a claim with its mark."""
    mark = f" ({entry.mark})" if entry.mark else ""
    return f"{entry.number} {entry.sort}{mark}, to {entry.place.value}: {entry.words}"


def _chosen(which: str, left: list[learn.Discovery]) -> list[learn.Discovery]:
    """The discoveries named by `1 3`, `2,4`, `all`, or by a line of the list that begins with its number."""
    if which == "all":
        return left
    numbers = re.match(r"\s*#?(\d+(?:[\s,#]+\d+)*)", which)
    wanted = [int(number) for number in re.findall(r"\d+", numbers[1])] if numbers else []
    if wanted and which in (choice(entry) for entry in left):
        wanted = wanted[:1]  # the words themselves may begin with a number
    known = {entry.number: entry for entry in left}
    wrong = [str(number) for number in wanted if number not in known]
    names = ", ".join(str(number) for number in known)
    if wrong or not wanted:
        what = f"{', '.join(wrong)} is not offered" if wrong else "which of them"
        raise Refused(what, remedy=f"say a number of {names}, or all")
    return [known[number] for number in dict.fromkeys(wanted)]


def _place(to: str, entry: learn.Discovery) -> Kind:
    if not to:
        return entry.place
    place = next((Kind(word) for word in PROMOTED if word == to.casefold()), None)
    if place is None:
        raise Refused(f"nothing is promoted to {to}", remedy=f"one of: {', '.join(PROMOTED)}")
    return place


def _write(data: bytes, entry: learn.Discovery, place: Kind) -> bytes:
    if place is Kind.CODE_MAP:
        mark = f", {entry.mark}" if entry.mark else ""
        return edit.add_line(data, f"{entry.words} ({entry.source}{mark})", section=place)
    data, id = edit.add_item(data, entry.words, section=place)
    data = edit.set_mark(data, id, Mark.NEEDS_YOU) if place is Kind.DECISIONS else data
    return edit.set_field(data, id, "from", entry.source)
