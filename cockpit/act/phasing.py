"""What the brief of a phase tells of the whole: which phase it is, what those before it did, what comes later."""

from __future__ import annotations

from collections.abc import Mapping

from cockpit.clean import line
from cockpit.spec import Document, Item, Mark
from cockpit.spec.phases import parent


def phase_of(item: Item, document: Document, did: Mapping[str, str]) -> str:
    """Lines of markdown; empty when the item is no phase. `did`: what a phase that is done did, in words, by id."""
    above = parent(document, item)
    if above is None:
        return ""
    ids = [phase.id for phase in above.children]
    number = ids.index(item.id) + 1 if item.id in ids else 0
    head = (
        f"This is phase {number} of {len(ids)} of `{above.id}`: {line(above.text, 400)}. "
        "Do this phase alone: what those before it did is in your branch already, what comes later is others' work."
    )
    rows = [_row(phase, item.id, did.get(phase.id, "")) for phase in above.children]
    return "\n".join([head, "", *rows])


def _row(phase: Item, own: str, did: str) -> str:
    words = line(phase.text, 300)
    if phase.id == own:
        return f"- yours: {words} (`{phase.id}`)"
    if phase.mark is Mark.DONE:
        return f"- done: {words} (`{phase.id}`)" + (f": {line(did, 400)}" if did else "")
    return f"- {'dropped' if phase.mark is Mark.STRUCK else 'later'}: {words} (`{phase.id}`)"
