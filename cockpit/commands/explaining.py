"""The command that says what a delegate's state follows from; told by the facts, engine up or down (law 4)."""

from __future__ import annotations

import time

import msgspec

from cockpit import borne, facts, persist, policy, select
from cockpit import explain as words
from cockpit.act.ladder import MEANS
from cockpit.clean import line
from cockpit.commands.given import Given, here
from cockpit.engine.doing import state_of
from cockpit.engine.look import look
from cockpit.engine.show import delegate
from cockpit.engine.spending import spending
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.spec import Decision, decisions, parse


def explain(given: Given) -> int:
    """The ladder of the item's delegate; of an item that nobody has worked on yet, what it waits for.

    Of a decision: what it caught so far.
    """
    found, now = here(given), time.time()
    turn = next((turn for turn in facts.turns(found.delegates) if turn.item == given.target), None)
    if turn is None:
        return _unbegun(found, given)
    state = state_of(found, turn, now)
    row = delegate(turn, state, spending(found, now).by_item.get(turn.item, ()))
    stated = _policy(found, given.target, now)
    caught = [
        each for one in facts.every(found.delegates, turn.item) for each in _caught(one, borne.of_turn(found, one))
    ]
    if given.json:
        told = msgspec.to_builtins(row) | {"policy": dict(stated), "decided": caught}
        print(msgspec.json.format(msgspec.json.encode(told), indent=2).decode())
        return 0
    head = [
        ("item", f"{row.item}: {row.text}"),
        ("turn", f"{row.turn} of {row.agent}, branch {row.branch}"),
        ("goes to", turn.dispatch.target.removeprefix("refs/heads/")),
        ("facts", turn.folder.relative_to(found.root).as_posix()),
        ("means", MEANS[state.name]),
    ]
    for name, said in [
        *head,
        *words.of_state(row, now),
        *stated,
        *words.under("decided", caught),
        *words.of_spent(row),
    ]:
        print(f"{name:<11} {line(said, 1000)}")
    return 0


def _caught(turn: facts.Turn, found: list[borne.Borne]) -> list[str]:
    """What was decided before the turn and its review found all the same, a line each (R290)."""
    return [f"turn {turn.number}: {each.told} → {each.caught}" for each in found]


def _decision(found: Places, decision: Decision, given: Given) -> int:
    """What was decided, whether it stands, and which findings it bore out."""
    caught = borne.told(found).get(decision.id, [])
    if given.json:
        told = {"id": decision.id, "text": decision.text, "state": decision.state, "caught": caught}
        print(msgspec.json.encode(told).decode())
        return 0
    state = decision.state + (f" by {decision.by}" if decision.by else "")
    rows = [("decision", f"{decision.id}: {decision.text}"), ("state", state), ("because", decision.because)]
    for name, said in [*rows, *(words.under("caught", caught) or [("caught", "nothing yet")])]:
        if said:
            print(f"{name:<11} {line(said, 1000)}")
    return 0


def _unbegun(found: Places, given: Given) -> int:
    document = parse(persist.read(found))
    if decision := next((one for one in decisions(document) if one.id == given.target), None):
        return _decision(found, decision, given)
    standings = select.standings(document)
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
