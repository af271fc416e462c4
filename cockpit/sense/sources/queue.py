"""The queue as the document has it: its head, what waits for what, pending items, fences, mutes and pins, as events.

Level-triggered and pure: told again it changes nothing, and all that the ranking knows of the document comes from here,
so that a replay ranks as it was ranked then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from cockpit.sense.events import Event, safe
from cockpit.spec import Document, Item, Kind, Mark, targets
from cockpit.spec.fields import after_ids, paths
from cockpit.spec.front import BUDGET_KEYS

LANE = "queue"
"""The document's own queue. Other programs may tell of lanes of theirs."""
NEXT = 3
"""Items behind the head whose blocks are told (salience, A7: "blocks one of the next three")."""
_OVER = (Mark.DONE, Mark.STRUCK, Mark.DEFERRED)


def queue_events(document: Document, *, paused: str, at: float) -> list[Event]:
    """The lane, the next items that wait, the pending ones. `paused` says in words why the loop holds, or is empty."""
    known = {item.id: item for item in document.walk()}
    line = [item for item in document.queue if item.mark not in _OVER]
    return [
        _lane(line, known, paused, at),
        *(_waiting(place, item, known, at) for place, item in enumerate(line[: NEXT + 1])),
        *(_pending(item, at) for item in document.of(Kind.PENDING)),
    ]


def _lane(line: Sequence[Item], known: Mapping[str, Item], paused: str, at: float) -> Event:
    if not line:
        return Event(source="queue", kind="queue.state", key=LANE, state="empty", what="the queue is empty", at=at)
    head = line[0]
    roots = waited(head, known) if head.mark is Mark.OPEN else []
    state = "paused" if paused else "blocked" if roots else "ready" if head.mark is Mark.OPEN else "running"
    words = paused or (f"waits for {', '.join(roots)}" if roots else state)
    return safe(
        Event(
            source="queue",
            kind="queue.state",
            key=LANE,
            state=state,
            what=f"head {head.id}: {words}",
            at=at,
            item=head.id,
            paths=tuple(paths(head)),
            attrs={"blocked_by": roots, "depth": len(line), "words": head.text},
        ),
        at,
    )


def _waiting(place: int, item: Item, known: Mapping[str, Item], at: float) -> Event:
    roots = waited(item, known)
    return safe(
        Event(
            source="queue",
            kind="queue.item",
            key=f"queue/{item.id}",
            state="blocked" if roots else "ready",
            what=f"{item.id} waits for {', '.join(roots)}" if roots else f"{item.id} is ready",
            at=at,
            item=item.id,
            attrs={"blocked_by": roots, "position": place},
        ),
        at,
    )


def _pending(item: Item, at: float) -> Event:
    return safe(
        Event(
            source="pending",
            kind="pending",
            key=f"pending/{item.id}",
            state="done" if item.mark.over else "open",
            what=item.text,
            at=at,
            item=item.id,
            paths=tuple(paths(item)),
        ),
        at,
    )


def waited(item: Item, known: Mapping[str, Item]) -> list[str]:
    """The ids that the item waits for by `after:`, through others that wait themselves, nearest first."""
    found: list[str] = []
    waiting = list(after_ids(item))
    while waiting:
        name = waiting.pop(0)
        other = known.get(name)
        if name == item.id or name in found or (other is not None and other.mark in _OVER):
            continue
        found.append(name)
        if other is not None:
            waiting.extend(after_ids(other))
    return found


HELPS = {
    "hold": "continue",
    "red": "step",
    "pace": "step",
    "rest": "step",
    "drift": "reframe",
    "capacity": "review",
    "interrupt": "iterate",
    "blocked": "iterate",
    "drained": "add",
    "target": "tick",
    "plateau": "add",
    "waiting": "edit",
    **dict.fromkeys((*BUDGET_KEYS, *(f"day-{limit}" for limit in BUDGET_KEYS)), "edit"),
}
"""The act that lets the loop go on, by the fence; of any other its words say it."""
CALM = ("hold", "pace", "rest", "drained", "target", "interrupt", "blocked", "waiting")
"""Fences that are meant, or told by a signal of their own."""


def fence_events(name: str, words: str, known: Iterable[str], at: float, item: str = "") -> list[Event]:
    """The fence that holds the loop (empty: none does), and the item that what helps is done on.

    `known` are the open keys: the others are let go.
    """
    told = f"fence/{name}" if name else ""
    found = [
        Event(source="select", kind="fence", key=key, state="closed", what="let go", at=at)
        for key in known
        if key != told
    ]
    if told:
        level = "info" if name in CALM else "warning"
        found.append(
            safe(
                Event(
                    source="select", kind="fence", key=told, state="held", what=words, at=at, level=level,
                    action=HELPS.get(name, "why"), item=item,
                ),
                at,
            )
        )  # fmt: skip
    return found


def aim_event(document: Document, at: float) -> Event:
    """Work that goes on without a goal: a treadmill, which nothing can be held against (R43)."""
    lost = (
        document.controls.loop == "on" and not document.goal and any(item.mark not in _OVER for item in document.queue)
    )
    what = "the loop goes on without a goal" if lost else "there is a goal, or nothing to do"
    state = "open" if lost else "closed"
    return Event(
        source="select", kind="loop", key="loop/aimless", state=state, what=what, at=at, level="info", action="reframe"
    )


def stuck_events(stuck: Mapping[str, str], known: Iterable[str], at: float) -> list[Event]:
    """Items of the queue that only an edit of the spec lets run, by id, with what each waits for (R29).

    `known` are the keys told: those that can run again are let go.
    """
    told = {f"stuck/{id}": id for id in stuck}
    gone = [
        Event(source="select", kind="stuck", key=key, state="closed", what="can run", at=at)
        for key in known
        if key not in told
    ]
    return gone + [
        safe(
            Event(
                source="select", kind="stuck", key=key, state="never runs", what=f"{id} {stuck[id]}", at=at, item=id,
                level="warning", action="edit",
            ),
            at,
        )
        for key, id in told.items()
    ]  # fmt: skip


def attention_events(document: Document, known: Iterable[str], at: float) -> list[Event]:
    """Mutes and pins that stand in the document. `known` are the keys told: what was taken away is closed."""
    found: dict[str, Event] = {}
    for mute in document.mutes:
        key = f"mute/{mute.id}"
        attrs = {"target": mute.target, "until": mute.until, "made": mute.at}
        kind = "user.mute"
        if mute.reason.startswith(targets.ISSUE):
            kind, attrs = "user.correction", attrs | {"type": targets.ISSUE}
        found[key] = Event(
            source="user", kind=kind, key=key, state="muted", what=mute.reason or "muted", at=at, attrs=attrs
        )
    for pin in document.pins:
        key = f"pin/{pin.id}"
        found[key] = Event(
            source="user", kind="user.pin", key=key, state="pinned", what=pin.reason or "pinned", at=at,
            attrs={"target": pin.target},
        )  # fmt: skip
    gone = (key for key in known if key not in found)
    return [safe(event, at) for event in found.values()] + [
        Event(
            source="user", kind="user.mute" if key.startswith("mute/") else "user.pin", key=key, state="closed",
            what="taken back", at=at,
        )
        for key in gone
    ]  # fmt: skip
