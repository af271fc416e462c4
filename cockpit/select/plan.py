"""What the engine does next, told from the spec and the facts alone. Pure: the same input gives the same plan.

The table in docs/architecture.md ("What an item goes through") is this module and `moves` in words.
"""

from __future__ import annotations

from dataclasses import replace

from cockpit.select import budgets, gym, states
from cockpit.select.ahead import ahead, mud
from cockpit.select.base import checking
from cockpit.select.beginnings import again, beginnings
from cockpit.select.budgets import Account
from cockpit.select.fences import Fence, fence
from cockpit.select.holds import held_up
from cockpit.select.landing import landing_step, under_way
from cockpit.select.moves import move, recheck
from cockpit.select.opinions import opining
from cockpit.select.phases import following, halted
from cockpit.select.questions import answered
from cockpit.select.ready import Standing, standings
from cockpit.select.rests import resting
from cockpit.select.steps import Dispatch, Drive, Interrupt, Merge, Plan, Prove, Step, Wake, World
from cockpit.select.stops import within
from cockpit.spec import Document, Item, Mark, gates, until
from cockpit.spec.phases import parent, whole


def plan(document: Document, world: World) -> Plan:
    """Everything that can be done now, at most one step an item, ends before beginnings."""
    steps: list[Step] = []
    moving: set[str] = set()
    for item in document.walk() if world.readable else ():
        turn = world.turns.get(item.id)
        stale = recheck(item, turn, world)
        if stale is not None and item.id not in document.shared:
            steps.append(stale)
        if turn is None and item.mark is not Mark.RUNNING and not gates.at_scope(item):
            continue  # nothing has begun
        if item.id in document.shared:
            continue  # nobody can say which one is meant: `standings` says so
        above = parent(document, item) if item.depth else None
        if above is not None and turn is not None and turn.sentinel is None and world.alive(turn) and halted(above):
            steps.append(Interrupt(turn))
            continue
        entire = whole(document, item) if above is not None else item
        step = again(entire, world) if turn is None and gates.at_scope(item) else move(document, entire, turn, world)
        if step is not None and not (world.invariant and isinstance(step, Merge)):
            steps.append(step)
            moving.add(item.id)
    if world.readable:
        steps.extend(following(document))
        steps.extend(answered(document, world))
        steps.extend(
            Wake(item, why)
            for item in document.queue
            if item.touched and (why := until.over(item, document.item, world.now))
        )
    places = [_within_budget(entry, world.account) for entry in standings(document)]
    places, closes = held_up(places, document.controls, world.holds)
    running = [entry.item for entry in places if entry.item.mark is Mark.RUNNING]
    prepared = [entry.item for entry in places if gates.at_scope(entry.item)]
    waiting = [entry.item for entry in places if entry.item.mark is Mark.NEEDS_YOU and not gates.at_scope(entry.item)]
    ready = [entry.item for entry in places if not entry.waits and not _leftover(entry.item, world)]
    later = [entry for entry in places if entry.item.mark in (Mark.OPEN, Mark.RUNNING, Mark.NEEDS_YOU)]
    judged = [item for item in waiting if not item.value("verdict")]
    closed = fence(
        document.controls,
        ready=len(ready),
        open=len(later) - len(ready),
        waiting=len(judged),
        running=len(running),
        account=world.account,
        invariant=world.invariant,
        pause=world.pause,
        red=world.base.words,
        reached=gym.reached(world.gauges),
        paced=world.paced,
        resting=resting(document, world),
        stopped=next((entry.item for entry in places if entry.item.mark is Mark.BLOCKED), None),
        judged=next(iter(judged), None),
    )
    if closed is None and not ready:
        closed = closes
    if closed is None and not (ready or steps or running or waiting or prepared):
        closed = stuck(places)
    steps = [within(closed, step) for step in steps]
    head = ready[0] if ready else None
    landing = world.landing
    if closed is None and landing is not None and document.controls.land:
        closed = Fence("landing", f"{landing.name} is being landed: nothing new is begun for it")
    wip = document.controls.wip
    unproved = world.base.missing and document.controls.loop == "on" and (ready or later)
    if unproved and world.readable and not world.invariant:
        steps.append(Prove(world.base))
        closed = closed or Fence("checking", checking(world.base))
    if closed is None and head is not None:
        steps += beginnings(ready, world, document, running=len(running), prepared=len(prepared))
    if landing is not None and world.readable and not world.invariant:
        busy = bool(under_way(document, world.turns, landing.target)) or any(isinstance(s, Dispatch) for s in steps)
        step = landing_step(document.controls, landing, busy=busy)
        if step is not None:
            steps.append(step)
    if world.readable and not world.invariant and not steps:
        driven = gym.drive(document, world, closed)
        closed = driven if isinstance(driven, Fence) else closed
        aside = gym.due(document, world) or (driven if isinstance(driven, Drive) else None)
        steps += [aside] if aside is not None else []
    coming = ahead(
        document.controls,
        world.account,
        queue=[entry.item for entry in later if entry.item.mark is Mark.OPEN],
        ready=ready,
        running=running,
        busy=len(judged) + len(running),
        landing=landing,
        under_way=under_way(document, world.turns, landing.target) if landing is not None else (),
    )
    opinions = opining(document, world, moving) if world.readable and not world.invariant else ()
    return Plan(
        steps=(*steps, *opinions),
        head=head,
        why=_why(places, head, closed, len(running), wip, prepared, waiting),
        fence=closed,
        running=len(running),
        waiting=len(waiting),
        state=states.loop(document, world, steps, closed, head or next(iter(prepared), None), running),
        ahead=coming,
        mud=mud(document, running=len(running), waiting=len(waiting), prepared=len(prepared)),
        items=states.of_all(document, world, {entry.item.id: entry.waits for entry in places}),
        waits={entry.item.id: entry.waits for entry in places if entry.waits and entry.item.mark is Mark.OPEN},
        never=tuple(entry.item.id for entry in places if entry.never),
    )


def stuck(places: list[Standing]) -> Fence | None:
    """Nothing runs, nothing waits for the human's word, and what is left waits for something else (R29, R50)."""
    open = next((entry for entry in places if entry.item.mark is Mark.OPEN and entry.waits), None)
    return Fence("waiting", f"{open.item.id} {open.waits}", item=open.item.id) if open is not None else None


def _within_budget(entry: Standing, account: Account) -> Standing:
    """An open item whose own budget is used up waits for the human to raise it (R168)."""
    if entry.waits or entry.item.mark is not Mark.OPEN:
        return entry
    return replace(entry, waits=budgets.over(entry.item, account))


def _leftover(item: Item, world: World) -> bool:
    """An open item whose delegate still lives or belongs to another branch starts no second one."""
    turn = world.turns.get(item.id)
    if turn is None:
        return False
    return world.elsewhere(turn) or (turn.sentinel is None and world.alive(turn))


def _why(
    places: list[Standing],
    head: Item | None,
    closed: Fence | None,
    running: int,
    wip: int,
    prepared: list[Item],
    waiting: list[Item],
) -> str:
    if closed is not None:
        return closed.words
    if prepared and not running and (head is None or len(prepared) >= wip):
        return f"the brief of {prepared[0].id} waits for you"
    if head is None and waiting and not running:
        return f"{waiting[0].id} waits for you"
    if head is None:
        waits = next((entry for entry in places if entry.item.mark is Mark.OPEN), None)
        return f"{waits.item.id} {waits.waits}" if waits else "nothing is ready"
    if running >= wip:
        return f"{running} of {wip} delegates are at work"
    return "first ready item of the queue"
