"""When to interrupt a human, apart from what ranks where: about once in ten minutes, never while they look.

The ranking says which signals *want* to interrupt (salience, A4); this says when one does. Pure: books in, books out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

PACE = 600.0
"""Seconds between two interruptions (ISA-18.2: one in ten minutes is what a human bears for long)."""
URGENT = 60.0
"""Seconds between two when what holds up the head wants to be told: never more than ten in ten minutes."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A signal that wants to interrupt: its key, its words, whether the head of the queue waits for it."""

    key: str
    words: str
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Books:
    """What was told of the wishes that stand, and when the last interruption was (epoch seconds; 0 is never)."""

    told: frozenset[str] = frozenset()
    last: float = 0.0


def notify(
    books: Books, wishes: Sequence[Wish], *, here: bool, quiet: bool, now: float
) -> tuple[Books, tuple[Wish, ...]]:
    """What to interrupt with now, all in one message, and the books after it.

    `here`: a human looks at a screen and has pressed a key lately, so they see the row: nothing is sent, and nothing
    later for it. `quiet`: it is one of their quiet hours, so it waits. A wish that ends is forgotten, and told again
    when it comes back. A clock that went backwards counts as time enough.
    """
    told = books.told & {wish.key for wish in wishes}
    if here:
        return Books(frozenset(wish.key for wish in wishes), books.last), ()
    waiting = tuple(wish for wish in wishes if wish.key not in told)
    pace = URGENT if any(wish.urgent for wish in waiting) else PACE
    if not waiting or quiet or 0 <= now - books.last < pace:
        return Books(told, books.last), ()
    return Books(told | {wish.key for wish in waiting}, now), waiting


def due(books: Books, wishes: Sequence[Wish]) -> float | None:
    """When `notify` would say something though nothing has happened (epoch seconds); None when never."""
    waiting = [wish for wish in wishes if wish.key not in books.told]
    if not waiting:
        return None
    return books.last + (URGENT if any(wish.urgent for wish in waiting) else PACE)


def message(wishes: Sequence[Wish]) -> str:
    """One line for all of them: the first in words, the others counted."""
    more = f" (+{len(wishes) - 1} more)" if len(wishes) > 1 else ""
    return f"{wishes[0].words}{more}" if wishes else ""


@dataclass(frozen=True, slots=True)
class Hours:
    """Quiet hours as local times; `22:00-07:00` goes over midnight."""

    start: time
    end: time

    @classmethod
    def read(cls, words: str) -> Hours:
        """`22:00-07:00`. Raises ValueError."""
        start, _, end = words.partition("-")
        return cls(time.fromisoformat(start.strip()), time.fromisoformat(end.strip()))

    def hold(self, now: float) -> bool:
        """Whether it is quiet at that time (epoch seconds)."""
        at = datetime.fromtimestamp(now).time()
        return self.start <= at < self.end if self.start <= self.end else at >= self.start or at < self.end
