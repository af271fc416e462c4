"""A stream agent's record, line by line, as events. What must be known of earlier lines is plain data (`Memory`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

import msgspec

from cockpit.loose import Table, table
from cockpit.sense.events import Event
from cockpit.sense.streams import aider, claude, codex, gemini, mini, opencode, pi, qwen, screen
from cockpit.sense.streams.said import Asked, Bad, Begun, Call, Over, Piece, Said, Step, Teller, Used, Words
from cockpit.spent import Usage, since

READERS: dict[str, Callable[[Table, dict[str, Call]], Iterator[Said]]] = {
    "claude": claude.read,
    "qwen": qwen.read,
    "codex": codex.read,
    "gemini": gemini.read,
    "opencode": opencode.read,
    "pi": pi.read,
    "aider": aider.read,
    "mini": mini.read,
    "screen": screen.read,
}
"""By dialect (act.launch)."""
CALLS = 64
"""Calls remembered until they end."""
PIECES = 2000
"""Characters of words kept until they end."""


class Memory(msgspec.Struct):
    """What a stream has told so far that a later line needs."""

    calls: dict[str, Call] = {}
    """Calls that have not ended, by the agent's id."""
    held: str = ""
    """What holds it up, as it was told."""
    asks: bool = False
    """What holds it up is a question."""
    began: bool = False
    words: str = ""
    """Pieces of words that have not ended."""
    talk: str = ""
    """The conversation that was begun last."""
    counted: dict[str, Usage] = {}
    """What each conversation has counted up so far."""


def read(dialect: str, line: bytes, memory: Memory, teller: Teller, now: float) -> list[Event]:
    """The events of one line; none for a line, or a dialect, that says nothing we know. Changes `memory`."""
    reader = READERS.get(dialect)
    found = table(line) if reader is not None else None
    if reader is None or found is None:
        return []
    at = _time(found, now)
    events: list[Event] = []
    for said in reader(found, memory.calls):
        events += told(said, memory, teller, at)
    while len(memory.calls) > CALLS:
        del memory.calls[next(iter(memory.calls))]
    return events


def told(said: Said, memory: Memory, teller: Teller, at: float) -> Iterator[Event]:
    """Told once: that it works is news at the start and after something held it up, and so is what holds it up."""
    if isinstance(said, Piece):
        memory.words = (memory.words + said.text)[:PIECES]
        return
    if memory.words.strip():
        whole, memory.words = memory.words, ""
        yield from told(Words(whole), memory, teller, at)
    if isinstance(said, Begun) and said.talk:
        memory.talk = said.talk
    if isinstance(said, Used):
        said = replace(said, run=said.run + since(memory.counted, said.talk or memory.talk, said.whole))
    event = teller.tell(said, at)
    if event is None:
        return
    match said:
        case Begun():
            news, memory.began, memory.held = not memory.began or bool(memory.held), True, ""
            memory.asks = False
        case Asked():
            news, memory.held, memory.asks = not memory.held, memory.held or event.what, True
        case Bad():
            news, memory.held = event.what != memory.held, event.what
        case Over():
            news, memory.began, memory.held, memory.asks = True, False, "", False
        case Step() | Words() if memory.held:
            yield from told(Begun(), memory, teller, at)
            news = True
        case _:
            news = True
    if news:
        yield event


def _time(event: Table, now: float) -> float:
    """When it happened, by the line's own word: ISO 8601 or milliseconds; never in the future."""
    match event.get("timestamp"):
        case str(stamp):
            try:
                at = datetime.fromisoformat(stamp).timestamp()
            except (ValueError, OverflowError, OSError):
                return now
        case int(number) | float(number):
            at = number / 1000
        case _:
            return now
    return at if 0 < at <= now else now
