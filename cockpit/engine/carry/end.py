"""The end of a turn that is no review: the mark and its reason."""

from __future__ import annotations

from cockpit import facts
from cockpit.act import dispatch as delegates
from cockpit.act.lastwords import last_words
from cockpit.clean import line, redact
from cockpit.engine.carry.acts import if_mark, record
from cockpit.paths import Places
from cockpit.persist import worktrees
from cockpit.spec import Item, Mark, edit, parse


def park(places: Places, turn: facts.Turn | None, item: Item, mark: Mark, key: str, words: str) -> str:
    """An end that is not a review. What the agent left uncommitted is committed first: nothing is lost."""
    if turn is not None:
        if turn.sentinel is None:
            delegates.interrupt(places, turn)  # a lost one may have left processes behind
        harvest(places, turn)
        if key == "why" and (last := last_words(turn)):
            words = f"{words}: {last}"
    words = line(redact(words), 300)

    def end(data: bytes) -> bytes:
        return edit.set_field(edit.set_mark(data, item.id, mark), item.id, key, words)

    record(places, "ask" if key == "asks" else "park", item.id, if_mark(item.id, {Mark.RUNNING}, end), words)
    return f"{item.id}: {words}"


def halt(places: Places, item: Item, words: str) -> str:
    """Say why the line stopped by itself, or that it no longer does."""

    def say(data: bytes) -> bytes:
        now = parse(data).item(item.id)
        if now is None or now.value("verdict") != item.value("verdict"):
            return data
        if not words:
            return edit.drop_field(data, item.id, "why")
        return edit.set_field(edit.set_mark(data, item.id, Mark.NEEDS_YOU), item.id, "why", words)

    record(places, "halt" if words else "resume", item.id, if_mark(item.id, {item.mark}, say), words)
    return f"{item.id}: {words or 'goes on'}"


def harvest(places: Places, turn: facts.Turn) -> None:
    """Commit what the delegate left uncommitted."""
    message = f"{line(turn.dispatch.text, 60)}\n\nLeft uncommitted by the delegate; harvested by cockpit."
    worktrees.harvest(places, turn.dispatch.worktree, message, by=f"delegate/{turn.item}")
