"""Verbs on the exchange: a word in it, and a correction of an answer (R22, R27)."""

from __future__ import annotations

import re
from datetime import datetime

from cockpit.clean import clean, line
from cockpit.edits.world import Words, World
from cockpit.errors import Refused
from cockpit.facts import Turn
from cockpit.spec import Document, exchange

LONGEST = 4000
"""Characters that may be said at once."""


def say(document: Document, _target: str, words: Words, world: World) -> bytes:
    """A word in the exchange: a delegate's under the entry of its running turn, a human's as an entry of its own."""
    text = _words(words, "message")
    if not world.by.startswith("delegate/"):
        return exchange.say(document.data, text, f"{world.now:%Y-%m-%d %H:%M}")
    turn = speaker(world)
    entry = exchange.entry_of(document, turn.item, turn.number)
    if entry is None:
        at = f"{datetime.fromtimestamp(turn.dispatch.at):%Y-%m-%d %H:%M}"
        title = exchange.title(turn.item, turn.number, "running", line(turn.dispatch.agent, 30), at)
        return exchange.add(document, title, [saying(text)])
    return exchange.below(document, entry, [saying(text)])


def saying(text: str) -> str:
    """How a delegate's word stands in the exchange: one list item."""
    return exchange.harmless(f"- {line(text, LONGEST)}")[0]


def speaker(world: World) -> Turn:
    """The running turn of the delegate that speaks. Raises Refused when it has none."""
    item = world.by.removeprefix("delegate/")
    turn = world.turns.get(item)
    if turn is None or turn.sentinel is not None:
        raise Refused(f"{line(item, 40)} has no running turn to speak in", remedy="say it in your answer")
    return turn


def correct(document: Document, target: str, words: Words, _world: World) -> bytes:
    """A quote under an answer, named by its item (the latest) or as `q1.2`; the next brief begins with it."""
    item, _, turn = target.removeprefix("^").partition(".")
    there = [entry for entry in exchange.entries(document) if entry.item == item]
    if not there:
        raise Refused(f"{line(target, 40)} has no answer in the exchange", remedy="name an item or q1.2 for its turn 2")
    entry = exchange.entry_of(document, item, int(turn) if re.fullmatch(r"\d{1,9}", turn) else 0)
    if entry is None or (turn and entry.turn != int(turn or 0)):
        turns = ", ".join(str(entry.turn) for entry in there)
        raise Refused(f"{line(target, 40)} is no answer in the exchange", remedy=f"{item} has answers of turn {turns}")
    return exchange.correct(document, entry, _words(words, "note"))


def _words(words: Words, name: str) -> str:
    text = clean(words.get(name, "")).strip()
    if not text:
        raise Refused("there are no words", remedy=f"say --{name}")
    if len(text) > LONGEST:
        raise Refused(
            f"{len(text):,} characters are too many for the exchange, which takes {LONGEST:,} at once",
            remedy="put it into a file and name that",
        )
    return text
