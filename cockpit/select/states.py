"""Which state of the table an item is in, and what a step may do from there (R44 to R63). Pure.

An item's state is told from its mark, its fields and the facts of its latest turn; nothing remembers it. A step makes
an edge; one that the table lacks is not carried out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from cockpit.facts import STALE, Review, Turn
from cockpit.select import steps as kinds
from cockpit.select.fences import Fence
from cockpit.select.steps import Step, World
from cockpit.select.table import State, legal
from cockpit.spec import Document, Item, Mark, gates
from cockpit.spec.phases import is_phased
from cockpit.spec.questions import ASKS


def agreed(item: Item, review: Review) -> bool:
    """Whether the word on the item is a yes to exactly that review (R62).

    A yes that names the reviewed commit holds whatever the checks found: the human saw them. A tick by hand, or a yes
    that names no commit, is a yes to what passed only.
    """
    if item.mark is Mark.DONE:
        return passed(review)
    word, _, head = item.value("verdict").partition(" ")
    if word != "accept":
        return False
    head = head.strip()
    return passed(review) if not head else len(head) >= 7 and review.head.startswith(head)


def of(item: Item, turn: Turn | None, world: World, queue: Mapping[str, str]) -> State:
    """The state of one item. `queue` says what each item of the queue waits for, by id; nothing: it could run now."""
    live = turn is not None and turn.sentinel is None and world.alive(turn)
    match item.mark:
        case Mark.OPEN if live:
            return State.INTERRUPT  # taken out of its delegate's hands by hand
        case Mark.OPEN if is_phased(item):
            return State.QUEUE_READY  # its phases wait and run for it
        case Mark.RUNNING if is_phased(item):
            return State.AGENT_RUNNING
        case Mark.OPEN if not item.touched or item.id not in queue:
            return State.IDLE
        case Mark.OPEN:
            return State.GOAL_FRAME if queue[item.id] else State.QUEUE_READY
        case Mark.RUNNING if turn is None and not item.value("branch"):
            return State.INTERRUPT  # yours: no delegate has it
        case Mark.RUNNING:
            return State.REFRAME if turn is not None and reframed(turn, world) else State.AGENT_RUNNING
        case Mark.NEEDS_YOU:
            return _asking(item, turn, world)
        case Mark.DONE if turn is not None and turn.review is not None and _unmerged(item):
            return _reviewed(item, turn, turn.review, world)
        case Mark.BLOCKED | Mark.STRUCK | Mark.DEFERRED if live:
            return State.INTERRUPT
        case Mark.BLOCKED if item.value("why").startswith("interrupted"):
            return State.INTERRUPT
        case _:
            return State.STOP


def _asking(item: Item, turn: Turn | None, world: World) -> State:
    asks = item.value("asks")
    if gates.at_scope(item) or asks.startswith((STALE, *ASKS)):
        return State.GOAL_FRAME
    if asks:
        return State.STOP
    if turn is None or turn.sentinel is None:
        return State.INTERRUPT  # marked by hand
    return State.VERIFY if turn.review is None else _reviewed(item, turn, turn.review, world)


def _reviewed(item: Item, turn: Turn, review: Review, world: World) -> State:
    return State.PERSIST if world.joined(turn) or agreed(item, review) else State.VERIFY


def _unmerged(item: Item) -> bool:
    return not item.value("merged") and not item.value("proof")


def reframed(turn: Turn, world: World) -> bool:
    """Whether the goal has changed since the turn's brief (R51)."""
    return turn.dispatch.goal not in ("", world.goal)


def of_all(document: Document, world: World, queue: Mapping[str, str]) -> dict[str, State]:
    """By id, the state of every item that is not over, or has a turn."""
    return {
        item.id: of(item, turn, world, queue)
        for item in document.walk()
        if (turn := world.turns.get(item.id)) is not None or not item.mark.over
    }


def makes(step: Step) -> State | None:
    """The state that a step brings its item to; None when it leaves it where it is."""
    match step:
        case kinds.Name() | kinds.Scope():
            return State.GOAL_FRAME
        case kinds.Question(_, words):
            return State.GOAL_FRAME if words else State.QUEUE_READY
        case kinds.Wake() | kinds.Recheck() | kinds.Verdict(_, _, "iterate"):
            return State.QUEUE_READY
        case kinds.Dispatch() | kinds.Again():
            return State.AGENT_RUNNING
        case kinds.Review():
            return State.VERIFY
        case kinds.Verdict():
            return State.PERSIST
        case kinds.Park(_, _, mark, _, _):
            return State.QUEUE_READY if mark is Mark.OPEN else State.STOP
        case kinds.Merge():
            return State.STOP
        case kinds.Interrupt():
            return State.INTERRUPT
        case _:
            return None


def refusal(step: Step, before: State, turn: Turn | None) -> str:
    """Why a step must not be carried out on an item in that state, `turn` its latest; empty when it may (R62, R63)."""
    after = makes(step)
    if after is not None and not legal(before, after):
        return f"{before} does not lead to {after}"
    match step:
        case kinds.Dispatch(_, number, _) if turn is not None and number <= turn.number and begun(turn):
            return f"turn {number} was dispatched already"
        case kinds.Verdict(_, reviewed, "accept") if not passed(reviewed.review):
            return "a result that did not pass is not accepted by itself"
        case kinds.Merge() if before is not State.PERSIST:
            return "nobody said yes to exactly what was reviewed"
        case _:
            return ""


def begun(turn: Turn) -> bool:
    """Whether a turn's agent was started."""
    return turn.running is not None or turn.sentinel is not None


def passed(review: Review | None) -> bool:
    """Whether the checks recommend the result."""
    return review is not None and review.recommendation == "accept"


def loop(
    document: Document,
    world: World,
    steps: Collection[Step],
    closed: Fence | None,
    head: Item | None,
    running: Collection[Item],
) -> State:
    """The loop's own state, the one that says most about it as a whole."""
    planned = {type(step) for step in steps}
    turns = (world.turns.get(item.id) for item in running)
    if kinds.Interrupt in planned:
        return State.INTERRUPT
    if any(turn is not None and reframed(turn, world) for turn in turns):
        return State.REFRAME
    if kinds.Merge in planned or kinds.Land in planned:
        return State.PERSIST
    if kinds.Review in planned or kinds.Whole in planned:
        return State.VERIFY
    if running or kinds.Dispatch in planned:
        return State.AGENT_RUNNING
    if closed is not None and closed.name == "checking":
        return State.VERIFY
    if closed is not None and closed.name not in ("hold", "pace"):
        return State.STOP
    if not document.queue:
        return State.GOAL_FRAME if document.goal else State.IDLE
    return State.QUEUE_READY if head is not None and (closed is None or closed.name == "pace") else State.IDLE
