"""The command that says what a delegate's state follows from; told by the facts, engine up or down (law 4)."""

from __future__ import annotations

import time

import msgspec

from cockpit import explain as words
from cockpit import facts, persist, select
from cockpit.act.ladder import MEANS
from cockpit.clean import line
from cockpit.commands.given import Given, here
from cockpit.engine.doing import state_of
from cockpit.engine.show import delegate
from cockpit.engine.spending import spending
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.spec import parse


def explain(given: Given) -> int:
    """The ladder of the item's delegate; of an item that nobody has worked on yet, what it waits for."""
    found, now = here(given), time.time()
    turn = next((turn for turn in facts.turns(found.delegates) if turn.item == given.target), None)
    if turn is None:
        return _unbegun(found, given)
    state = state_of(found, turn, now)
    row = delegate(turn, state, spending(found, now).by_item.get(turn.item, ()))
    if given.json:
        print(msgspec.json.format(msgspec.json.encode(row), indent=2).decode())
        return 0
    head = [
        ("item", f"{row.item}: {row.text}"),
        ("turn", f"{row.turn} of {row.agent}, branch {row.branch}"),
        ("goes to", turn.dispatch.target.removeprefix("refs/heads/")),
        ("facts", turn.folder.relative_to(found.root).as_posix()),
        ("means", MEANS[state.name]),
    ]
    for name, said in [*head, *words.of_state(row, now), *words.of_spent(row)]:
        print(f"{name:<11} {line(said, 1000)}")
    return 0


def _unbegun(found: Places, given: Given) -> int:
    standings = select.standings(parse(persist.read(found)))
    entry = next((entry for entry in standings if entry.item.id == given.target), None)
    if entry is None:
        raise CockpitError("no delegate has worked on it", where=line(given.target, 60), remedy="see cockpit status")
    says = entry.waits or "ready: no delegate has worked on it yet"
    if given.json:
        print(msgspec.json.encode({"item": entry.item.id, "state": "", "evidence": says}).decode())
    else:
        print(f"{'item':<11} {line(entry.item.id, 40)}: {line(entry.item.text, 200)}")
        print(f"{'state':<11} {line(says, 200)}")
    return 0
