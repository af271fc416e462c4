"""When another agent is asked what it thinks of a result, and when that is over (R190). Pure.

It is asked once for each head that was reviewed, while the result waits for the human; nobody waits for it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from cockpit import facts
from cockpit.facts import Turn
from cockpit.select import budgets
from cockpit.select.steps import Hear, Interrupt, Opine, Step, World
from cockpit.spec import Document, Item, Mark, fields
from cockpit.spec.phases import whole


def opining(document: Document, world: World, moving: Collection[str]) -> Iterator[Step]:
    """The steps of all opinions; of an item that moves by a step of its own none is begun."""
    asked = {
        facts.aside(turn, turn.review.head): (turn, item)
        for turn in world.turns.values()
        if turn.review is not None and (item := _waits(document, turn)) is not None
    }
    running = 0
    for own in world.opinions:
        about = asked.pop(own.folder, None)
        if own.opinion is not None:
            continue
        begun = own.running is not None or own.dispatch.step == "session"
        if own.sentinel is not None or world.lost(own) or (about is None and not begun):
            yield Hear(own)
            continue
        running += 1
        if about is not None and not begun:
            yield Opine(*about, own.dispatch.agent)
        elif about is None and world.alive(own):
            yield Interrupt(own)  # the human has judged, or the delegate went on
    for turn, item in asked.values():
        agent = fields.opinion(item, document.controls)
        if not agent or running >= document.controls.wip or item.id in moving or _fenced(document, world, item, agent):
            continue
        if not world.elsewhere(turn) and not world.stale(turn):
            running += 1
            yield Opine(turn, item, agent)


def _waits(document: Document, turn: Turn) -> Item | None:
    """The item, when its result was reviewed and waits for the human's eyes."""
    item = document.item(turn.item)
    if item is None or item.mark is not Mark.NEEDS_YOU or item.value("verdict") or item.value("asks"):
        return None
    review = turn.review
    if turn.sentinel is None or review is None or not review.stat or item.id in document.shared:
        return None
    item = whole(document, item)
    return None if fields.worldly(item) else item


def _fenced(document: Document, world: World, item: Item, agent: str) -> bool:
    """Whether a fence keeps another turn from being paid for now. Neither results that wait for the human nor a loop
    that holds is one here: the opinion belongs to what ran, and a loop that goes by steps holds as soon as it does.
    """
    controls, account = document.controls, world.account
    return bool(
        world.pause
        or budgets.reached(controls.budget.day, account.day)
        or budgets.reached(controls.budget, account.loop)
        or budgets.over(item, account)
        or agent.split()[0].removesuffix(":") in world.holds
    )
