"""What the engine does next, told from the spec and the facts alone. Pure: the same input gives the same plan.

The table in docs/architecture.md ("What an item goes through") is this module in words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from cockpit.facts import Turn
from cockpit.select.fences import Fence, Spent, fence
from cockpit.select.ready import Standing, standings
from cockpit.spec import Document, Item, Mark, fields
from cockpit.troubles import clock

ROUNDS = 3
"""Turns after which `mode: auto` asks the human instead of iterating again."""


@dataclass(frozen=True, slots=True)
class Name:
    """Write an id into an item that has none, so that facts can point at it."""

    item: Item


@dataclass(frozen=True, slots=True)
class Dispatch:
    """Start a turn, or go on with one whose start was cut short (`turn` then has facts already)."""

    item: Item
    turn: int
    note: str


@dataclass(frozen=True, slots=True)
class Interrupt:
    """Stop a delegate whose item is no longer meant to run."""

    turn: Turn


@dataclass(frozen=True, slots=True)
class Deliver:
    """Hand a steer message to the delegate, once."""

    turn: Turn
    text: str


@dataclass(frozen=True, slots=True)
class Park:
    """Write an end into the spec: a mark and its reason."""

    turn: Turn | None
    item: Item
    mark: Mark
    key: Literal["why", "asks"]
    words: str


@dataclass(frozen=True, slots=True)
class Review:
    """Run the fourteen checks on what the merge would give."""

    turn: Turn
    item: Item


@dataclass(frozen=True, slots=True)
class Verdict:
    """`mode: auto` says what a human would say by the stated rule."""

    item: Item
    turn: Turn
    verb: Literal["accept", "iterate"]


@dataclass(frozen=True, slots=True)
class Merge:
    """Bring an accepted branch into the target and tick the item."""

    turn: Turn
    item: Item


Step = Name | Dispatch | Interrupt | Deliver | Park | Review | Verdict | Merge


@dataclass(frozen=True, slots=True)
class World:
    """What planning needs to know beside the document."""

    turns: Mapping[str, Turn]
    alive: Callable[[Turn], bool]
    lost: Callable[[Turn], bool]
    """No sentinel and nobody left who could write one."""
    stale: Callable[[Turn], str]
    """Why a verdict no longer holds, empty when it does."""
    delivered: Callable[[Turn], frozenset[str]]
    """Steer messages handed over already."""
    heard: Callable[[Turn], Sequence[str]] = lambda _: ()
    """What the human said in the exchange since the turn's brief: handed over as a steer message is."""
    spent: Spent = field(default_factory=Spent)
    invariant: str = ""
    pause: str = ""
    """Which signal pauses the loop, in words."""
    readable: bool = True
    """False while the spec does not parse or is gone: the last good one explains, but nothing is written."""
    target: str = ""
    """Ref the spec is on now; delegates that were dispatched for another one wait until it is back."""

    def elsewhere(self, turn: Turn | None) -> bool:
        """Whether the turn belongs to another branch than the one checked out now."""
        return turn is not None and turn.dispatch.target != self.target


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps of one pass, and the words that explain the loop."""

    steps: tuple[Step, ...]
    head: Item | None
    why: str
    fence: Fence | None
    running: int
    waiting: int
    state: str


def plan(document: Document, world: World) -> Plan:
    """Everything that can be done now, at most one step an item, ends before beginnings."""
    steps: list[Step] = []
    for item in document.walk() if world.readable else ():
        turn = world.turns.get(item.id)
        if turn is None and item.mark is not Mark.RUNNING:
            continue  # nothing has begun
        if item.id in document.shared:
            continue  # nobody can say which one is meant: `standings` says so
        step = _step(document, item, turn, world)
        if step is not None and not (world.invariant and isinstance(step, Merge)):
            steps.append(step)
    places = standings(document)
    running = [entry.item for entry in places if entry.item.mark is Mark.RUNNING]
    waiting = [entry.item for entry in places if entry.item.mark is Mark.NEEDS_YOU]
    ready = [entry.item for entry in places if not entry.waits and not _leftover(entry.item, world)]
    later = [entry for entry in places if entry.item.mark in (Mark.OPEN, Mark.RUNNING, Mark.NEEDS_YOU)]
    closed = fence(
        document.controls,
        ready=len(ready),
        open=len(later) - len(ready),
        waiting=len(waiting),
        spent=world.spent,
        invariant=world.invariant,
        pause=world.pause,
    )
    head = ready[0] if ready else None
    wip = document.controls.wip
    if closed is None and head is not None and len(running) < wip:
        steps.append(_start(head, world))
    return Plan(
        steps=tuple(steps),
        head=head,
        why=_why(places, head, closed, len(running), wip),
        fence=closed,
        running=len(running),
        waiting=len(waiting),
        state=_state(document, steps, closed, head, running),
    )


def _leftover(item: Item, world: World) -> bool:
    """An open item whose delegate still lives or belongs to another branch starts no second one."""
    turn = world.turns.get(item.id)
    if turn is None:
        return False
    return world.elsewhere(turn) or (turn.sentinel is None and world.alive(turn))


def _start(item: Item, world: World) -> Step:
    if not item.touched:
        return Name(item)
    turn = world.turns.get(item.id)
    notes = item.values("iterate")
    note = notes[-1] if notes else ""
    if turn is None:
        return Dispatch(item, 1, note)
    begun = turn.running is not None or turn.sentinel is not None
    return Dispatch(item, turn.number + 1 if begun else turn.number, note)


def _step(document: Document, item: Item, turn: Turn | None, world: World) -> Step | None:
    if turn is None:
        lost = item.mark is Mark.RUNNING and item.value("branch")
        return (
            Park(None, item, Mark.BLOCKED, "why", "its delegate's facts are gone; iterate starts it again")
            if lost
            else None
        )
    live = turn.sentinel is None and world.alive(turn)
    if world.elsewhere(turn):
        return None
    match item.mark:
        case Mark.RUNNING:
            return _running(item, turn, world)
        case Mark.NEEDS_YOU:
            return _waiting(document, item, turn, world)
        case Mark.BLOCKED | Mark.STRUCK | Mark.DEFERRED if live:
            return Interrupt(turn)
        case Mark.DONE if not item.value("merged") and not item.value("proof") and turn.review is not None:
            # Ticked by hand under review: an accept like any other (law 1).
            return Merge(turn, item) if not world.stale(turn) else Review(turn, item)
        case _:
            return None


def _running(item: Item, turn: Turn, world: World) -> Step | None:
    end = turn.sentinel
    if end is None:
        if world.lost(turn):
            return Park(turn, item, Mark.BLOCKED, "why", "lost: its session is gone and left no sentinel")
        if turn.running is None:
            begun = turn.dispatch.step == "session"
            return None if begun else Dispatch(item, turn.number, turn.dispatch.note)
        told = world.delivered(turn)
        words = (*fields.steers(item), *world.heard(turn))
        return next((Deliver(turn, text) for text in words if text not in told), None)
    answer = turn.answer
    if end.outcome == "finished" and answer is not None and answer.status == "asks":
        return Park(turn, item, Mark.NEEDS_YOU, "asks", answer.question or answer.summary)
    if end.outcome == "finished" and answer is not None and answer.status != "done":
        return Park(turn, item, Mark.BLOCKED, "why", f"{answer.status}: {answer.summary or 'no reason given'}")
    if end.outcome == "finished":
        return Review(turn, item)
    if end.trouble:
        until = f" until {clock(end.until)}" if end.until else ""
        return Park(turn, item, Mark.BLOCKED, "why", f"{end.trouble}{until}: {end.detail}")
    words = {
        "failed": f"failed: exit status {end.exit}",
        "crashed": f"died: signal {end.signal}",
        "timeout": f"timed out after {end.seconds / 60:.0f} min",
        "interrupted": "interrupted",
        "not-started": "the agent did not start",
    }[end.outcome]
    return Park(turn, item, Mark.BLOCKED, "why", words + (f": {end.detail}" if end.detail else ""))


def _waiting(document: Document, item: Item, turn: Turn, world: World) -> Step | None:
    if item.value("asks") or turn.sentinel is None:
        return None
    if turn.review is None or world.stale(turn):
        return Review(turn, item)
    verdict = item.value("verdict")
    if verdict.startswith("accept") and turn.review.head.startswith(verdict.removeprefix("accept").strip()):
        return Merge(turn, item)
    if document.controls.mode == "auto" and not verdict:
        if turn.review.recommendation == "accept":
            return Verdict(item, turn, "accept")
        if turn.number < ROUNDS:
            return Verdict(item, turn, "iterate")
    return None


def _why(places: list[Standing], head: Item | None, closed: Fence | None, running: int, wip: int) -> str:
    if closed is not None:
        return closed.words
    if head is None:
        waits = next((entry for entry in places if entry.item.mark is Mark.OPEN), None)
        return f"{waits.item.id} {waits.waits}" if waits else "nothing is ready"
    if running >= wip:
        return f"{running} of {wip} delegates are at work"
    return "first ready item of the queue"


def _state(document: Document, steps: list[Step], closed: Fence | None, head: Item | None, running: list[Item]) -> str:
    """One of the nine states (R44 to R52), the one that says most about the loop as a whole."""
    kinds = {type(step) for step in steps}
    if Interrupt in kinds:
        return "Interrupt"
    if Merge in kinds:
        return "Persist"
    if Review in kinds:
        return "Verify"
    if running or Dispatch in kinds:
        return "Agent Running"
    if closed is not None and closed.name != "hold":
        return "Stop"
    if not document.queue:
        return "Goal Frame" if document.goal else "Idle"
    return "Queue Ready" if head is not None and closed is None else "Idle"
