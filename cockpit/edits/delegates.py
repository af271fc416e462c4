"""Verbs on what a delegate does and what it handed in."""

from __future__ import annotations

from cockpit.clean import line
from cockpit.edits import scope
from cockpit.edits.comments import KEY, fresh, only_fresh
from cockpit.edits.decisions import settle
from cockpit.edits.questions import send_anyway
from cockpit.edits.world import Words, World, flat, item_of, needs, not_done, not_running, turn_of
from cockpit.errors import Refused
from cockpit.spec import Document, Item, Kind, Mark, edit, fields, gates
from cockpit.spec.questions import asked


def accept(document: Document, target: str, _words: Words, world: World) -> bytes:
    """Bind the human's yes to the head that was reviewed; the engine merges and ticks the item."""
    item = item_of(document, target)
    not_done(item)
    if item.section is Kind.DECISIONS:
        return settle(document, item)
    if gates.at_scope(item):
        return scope.accept(document, item, world)
    if item.value("verdict").startswith("accept ") and item.mark is Mark.NEEDS_YOU:
        raise Refused(f"{item.id} is accepted already: the engine merges it")
    if item.mark is not Mark.NEEDS_YOU:
        raise Refused(f"{item.id} has no result to accept")
    if asked(item):
        return send_anyway(document, item)
    if item.value("asks"):
        raise Refused(f"{item.id} asks a question: iterate with the answer", where=line(item.value("asks"), 120))
    turn = turn_of(item, world)
    if turn is None or turn.review is None:
        raise Refused(f"{item.id} has no review yet", remedy="wait for the fourteen checks")
    stale = world.stale(turn)
    if stale:
        raise Refused(f"the verdict on {item.id} is stale: {stale}", remedy="it is being reviewed again")
    if world.by == "engine" and turn.review.recommendation != "accept":  # the facts may be newer than its plan (R62)
        raise Refused(f"the checks do not recommend {item.id}", remedy="a human may accept it all the same")
    return edit.set_field(document.data, item.id, "verdict", f"accept {turn.review.head[:12]}")


def reject(document: Document, target: str, words: Words, _world: World) -> bytes:
    """Close the item without its result; worktree, branch and session stay as they are (R268)."""
    item = item_of(document, target)
    not_done(item)
    not_running(item, "reject")
    if gates.at_scope(item):
        return scope.reject(document, item, words)
    if item.mark not in (Mark.NEEDS_YOU, Mark.BLOCKED) or not item.value("branch"):
        raise Refused(f"{item.id} has no result to reject", remedy="strike drops an item that never ran")
    data = edit.set_mark(document.data, item.id, Mark.STRUCK)
    data = edit.set_field(data, item.id, "verdict", "reject")
    reason = flat(words, "reason")
    return edit.set_field(data, item.id, "why", reason) if reason else data


def iterate(document: Document, target: str, words: Words, world: World) -> bytes:
    """Send it back to the same delegate: next turn in the same worktree, with the note and the findings (R269)."""
    item = item_of(document, target)
    not_done(item)
    if item.mark is Mark.RUNNING:
        raise Refused(f"{item.id} is still running", remedy="steer it instead")
    if gates.at_scope(item):
        return scope.iterate(document, item, words)
    if item.mark is Mark.OPEN and item.value("waits"):
        return _lift(document, item, flat(words, "note"), world)
    # Perhaps before its first turn: an agent that is not there, or a question about what the item says.
    early = item.mark is Mark.BLOCKED or (item.mark is Mark.NEEDS_YOU and bool(item.value("asks")))
    if not early and (item.mark not in (Mark.NEEDS_YOU, Mark.STRUCK) or not item.value("branch")):
        raise Refused(f"{item.id} has no turn to iterate on")
    turn = turn_of(item, world)
    if turn is not None and turn.sentinel is None and world.alive(turn):
        raise Refused(f"the last turn of {item.id} has not ended yet", remedy="wait a moment")
    note = flat(words, "note")
    if item.value("asks") and not note:
        raise Refused(f"{item.id} asks: say the answer", where=line(item.value("asks"), 120))
    data, id = edit.ensure_id(document.data, item.id)
    data = edit.set_mark(data, id, Mark.OPEN)
    for key in ("verdict", "asks", "why", "review"):
        data = edit.drop_field(data, id, key)
    data = only_fresh(data, id, turn)
    many = len(fresh(item.values(KEY), turn))
    if many or (turn is not None and turn.review is not None):
        note = note or fields.stand_in(many)
    return edit.add_field(data, id, "iterate", note) if note else data


def _lift(document: Document, item: Item, note: str, world: World) -> bytes:
    """Try an agent again whose service took no more: no item waits for it any longer."""
    turn = turn_of(item, world)
    data = edit.add_field(document.data, item.id, "iterate", note) if note else document.data
    for other in document.walk():
        its = turn_of(other, world) if other.value("waits") else None
        if other.id == item.id or (turn and its and its.dispatch.agent == turn.dispatch.agent):
            data = edit.drop_field(data, other.id, "waits")
    return data


def interrupt(document: Document, target: str, words: Words, world: World) -> bytes:
    """Stop the delegate's turn now and park the item; nothing of its work is removed."""
    item = item_of(document, target)
    turn = turn_of(item, world)
    if item.mark is not Mark.RUNNING or (turn is not None and turn.sentinel is not None):
        raise Refused(f"{item.id} is not running: nothing to interrupt")
    reason = flat(words, "reason")
    data = edit.set_mark(document.data, item.id, Mark.BLOCKED)
    return edit.set_field(data, item.id, "why", "interrupted by you" + (f": {reason}" if reason else ""))


def steer(document: Document, target: str, words: Words, world: World) -> bytes:
    """Add an instruction that the delegate gets at its next boundary, keeping its context."""
    item = item_of(document, target)
    turn = turn_of(item, world)
    if item.mark is not Mark.RUNNING or (turn is not None and turn.sentinel is not None):
        raise Refused(f"{item.id} is not running", remedy="iterate sends it back with a note")
    return edit.add_field(document.data, item.id, "steer", needs(words, "message", "the message"))
