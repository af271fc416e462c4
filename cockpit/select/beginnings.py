"""What begins now: the next turn, and the next brief that is put before the human. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.select import holds
from cockpit.select.questions import question as about
from cockpit.select.steps import Dispatch, Name, Question, Scope, Step, World
from cockpit.spec import Controls, Document, Item, gates


def beginnings(
    ready: Sequence[Item], world: World, document: Document, *, running: int, prepared: int
) -> tuple[Step, ...]:
    """At most one dispatch and one scope, each for the first ready item that it is time for.

    What is no task yet or looks too large is asked about in their place: before its brief is made, whatever else runs.

    A brief is prepared ahead of what runs, up to `wip` of them: the human reads one while the delegates work. An item
    that waits at the gate keeps none behind it back. `loop: step` is one head: its brief, then its turn, nothing else.
    """
    controls = document.controls
    step = controls.loop == "step"
    room, ahead = running < controls.wip, prepared < (1 if step else controls.wip)
    scope: Scope | None = None
    turn: Dispatch | None = None
    question: Question | None = None
    for item in ready:
        if (scope is not None or not ahead) and (turn is not None or not room):
            break
        begun = start(item, world, controls)
        due = scope is None and ahead if isinstance(begun, Scope) else turn is None and room
        if due and (asks := about(item, document, world)):
            question = question or asks
            if step:
                break
            continue
        if isinstance(begun, Scope):
            scope = scope or (begun if ahead else None)
        elif turn is None and room and not (step and prepared and gates.accepted(item) is None):
            turn = begun
        if step and (scope or turn):
            break
    begun = (one for one in (question, turn, scope) if one is not None)
    return tuple(one if one.item.touched else Name(one.item) for one in begun)


def start(item: Item, world: World, controls: Controls) -> Scope | Dispatch:
    """How an item begins: its brief for the human first, its next turn, or the one whose start was cut short.

    The gate is for the first turn: what an iterate says is the human's word already.
    """
    turn = world.turns.get(item.id)
    notes = item.values("iterate")
    if turn is None:
        note = "\n".join(notes)
        gated = "scope" in gates.closed(item, controls) and not agreed(item, world)
        return Scope(item, 1, note) if gated else Dispatch(item, 1, note)
    note = notes[-1] if notes and not holds.limited(turn) else ""
    begun = turn.running is not None or turn.sentinel is not None
    return Dispatch(item, turn.number + 1 if begun else turn.number, note)


def agreed(item: Item, world: World) -> bool:
    """Whether the human said yes to exactly the brief that would be sent; a yes without a digest is to any."""
    digest = gates.accepted(item)
    if not digest:
        return digest is not None
    scope = world.prepared(item)
    return scope is not None and scope.digest == digest


def again(item: Item, world: World) -> Scope | None:
    """A brief that waits is made again when it would read differently now, or was edited by hand."""
    scope = world.prepared(item)
    if scope is not None and scope.words == item.value("scope"):
        return None
    return Scope(item, 1, "\n".join(item.values("iterate")))
