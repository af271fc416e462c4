"""The verb on the fields of an item that say how it is done: by whom, with what, after what (R240)."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from cockpit.choices import GIVEN
from cockpit.clean import line
from cockpit.edits.world import Words, World, flat, item_of, needs, not_done
from cockpit.errors import Refused
from cockpit.spec import Document, edit, fields, parse
from cockpit.spec.openspec import linked

NONE = "none"
"""The value that takes a field away."""
EXAMPLES = {
    "timeout": "minutes, such as 30",
    "budget": "limits, such as {turns: 5, usd: 2}",
    "openspec": "a change, such as add-x or add-x#2",
}


def give_all(data: bytes, target: str, given: Mapping[str, str], world: World) -> bytes:
    """Write several fields of an item in one act, in their order. Raises what `give` raises."""
    data, id = edit.ensure_id(data, item_of(parse(data), target).id)
    for key, value in given.items():
        data = give(parse(data), id, {"key": key, "value": value}, world)
    return data


def give(document: Document, target: str, words: Words, world: World) -> bytes:
    """Write one field of an item in the place of the last of that name; `none` takes all of that name away.

    What the document's own reading finds wrong with it is refused. Raises Refused.
    """
    if world.by.startswith("delegate/"):
        raise Refused("the fields of an item are the human's to give", remedy="answer asks")
    item = item_of(document, target)
    not_done(item)
    key, value = needs(words, "key", "the field"), flat(words, "value")
    if key not in GIVEN:
        near = get_close_matches(key.casefold(), GIVEN, n=1)
        raise Refused(
            f"{line(key, 40)} is no field that can be given",
            remedy=f"did you mean {near[0]}?" if near else f"known are {', '.join(GIVEN)}",
        )
    if not value:
        raise Refused(f"say the {key}", remedy=f"{NONE} takes it away")
    data, id = edit.ensure_id(document.data, item.id)
    changed = edit.drop_field(data, id, key) if value == NONE else edit.set_field(data, id, key, value)
    if changed == data:
        raise Refused(f"{key} of {id} is {line(item.value(key), 60) or NONE} already")
    known, after = {problem.what for problem in document.problems}, parse(changed)
    wrong = next((problem for problem in after.problems if problem.what not in known), None)
    if wrong is not None:
        raise Refused(line(wrong.what, 160), remedy=wrong.remedy)
    now = item_of(after, id)
    unread = {"timeout": fields.minutes(now, after.controls), "budget": fields.budget(now), "openspec": linked(now)}
    if value != NONE and unread.get(key, now) is None:
        raise Refused(f"{key}: cannot be {line(value, 60)}", remedy=EXAMPLES[key])
    return changed
