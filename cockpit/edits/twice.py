"""Items that share one id: an act asks which, and `q1@14` names the one on line 14."""

from __future__ import annotations

from collections.abc import Callable

from cockpit.edits.world import Words, World
from cockpit.errors import Refused
from cockpit.spec import Document, parse

Edit = Callable[[Document, str, Words, World], bytes]
"""A verb's pure edit: the document, what the verb is about, what was said with it, and what else is known."""


def on_one(change: Edit, item: bool, document: Document, target: str, words: Words, world: World) -> bytes:
    """The edit on exactly one item. Raises Refused with the lines to choose from when several have the id.

    One that was named by its line stands alone under an id of its own while it is edited. `item` False: the verb is
    about a row, which goes by the id alone.
    """
    id, _, line = target.removeprefix("^").partition("@")
    if not item:
        return change(document, id if line and document.item(target) else target, words, world)
    lines = document.lines_of(id)
    if not line:
        if len(lines) > 1:
            raise Refused(f"{id} is on {_words(lines)}", remedy=f"say {_names(id, lines)}, or give one another id")
        return change(document, target, words, world)
    named = document.item(target)
    if named is None:
        raise Refused(f"no item {id} on line {line}", remedy=f"say {_names(id, lines)}" if lines else "")
    if len(lines) < 2:
        return change(document, id, words, world)
    alone, data = f"{id}-on-{line}", document.data
    at = data.rindex(b"^" + id.encode(), named.head.start, named.head.end)
    data = data[:at] + b"^" + alone.encode() + data[at + 1 + len(id) :]
    try:
        return change(parse(data), alone, words, world).replace(b"^" + alone.encode(), b"^" + id.encode())
    except Refused as refusal:
        raise Refused(refusal.what.replace(alone, target), where=refusal.where, remedy=refusal.remedy) from refusal


def _words(lines: list[int]) -> str:
    return " and ".join(f"line {line}" for line in lines)


def _names(id: str, lines: list[int]) -> str:
    return " or ".join(f"{id}@{line}" for line in lines)
