"""Going on by itself after a stop that nobody needed: said in the spec in one line, then the next turn (R169)."""

from __future__ import annotations

from cockpit import facts
from cockpit.engine.carry.acts import if_mark, record
from cockpit.engine.carry.begin import dispatch
from cockpit.engine.look import Look
from cockpit.paths import Places
from cockpit.spec import Item, Mark, edit, parse


def again(places: Places, seen: Look, turn: facts.Turn, item: Item, words: str) -> str:
    """The line, unless it stands there already, and the turn: the same worktree, the conversation goes on."""

    def tell(data: bytes) -> bytes:
        now = parse(data).item(item.id)
        there = now is None or words in now.values("again")
        return data if there else edit.add_field(data, item.id, "again", words)

    record(places, "again", item.id, if_mark(item.id, {Mark.RUNNING}, tell), words)
    return f"{dispatch(places, seen, item, turn.number + 1, '')}; before it: {words}"
