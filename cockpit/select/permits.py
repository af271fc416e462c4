"""What to do about permission requests, told from the item and the facts. Pure.

The request is shown in the spec, the human's answer is an edit of the spec (law 1), its receipt takes its place.
"""

from __future__ import annotations

from cockpit.facts import Turn
from cockpit.select.steps import Ask, Permit, Settle, World
from cockpit.spec import Item, Mark, permits


def permit_step(item: Item, turn: Turn, world: World) -> Ask | Permit | Settle | None:
    """What is to be done about the requests of an item's latest turn, the most urgent first."""
    live = item.mark is Mark.RUNNING and turn.sentinel is None and world.alive(turn)
    asked, said = turn.permission if live else None, permits.answers(item)
    if asked is None and not said and not item.value("permission"):
        return None
    known = world.permits(turn)
    if asked is not None and asked.id in known.receipts:
        asked = None  # its file goes in a moment
    for value in said:
        answer = permits.answer(value)
        if answer is None:
            return Settle(turn, item, value, f"{value} (not delivered: write the request's number, then allow or deny)")
        if answer.id in known.receipts:
            return Settle(turn, item, value, known.receipts[answer.id])
        if asked is None or answer.id != asked.id:
            return Settle(turn, item, value, f"{value} (not delivered: {answer.id} does not stand)")
        return Permit(turn, item, answer)  # handed over already or not: the runner is woken until it takes it
    if asked is not None and asked.whole:
        rule = permits.granted(world.allow, asked.kind, asked.what, asked.paths)
        if rule:
            return Permit(turn, item, permits.Answer(asked.id, True), rule)
    if asked is None:
        return Ask(turn, item, "") if item.value("permission") else None
    shown = item.value("permission").partition(" ")[0]  # its number says all: a request never changes
    return Ask(turn, item, known.stands) if shown != asked.id else None
