"""What agents have used: tokens and money, and how a count that runs on from turn to turn has grown. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeVar

Number = TypeVar("Number", int, float)


Billing = Literal["", "api", "subscription"]
"""Who is charged for the tokens, where the stream tells it: a key by use, a subscription with its quota."""


@dataclass(frozen=True, slots=True)
class Part:
    """Tokens of one model: read anew, read from a cache, written into one, written."""

    model: str
    read: int = 0
    cached: int = 0
    stored: int = 0
    out: int = 0

    def __add__(self, other: Part) -> Part:
        """Both together, by the model of the first."""
        return Part(
            self.model,
            self.read + other.read,
            self.cached + other.cached,
            self.stored + other.stored,
            self.out + other.out,
        )


@dataclass(frozen=True, slots=True)
class Usage:
    """What a turn has used as far as its agent told; None is unknown, never zero."""

    tokens: int | None = None
    usd: float | None = None
    """What the agent says it costs; `prices.priced` adds what its tokens cost."""
    parts: tuple[Part, ...] = ()
    """The tokens by model, as far as the stream parts them."""
    billing: Billing = ""

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            plus(self.tokens, other.tokens),
            plus(self.usd, other.usd),
            _together(*self.parts, *other.parts),
            other.billing or self.billing,
        )


def _together(*parts: Part) -> tuple[Part, ...]:
    """One part a model."""
    sums: dict[str, Part] = {}
    for part in parts:
        sums[part.model] = sums.get(part.model, Part(part.model)) + part
    return tuple(sums.values())


def since(counted: dict[str, Usage], talk: str, now: Usage) -> Usage:
    """How much the count of a conversation has grown; one that has become smaller began anew. `counted` is the last
    count of each conversation; it is brought up to date.
    """
    last = counted.get(talk, Usage())
    counted[talk] = Usage(_most(last.tokens, now.tokens), _most(last.usd, now.usd), now.parts)
    return Usage(_grown(last.tokens, now.tokens), _grown(last.usd, now.usd), _beyond(last, now), now.billing)


def plus(one: Number | None, other: Number | None) -> Number | None:
    """The sum; what is unknown adds nothing to what is known."""
    return other if one is None else one if other is None else one + other


def _most(one: Number | None, other: Number | None) -> Number | None:
    return other if one is None else one if other is None else max(one, other)


def _grown(last: Number | None, now: Number | None) -> Number | None:
    return now if last is None or now is None or now < last else now - last


def _beyond(last: Usage, now: Usage) -> tuple[Part, ...]:
    """The parts that came since, of one that counts a single model on."""
    if len(last.parts) != 1 or len(now.parts) != 1 or (now.tokens or 0) < (last.tokens or 0):
        return now.parts
    old, new = last.parts[0], now.parts[0]
    return (
        Part(
            new.model,
            max(new.read - old.read, 0),
            max(new.cached - old.cached, 0),
            max(new.stored - old.stored, 0),
            max(new.out - old.out, 0),
        ),
    )
