"""The pure edit of each verb: the document at hand in, new bytes out, or `Refused` with the reason.

What a verb is called, its key and its arguments stand in `verbs.VERBS`; a new one begins here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from cockpit.clean import line
from cockpit.errors import Refused
from cockpit.facts import Turn
from cockpit.spec import Document, Item, Kind, Mark, edit

Words = Mapping[str, str]
"""What the human said with the verb, by the name of the argument."""


@dataclass(frozen=True, slots=True)
class World:
    """What an edit may need to know that is not in the document."""

    turns: Mapping[str, Turn]
    """Latest turn of each delegate, by item."""
    alive: Callable[[Turn], bool]
    stale: Callable[[Turn], str]
    """Why the turn's verdict no longer holds; empty when it does."""
    now: datetime


def item_of(document: Document, target: str) -> Item:
    """The item a verb names, by id or derived key. Raises Refused."""
    item = document.item(target)
    if item is None:
        raise Refused(f"no item {line(target, 40)} in the spec", remedy="it may have been removed; see cockpit status")
    return item


def _turn(item: Item, world: World) -> Turn | None:
    return world.turns.get(item.id)


def _flat(words: Words, name: str) -> str:
    return line(words.get(name, ""), 400).strip()


def _needs(words: Words, name: str, what: str) -> str:
    value = _flat(words, name)
    if not value:
        raise Refused(f"{what} is missing", remedy=f"say --{name}")
    return value


def _not_running(item: Item, verb: str) -> None:
    if item.mark is Mark.RUNNING:
        raise Refused(f"{item.id} is running: interrupt it before you {verb} it")


def _not_done(item: Item) -> None:
    if item.mark is Mark.DONE:
        raise Refused(f"{item.id} is done" + (f": merged as {item.value('merged')}" if item.value("merged") else ""))


def loop(value: str) -> Callable[[Document, str, Words, World], bytes]:
    """The edit that sets `loop:` in the front matter."""

    def change(document: Document, _target: str, _words: Words, _world: World) -> bytes:
        if document.controls.loop == value:
            raise Refused(f"the loop is at {value} already")
        return edit.set_control(document.data, "loop", value)

    return change


def accept(document: Document, target: str, _words: Words, world: World) -> bytes:
    """Bind the human's yes to the head that was reviewed; the engine merges and ticks the item."""
    item = item_of(document, target)
    _not_done(item)
    if item.value("verdict").startswith("accept") and item.mark is Mark.NEEDS_YOU:
        raise Refused(f"{item.id} is accepted already: the engine merges it")
    if item.mark is not Mark.NEEDS_YOU:
        raise Refused(f"{item.id} has no result to accept")
    if item.value("asks"):
        raise Refused(f"{item.id} asks a question: iterate with the answer", where=line(item.value("asks"), 120))
    turn = _turn(item, world)
    if turn is None or turn.review is None:
        raise Refused(f"{item.id} has no review yet", remedy="wait for the fourteen checks")
    stale = world.stale(turn)
    if stale:
        raise Refused(f"the verdict on {item.id} is stale: {stale}", remedy="it is being reviewed again")
    return edit.set_field(document.data, item.id, "verdict", f"accept {turn.review.head[:12]}")


def reject(document: Document, target: str, words: Words, _world: World) -> bytes:
    """Close the item without its result; worktree, branch and session stay as they are (R268)."""
    item = item_of(document, target)
    _not_done(item)
    _not_running(item, "reject")
    if item.mark not in (Mark.NEEDS_YOU, Mark.BLOCKED) or not item.value("branch"):
        raise Refused(f"{item.id} has no result to reject", remedy="strike drops an item that never ran")
    data = edit.set_mark(document.data, item.id, Mark.STRUCK)
    data = edit.set_field(data, item.id, "verdict", "reject")
    reason = _flat(words, "reason")
    return edit.set_field(data, item.id, "why", reason) if reason else data


