"""Steer messages: handed over, and their receipts in the spec."""

from __future__ import annotations

from datetime import datetime

from cockpit import facts, persist
from cockpit.act import dispatch as delegates
from cockpit.engine.carry.acts import Edit, record
from cockpit.engine.look import Look
from cockpit.paths import Places
from cockpit.spec import edit, fields


def deliver(places: Places, turn: facts.Turn, text: str) -> str:
    """Hand over a steer message."""
    done = delegates.steer(places, turn, text)
    return f"{turn.item}: steer {'queued for its next boundary' if done else 'waits: its screen is not ready'}"


def catch_up(places: Places, seen: Look) -> None:
    """Commit what a rebase held up, and write into the spec when a steer message was delivered (design, section 5)."""
    persist.settle(places)
    if not seen.readable:
        return
    for item in seen.document.walk():
        turn = seen.turns.get(item.id)
        waiting = fields.steers(item)
        if turn is None or not waiting:
            continue
        for text, at in delegates.delivered(turn):
            if text in waiting:
                stamp = f"{text} (delivered {datetime.fromtimestamp(at):%Y-%m-%d %H:%M})"
                record(places, "delivered", item.id, _stamp(item.id, text, stamp))


def _stamp(id: str, text: str, stamp: str) -> Edit:
    return lambda data: edit.replace_field(data, id, "steer", text, stamp)
