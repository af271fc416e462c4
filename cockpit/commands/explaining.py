"""The command that says what a delegate's state follows from; told by the facts, engine up or down (law 4)."""

from __future__ import annotations

import time

import msgspec

from cockpit import explain as words
from cockpit import facts, persist, policy, select
from cockpit.act.ladder import MEANS
from cockpit.clean import line
from cockpit.commands.given import Given, here
from cockpit.engine.doing import state_of
from cockpit.engine.look import look
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
    stated = _policy(found, given.target, now)
    if given.json:
        told = msgspec.to_builtins(row) | {"policy": dict(stated)}
        print(msgspec.json.format(msgspec.json.encode(told), indent=2).decode())
        return 0
    head = [
        ("item", f"{row.item}: {row.text}"),
        ("turn", f"{row.turn} of {row.agent}, branch {row.branch}"),
        ("goes to", turn.dispatch.target.removeprefix("refs/heads/")),
        ("facts", turn.folder.relative_to(found.root).as_posix()),
        ("means", MEANS[state.name]),
    ]
    for name, said in [*head, *words.of_state(row, now), *stated, *words.of_spent(row)]:
        print(f"{name:<11} {line(said, 1000)}")
    return 0


def _unbegun(found: Places, given: Given) -> int:
    standings = select.standings(parse(persist.read(found)))
    entry = next((entry for entry in standings if entry.item.id == given.target), None)
    if entry is None:
        raise CockpitError("no delegate has worked on it", where=line(given.target, 60), remedy="see cockpit status")
    says = entry.waits or "ready: no delegate has worked on it yet"
    stated = _policy(found, entry.item.id, time.time())
    if given.json:
        told = {"item": entry.item.id, "state": "", "evidence": says, "policy": dict(stated)}
        print(msgspec.json.encode(told).decode())
        return 0
    for name, said in [("item", f"{entry.item.id}: {line(entry.item.text, 200)}"), ("state", says), *stated]:
        print(f"{name:<11} {line(said, 300)}")
    return 0


def _policy(found: Places, id: str, now: float) -> list[tuple[str, str]]:
    """The six rows of the item as things stand; none when the document has it no more."""
    seen = look(found, None, now)
    item = seen.document.item(id)
    if item is None:
        return []
    fence = seen.plan.fence
    held = f"{fence.name}: {fence.words}" if fence else ""
    target = seen.target.removeprefix("refs/heads/")
    return policy.six(seen.document, item, policy.Now(seen.plan.waits.get(id, ""), held, target))
