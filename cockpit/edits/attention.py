"""Verbs on the loop, the goal, and what may ask for the human's attention."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from cockpit.clean import line
from cockpit.edits.world import Words, World, flat
from cockpit.errors import Refused
from cockpit.spec import Document, edit, targets
from cockpit.spec.until import moment

STANDS = {"on": "the loop is on", "step": "the loop takes one step", "hold": "the loop holds"}
WIDE = "source:NAME, rule:TOOL/RULE or path:GLOB"


def loop(value: str) -> Callable[[Document, str, Words, World], bytes]:
    """The edit that sets `loop:` in the front matter."""

    def change(document: Document, _target: str, _words: Words, _world: World) -> bytes:
        if document.controls.loop == value:
            raise Refused(f"{STANDS[value]} already")
        return edit.set_control(document.data, "loop", value)

    return change


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
    value = moment(value, now)
    if re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", value):
        return value
    raise Refused(f"until {line(value, 30)!r} is none of: changes, next head, 30m, 2h, always")


def mute(document: Document, target: str, words: Words, world: World) -> bytes:
    """Silence a signal, an item or a delegate, with the contract that ends it."""
    target = line(target, 120).strip().replace("`", "'")
    if not target:
        raise Refused("nothing to mute", remedy=f"name a signal, an item, a delegate, {WIDE}")
    if targets.wrong(target):
        raise Refused(f"{line(target, 60)}: {targets.wrong(target)}", remedy=f"write {WIDE}")
    if any(entry.target == target for entry in document.mutes):
        raise Refused(f"{target} is muted already", remedy="unmute it first")
    until = until_words(words.get("until", ""), world.now)
    reason = flat(words, "reason")
    if until == "always" and not reason:
        raise Refused("muted always needs a reason", remedy="say --reason")
    return edit.add_mute(document.data, target, until, reason, f"{world.now:%Y-%m-%d %H:%M}")[0]


def dismiss(document: Document, target: str, words: Words, world: World) -> bytes:
    """Say that a signal is not the real issue: silent until it changes, and its like weigh less from now on."""
    if document.item(target) is not None:
        raise Refused(f"{line(target, 60)} is an item, no signal", remedy="mute it")
    note = flat(words, "note")
    said = {"until": "it changes", "reason": f"{targets.ISSUE}: {note}" if note else targets.ISSUE}
    return mute(document, target, said, world)


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
    return edit.add_pin(document.data, target, flat(words, "reason"))[0]
