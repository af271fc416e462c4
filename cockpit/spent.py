"""What agents have used: tokens and money, and how a count that runs on from turn to turn has grown. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

Number = TypeVar("Number", int, float)


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens and dollars as far as the agent told them; None is unknown, never zero."""

    tokens: int | None = None
    usd: float | None = None

    def __add__(self, other: Usage) -> Usage:
        return Usage(plus(self.tokens, other.tokens), plus(self.usd, other.usd))


def since(counted: dict[str, Usage], talk: str, now: Usage) -> Usage:
    """How much the count of a conversation has grown; one that has become smaller began anew. `counted` is the last
    count of each conversation; it is brought up to date.
    """
    last = counted.get(talk, Usage())
    counted[talk] = Usage(_most(last.tokens, now.tokens), _most(last.usd, now.usd))
    return Usage(_grown(last.tokens, now.tokens), _grown(last.usd, now.usd))


def plus(one: Number | None, other: Number | None) -> Number | None:
    """The sum; what is unknown adds nothing to what is known."""
    return other if one is None else one if other is None else one + other


def _most(one: Number | None, other: Number | None) -> Number | None:
    return other if one is None else one if other is None else max(one, other)


def _grown(last: Number | None, now: Number | None) -> Number | None:
    return now if last is None or now is None or now < last else now - last
