"""The nine states and the edges between them, as data (R44 to R63). `states` says what is in which.

The human may go anywhere: that is *Interrupt* from any state, and what their edit makes of it from there.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """The nine states (R44 to R52), of an item and of the loop as a whole."""

    IDLE = "Idle"
    GOAL_FRAME = "Goal Frame"
    QUEUE_READY = "Queue Ready"
    AGENT_RUNNING = "Agent Running"
    VERIFY = "Verify"
    PERSIST = "Persist"
    STOP = "Stop"
    REFRAME = "Reframe"
    INTERRUPT = "Interrupt"


@dataclass(frozen=True, slots=True)
class Edge:
    """One way from a state to another, with what takes it and the requirement it comes from."""

    before: State
    after: State
    when: str
    rule: str


_S = State
EDGES: tuple[Edge, ...] = (
    Edge(_S.IDLE, _S.GOAL_FRAME, "an item came, and gets a name", "R53"),
    Edge(_S.GOAL_FRAME, _S.QUEUE_READY, "nothing is left to ask or to wait for", "R54"),
    Edge(
        _S.QUEUE_READY,
        _S.GOAL_FRAME,
        "its brief, its claims, size or gaps are put before you",
        "R245",
    ),
    Edge(_S.QUEUE_READY, _S.AGENT_RUNNING, "dispatch", "R55"),
    Edge(_S.AGENT_RUNNING, _S.VERIFY, "the turn has ended", "R56"),
    Edge(_S.AGENT_RUNNING, _S.QUEUE_READY, "a limit of the model's service ended it", "R169"),
    Edge(_S.AGENT_RUNNING, _S.STOP, "it asks, is blocked, failed, is lost or over its budget", "R50"),
    Edge(_S.VERIFY, _S.PERSIST, "passed, or you said yes to that commit", "R57"),
    Edge(_S.VERIFY, _S.QUEUE_READY, "the next round, with the findings", "R62"),
    Edge(_S.PERSIST, _S.VERIFY, "a commit moved after the yes", "R62"),
    Edge(_S.PERSIST, _S.QUEUE_READY, "more heads", "R58"),
    Edge(_S.PERSIST, _S.STOP, "no head is left; of an item: it is merged", "R59"),
    Edge(_S.STOP, _S.QUEUE_READY, "what it was put off until has come", "R68"),
    *(
        Edge(before, _S.REFRAME, "the goal has changed", "R51")
        for before in (_S.GOAL_FRAME, _S.QUEUE_READY, _S.AGENT_RUNNING, _S.VERIFY)
    ),
    Edge(_S.REFRAME, _S.GOAL_FRAME, "the new shape", "R60"),
    Edge(_S.REFRAME, _S.AGENT_RUNNING, "the goal is what it was", "R60"),
    Edge(_S.REFRAME, _S.VERIFY, "the turn has ended; the verdict says that the goal has changed", "R56"),
    Edge(_S.REFRAME, _S.QUEUE_READY, "a limit of the model's service ended it", "R169"),
    Edge(_S.REFRAME, _S.STOP, "it asks, is blocked, failed, is lost or over its budget", "R50"),
    *(Edge(before, _S.INTERRUPT, "you take it in hand", "R61") for before in State if before is not _S.INTERRUPT),
    Edge(_S.INTERRUPT, _S.QUEUE_READY, "you hand it back", "R61"),
    Edge(_S.INTERRUPT, _S.STOP, "you leave it", "R61"),
)
_LEGAL = {(edge.before, edge.after): edge for edge in EDGES}


def legal(before: State, after: State) -> bool:
    """Whether the table has that edge; staying is always legal."""
    return before is after or (before, after) in _LEGAL


def edge(before: State, after: State) -> Edge | None:
    """The edge between the two, None when there is none."""
    return _LEGAL.get((before, after))
