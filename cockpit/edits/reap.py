"""The verb that strikes what looks dead, several at once, each with its reason (R41, R128)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cockpit import learn
from cockpit.clean import line
from cockpit.edits.world import Words, World, flat
from cockpit.errors import Refused
from cockpit.spec import Document, Mark, edit


def reap(document: Document, _target: str, words: Words, world: World) -> bytes:
    """Strike those that are named, or all; raises Refused for one that does not look dead."""
    there = world.dead(document)
    if not there:
        raise Refused("nothing in queue and backlog looks dead")
    data = document.data
    for entry in chosen(document, flat(words, "which"), there):
        data, id = edit.ensure_id(data, entry.id)
        data = edit.set_field(edit.set_mark(data, id, Mark.STRUCK), id, "why", f"reaped: {line(entry.why, 200)}")
    return data


def chosen(document: Document, which: str, there: Sequence[learn.Dead]) -> list[learn.Dead]:
    """Those named by `q3 q7`, `q3, ^q7`, `all`, or by a line of the prompt (`q3: why`). Raises Refused."""
    if which == "all":
        return list(there)
    known = {entry.id: entry for entry in there}
    ids = [word.removeprefix("^") for word in re.split(r"[\s,]+", which.partition(": ")[0]) if word]
    strange = [id for id in ids if id not in known]
    if strange and document.item(strange[0]) is None:
        raise Refused(f"no item {line(strange[0], 40)} in the spec", remedy="see cockpit reap")
    if strange or not ids:
        what = f"{line(strange[0], 40)} does not look dead" if strange else "which of them"
        remedy = f"cockpit strike {line(strange[0], 40)} drops it all the same" if strange else "name them, or say all"
        raise Refused(what, remedy=remedy)
    return [known[id] for id in dict.fromkeys(ids)]
