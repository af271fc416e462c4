"""What one item's next step is, told from its mark, its fields and the facts of its latest turn. Pure."""

from __future__ import annotations

from cockpit import rounds
from cockpit.clean import line, redact
from cockpit.facts import STALE, Turn
from cockpit.facts import Review as Reviewed
from cockpit.select import budgets, holds, stops
from cockpit.select.permits import permit_step
from cockpit.select.states import agreed
from cockpit.select.steps import (
    Deliver,
    Dispatch,
    Halt,
    Interrupt,
    Merge,
    Park,
    Recheck,
    Review,
    Step,
    Verdict,
    World,
)
from cockpit.spec import Document, Item, Mark, fields, gates

UNASKED = "perhaps unfinished: "
RED = "red on the base too"
HALTED = ("not converging: ", "the goal has changed", "has reached its budget", UNASKED, STALE, RED)
"""How the `why:` of a line begins that the machine stopped by itself."""
TICKED = "ticked, but its review does not recommend it: accept says yes to it all the same"
NAMELESS = "its yes names no commit, and its review does not recommend it: accept says yes to it all the same"


def recheck(item: Item, turn: Turn | None, world: World) -> Recheck | None:
    """The step of an item that asks about its claims, once its words or the tree have changed."""
    if item.mark is not Mark.NEEDS_YOU or not item.value("asks").startswith(STALE):
        return None
    number = turn.number + 1 if turn is not None else 1
    return Recheck(item, number) if world.restated(item, number) else None


def move(document: Document, item: Item, turn: Turn | None, world: World) -> Step | None:
    """The next step of an item that has begun, None when it waits."""
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
    stopped = live and item.mark in (Mark.BLOCKED, Mark.STRUCK, Mark.DEFERRED)
    if not stopped and (permit := permit_step(item, turn, world)):
        return permit
    match item.mark:
        case Mark.RUNNING:
            return _running(item, turn, world, document.controls.reentries)
        case Mark.NEEDS_YOU:
            return _waiting(document, item, turn, world)
        case _ if stopped:
            return Interrupt(turn)
        case Mark.DONE if not item.value("merged") and not item.value("proof") and turn.review is not None:
            return _ticked(item, turn, turn.review, world)
        case _:
            return None


def _ticked(item: Item, turn: Turn, review: Reviewed, world: World) -> Step:
    """Ticked by hand under review: a yes like any other to what passed (law 1), none to what did not (R62)."""
    if world.stale(turn):
        return Review(turn, item)
    if world.joined(turn) or agreed(item, review):
        return Merge(turn, item)
    return Halt(turn, item, TICKED)


def _running(item: Item, turn: Turn, world: World, cap: int) -> Step | None:
    end = turn.sentinel
    if end is None:
        if how := world.lost(turn):
            return Park(turn, item, Mark.BLOCKED, "why", how)
        if turn.running is None:
            begun = turn.dispatch.step == "session"
            return None if begun else Dispatch(item, turn.number, turn.dispatch.note)
        if not world.alive(turn):
            return None  # how it ended is about to be told
        if over := budgets.over_now(item, world.account):
            return Park(turn, item, Mark.BLOCKED, "why", over)
        told = world.delivered(turn)
        words = (*fields.steers(item), *world.heard(turn))
        return next((Deliver(turn, text) for text in words if text not in told), None)
    answer = turn.answer
    if end.outcome == "finished" and answer is not None and answer.status == "asks":
        return Park(turn, item, Mark.NEEDS_YOU, "asks", answer.question or answer.summary)
    if end.outcome == "finished" and answer is not None and answer.status != "done":
        return Park(turn, item, Mark.BLOCKED, "why", f"{answer.status}: {answer.summary or 'no reason given'}")
    if end.outcome == "finished":
        return stops.again(turn, item, world.rounds(turn)[:-1], cap) or Review(turn, item)
    if end.outcome == "timeout" and (over := budgets.over_now(item, world.account)):
        return Park(turn, item, Mark.BLOCKED, "why", over)
    if holds.limited(turn):
        return Park(turn, item, Mark.OPEN, "waits", holds.waits(turn, world.rounds(turn)[:-1]))
    if end.trouble:
        remedy = "log in or set its key, then iterate; cockpit doctor says which"
        return Park(turn, item, Mark.BLOCKED, "why", f"{end.trouble}: {remedy} ({line(end.detail, 120)})")
    words = {
        "failed": "failed" if end.detail == f"exit status {end.exit}" else f"failed: exit status {end.exit}",
        "crashed": f"died: signal {end.signal}",
        "timeout": f"timed out after {end.seconds / 60:.0f} min",
        "interrupted": "interrupted",
        "not-started": "the agent did not start",
    }[end.outcome]
    return Park(turn, item, Mark.BLOCKED, "why", words + (f": {end.detail}" if end.detail else ""))


def _waiting(document: Document, item: Item, turn: Turn, world: World) -> Step | None:
    if item.value("asks") or turn.sentinel is None:
        return None
    if turn.review is not None and world.joined(turn):
        return Merge(turn, item)  # done means reachable from the target, whoever merged it
    if turn.review is None or world.stale(turn):
        return Review(turn, item)
    if agreed(item, turn.review):
        return Merge(turn, item)
    if verdict := item.value("verdict").strip():
        return Halt(turn, item, NAMELESS) if verdict == "accept" and item.value("why") != NAMELESS else None
    auto = "verdict" not in gates.closed(item, document.controls)
    words, why = line(redact(_halted(document, item, turn, world, auto=auto)), 300), item.value("why")
    if words != why and (words or why.startswith(HALTED)):
        return Halt(turn, item, words)
    if auto and not words:
        return Verdict(item, turn, "accept" if turn.review.recommendation == "accept" else "iterate")
    return None


def _halted(document: Document, item: Item, turn: Turn, world: World, *, auto: bool) -> str:
    """Why nothing goes on by itself here (R162, R173, R289); the human may still do what they will."""
    stuck = rounds.stuck(world.rounds(turn), fields.rounds(item, document.controls))
    if stuck:
        return f"not converging: {stuck} (iterate tries again all the same)"
    if unasked := stops.unwarranted(turn):
        return f"{UNASKED}{unasked}; accept takes it as it is, iterate goes on"
    if not auto:
        return ""
    if turn.review is not None and turn.review.on_base:
        return f"{RED}: it is judged again when the base is mended, or accept it as it is"
    if turn.dispatch.goal not in ("", world.goal):
        return "the goal has changed since its brief: accept it as it is, or iterate with the new one"
    if turn.review is not None and turn.review.recommendation != "accept":
        return budgets.over(item, world.account)
    if turn.review is not None and (notes := turn.review.notes):
        more = f" and {len(notes) - 1} more" if len(notes) > 1 else ""
        return f"{STALE}{line(notes[0], 200)}{more} (accept it as it is, or iterate)"
    return ""
