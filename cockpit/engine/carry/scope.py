"""The scope gate: a brief is made and put before the human; what they edited by hand stays theirs (R245, R279)."""

from __future__ import annotations

from cockpit import facts
from cockpit.act import agents
from cockpit.clean import line
from cockpit.engine.carry import states
from cockpit.engine.carry.acts import if_mark, record
from cockpit.engine.carry.begin import refuse
from cockpit.engine.carry.claims import stopped
from cockpit.engine.look import Look
from cockpit.engine.scoping import Made, agent_of, edited, intention, make, told
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.spec import Item, Mark, edit


def scope(places: Places, seen: Look, item: Item, number: int, note: str) -> str:
    """Brief, fact, spec, in this order: cut short anywhere, it is done again and gives the same.

    Step 2 comes before the brief: an item with stale claims asks about these first (R243).
    """
    if item.mark is Mark.OPEN and (asked := stopped(places, seen, item, number)):
        return f"{item.id}: {asked}"
    document, folder = seen.document, places.turn(item.id, number)
    try:
        agent = agents.load(agent_of(item, document), places.root)
        dispatch = intention(places, document, item, number, note, agent.name, seen.target, seen.tip)
        if item.mark is Mark.OPEN and (words := states.held(places, seen, item, number, seen.tip)):
            return f"{item.id}: {words}"
        made = make(places, document, item, dispatch)
    except CockpitError as error:
        return refuse(places, item, error)
    before = facts.prepared(folder)
    mine = before is not None and (before[0].edited or facts.digest(before[1]) != before[0].digest)
    if before is not None and mine:
        fresh, made = made, edited(places, made, *before)
        if made.scope.behind:
            facts.put(folder / facts.FRESH, fresh.text)
    elif before is not None and before[0].source == made.scope.source:
        made = told(Made(before[0], before[1]))  # signals that came and went are no reason to ask again
    facts.put(folder / facts.BRIEF, made.text)
    facts.write(folder, made.scope)
    words = made.scope.words

    def wait(data: bytes) -> bytes:
        return edit.set_field(edit.set_mark(data, item.id, Mark.NEEDS_YOU), item.id, "scope", words)

    record(places, "scope", item.id, if_mark(item.id, {Mark.OPEN, Mark.NEEDS_YOU}, wait), words)
    return f"{item.id}: {line(words, 200)}"