def iterate(document: Document, target: str, words: Words, world: World) -> bytes:
    """Send it back to the same delegate: next turn in the same worktree, with the note and the findings (R269)."""
    item = item_of(document, target)
    _not_done(item)
    if item.mark is Mark.RUNNING:
        raise Refused(f"{item.id} is still running", remedy="steer it instead")
    blocked = item.mark is Mark.BLOCKED  # perhaps before its first turn: an agent that is not there
    if not blocked and (item.mark not in (Mark.NEEDS_YOU, Mark.STRUCK) or not item.value("branch")):
        raise Refused(f"{item.id} has no turn to iterate on")
    turn = _turn(item, world)
    if turn is not None and turn.sentinel is None and world.alive(turn):
        raise Refused(f"the last turn of {item.id} has not ended yet", remedy="wait a moment")
    note = _flat(words, "note")
    if item.value("asks") and not note:
        raise Refused(f"{item.id} asks: say the answer", where=line(item.value("asks"), 120))
    data, id = edit.ensure_id(document.data, item.id)
    data = edit.set_mark(data, id, Mark.OPEN)
    for key in ("verdict", "asks", "why", "review"):
        data = edit.drop_field(data, id, key)
    if turn is not None and turn.review is not None:
        note = note or "see the findings of the review"
    return edit.add_field(data, id, "iterate", note) if note else data


def interrupt(document: Document, target: str, words: Words, world: World) -> bytes:
    """Stop the delegate's turn now and park the item; nothing of its work is removed."""
    item = item_of(document, target)
    turn = _turn(item, world)
    if item.mark is not Mark.RUNNING or (turn is not None and turn.sentinel is not None):
        raise Refused(f"{item.id} is not running: nothing to interrupt")
    reason = _flat(words, "reason")
    data = edit.set_mark(document.data, item.id, Mark.BLOCKED)
    return edit.set_field(data, item.id, "why", "interrupted by you" + (f": {reason}" if reason else ""))


def steer(document: Document, target: str, words: Words, world: World) -> bytes:
    """Add an instruction that the delegate gets at its next boundary, keeping its context."""
    item = item_of(document, target)
    turn = _turn(item, world)
    if item.mark is not Mark.RUNNING or (turn is not None and turn.sentinel is not None):
        raise Refused(f"{item.id} is not running", remedy="iterate sends it back with a note")
    return edit.add_field(document.data, item.id, "steer", _needs(words, "message", "the message"))


def reframe(document: Document, _target: str, words: Words, _world: World) -> bytes:
    """Put another goal; the engine says which running delegates were briefed with the old one."""
    goal = words.get("goal", "").strip()
    if not goal:
        raise Refused("the goal is empty", remedy="say what the work is for")
    if goal == document.goal:
        raise Refused("the goal is the same")
    return edit.set_goal(document.data, goal)


def until_words(value: str, now: datetime) -> str:
    """`until` as the spec writes it: `it changes`, `next head`, `always`, or a local time to the minute.

    Takes the short forms too: `changes`, `head`, `30m`, `2h`. Raises Refused.
    """
    value = value.strip().removeprefix("until ").strip() or "it changes"
    if value in ("it changes", "changes", "change"):
        return "it changes"
    if value in ("next head", "head"):
        return "next head"
    if value == "always":
        return "always"
    minutes = re.fullmatch(r"(?:for )?(\d{1,5})\s*(m|min|minutes|h|hours)?", value)
    if minutes:
        span = timedelta(minutes=int(minutes[1]) * (60 if (minutes[2] or "m").startswith("h") else 1))
        return f"{now + span:%Y-%m-%d %H:%M}"
    if re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", value):
        return value
    raise Refused(f"until {line(value, 30)!r} is none of: changes, next head, 30m, 2h, always")


def mute(document: Document, target: str, words: Words, world: World) -> bytes:
    """Silence a signal, an item or a delegate, with the contract that ends it."""
    target = line(target, 120).strip().replace("`", "'")
    if not target:
        raise Refused("nothing to mute", remedy="name a signal, an item or a delegate")
    if any(entry.target == target for entry in document.mutes):
        raise Refused(f"{target} is muted already")
    until = until_words(words.get("until", ""), world.now)
    reason = _flat(words, "reason")
    if until == "always" and not reason:
        raise Refused("muted always needs a reason", remedy="say --reason")
    return edit.add_mute(document.data, target, until, reason, f"{world.now:%Y-%m-%d %H:%M}")[0]


def unmute(document: Document, target: str, _words: Words, _world: World) -> bytes:
    """End a mute, by its id or by what it silences."""
    if not any(target in (entry.id, entry.target) for entry in document.mutes):
        raise Refused(f"{line(target, 60)} is not muted")
    return edit.drop_mute(document.data, target)


def pin(document: Document, target: str, words: Words, _world: World) -> bytes:
    """Keep a signal, an item or a delegate at the top; again lets it go."""
    target = line(target, 120).strip().replace("`", "'")
    if not target:
        raise Refused("nothing to pin", remedy="name a signal, an item or a delegate")
    if any(target in (entry.id, entry.target) for entry in document.pins):
        return edit.drop_pin(document.data, target)
    return edit.add_pin(document.data, target, _flat(words, "reason"))[0]


def defer(document: Document, target: str, words: Words, _world: World) -> bytes:
    """Put an item off; again takes it back into the queue."""
    item = item_of(document, target)
    _not_done(item)
    _not_running(item, "defer")
    if item.mark is Mark.DEFERRED:
        return edit.drop_field(edit.set_mark(document.data, item.id, Mark.OPEN), item.id, "until")
    document_data, id = edit.ensure_id(document.data, item.id)
    data = edit.set_mark(document_data, id, Mark.DEFERRED)
    until = _flat(words, "until")
    return edit.set_field(data, id, "until", until) if until else data


def strike(document: Document, target: str, words: Words, _world: World) -> bytes:
    """Drop an item from the loop, visibly; again brings it back."""
    item = item_of(document, target)
    _not_done(item)
    _not_running(item, "strike")
    data, id = edit.ensure_id(document.data, item.id)
    if item.mark is Mark.STRUCK:
        data = edit.set_mark(data, id, Mark.OPEN)
        return edit.drop_field(edit.drop_field(data, id, "verdict"), id, "why")
    data = edit.set_mark(data, id, Mark.STRUCK)
    reason = _flat(words, "reason")
    return edit.set_field(data, id, "why", reason) if reason else data


def split(document: Document, target: str, words: Words, _world: World) -> bytes:
    """Make several items of one; the first keeps the id (R103)."""
    item = item_of(document, target)
    _not_done(item)
    _not_running(item, "split")
    if item.value("branch"):
        raise Refused(f"{item.id} has a branch already", remedy="add an item below it instead")
    texts = [line(part, 400).strip() for part in re.split(r"\n|\s;\s|;\s*$", words.get("texts", ""))]
    texts = [text for text in texts if text]
    if len(texts) < 2:
        raise Refused("split needs two texts or more", remedy="separate them with ' ; ' or lines")
    return edit.split(document.data, item.id, texts)


def reword(document: Document, target: str, words: Words, _world: World) -> bytes:
    """Say an item better; it keeps its id (R25, R104)."""
    item = item_of(document, target)
    _not_done(item)
    if item.mark is Mark.RUNNING:
        raise Refused(f"{item.id} is running with the old words", remedy="steer it, or interrupt and reword")
    text = _needs(words, "text", "the text")
    if text == item.text:
        raise Refused("the text is the same")
    return edit.set_text(document.data, item.id, text)


def add(document: Document, target: str, words: Words, _world: World) -> bytes:
    """A new item below the named one, else at the end of the queue."""
    text = _needs(words, "text", "the text")
    if target:
        item = item_of(document, target)
        return edit.add_item(document.data, text, section=item.section or Kind.QUEUE, below=item.id)[0]
    return edit.add_item(document.data, text)[0]
