"""What was spent, and which budget that reaches: of an item, of the loop, of the day (R36, R157, R168). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from cockpit.spec import Item, Limits, fields
from cockpit.spent import Part, plus


@dataclass(frozen=True, slots=True)
class Spent:
    """What turns have used; of tokens and money what is known, None when nothing is (R195)."""

    turns: int = 0
    minutes: float = 0.0
    tokens: int | None = None
    usd: float | None = None
    no_tokens: int = 0
    """Turns that ended without telling their tokens."""
    no_usd: int = 0
    """Turns that ended without a price."""
    on_plan: float = 0.0
    """Money among `usd` that a subscription covers: what its tokens would have cost."""
    flow: Part | None = None
    """The tokens by whether they were read, cached or written, of the turns that told it so; None when none did."""

    def __add__(self, other: Spent) -> Spent:
        return Spent(
            self.turns + other.turns,
            self.minutes + other.minutes,
            plus(self.tokens, other.tokens),
            plus(self.usd, other.usd),
            self.no_tokens + other.no_tokens,
            self.no_usd + other.no_usd,
            self.on_plan + other.on_plan,
            self.flow + other.flow if self.flow and other.flow else self.flow or other.flow,
        )


@dataclass(frozen=True, slots=True)
class Account:
    """What was spent since the loop was last set on, since midnight, and for each item in all its turns."""

    loop: Spent = field(default_factory=Spent)
    day: Spent = field(default_factory=Spent)
    items: Mapping[str, Spent] = field(default_factory=dict[str, Spent])


UNREADABLE = "has a budget: that cannot be read; write budget: 3 turns, 20 minutes, 2 usd"


def reached(limits: Limits, spent: Spent) -> tuple[str, str] | None:
    """The first limit that is reached, by its name, and `20 of 20 turns`. What is unknown reaches none."""
    for name, limit, used, _ in _amounts(limits, spent):
        if used is not None and used >= limit:
            return name, f"{_full(name, used)} of {_full(name, limit)} {NAMES[name]}"
    return None


NEAR = 0.8
"""The part of a limit from which on its end is announced (R115)."""


def near(limits: Limits, spent: Spent) -> list[tuple[str, str]]:
    """The limits that are near and not reached, each by its name with `18 of 20 turns`."""
    return [
        (name, f"{_full(name, used)} of {_full(name, limit)} {NAMES[name]}")
        for name, limit, used, _ in _amounts(limits, spent)
        if used is not None and NEAR * limit <= used < limit
    ]


def unknown(limits: Limits, spent: Spent) -> list[str]:
    """Which limits cannot be held because turns did not tell: `tokens: 2 of 3 turns tell none`."""
    return [
        f"{name}: {dark} of {spent.turns} turns tell none" for name, _, _, dark in _amounts(limits, spent) if dark > 0
    ]


def words(limits: Limits, spent: Spent) -> str:
    """`3/20 turns, 12k+/2000k tokens`: only what has a limit. Unknown is `?`; `+`: some turns told nothing."""
    parts: list[str] = []
    for name, limit, used, dark in _amounts(limits, spent):
        told = "?" if used is None else _short(name, used) + ("+" if dark else "")
        plan = f" ({spent.on_plan:.2f} on a subscription)" if name == "usd" and spent.on_plan else ""
        parts.append(f"{told}/{_short(name, limit)} {SHORT[name]}{plan}")
    return ", ".join(parts)


def over(item: Item, account: Account) -> str:
    """Why no turn of the item may begin: its own `budget:` is reached or cannot be read; empty when one may."""
    limits = fields.budget(item)
    return _over(item, limits, account) if limits is not None else UNREADABLE


def over_now(item: Item, account: Account) -> str:
    """Why the turn that runs may not go on; its own begin was allowed, so turns are not counted again."""
    limits = fields.budget(item)
    return _over(item, replace(limits, turns=None), account) if limits is not None else ""


def _over(item: Item, limits: Limits, account: Account) -> str:
    found = reached(limits, account.items.get(item.id, Spent()))
    return f"has reached its budget: {found[1]}; raise its budget: to go on" if found else ""


def left(item: Item, account: Account) -> float | None:
    """Minutes that the item's own budget leaves it, None without such a limit."""
    limits = fields.budget(item)
    if limits is None or limits.minutes is None:
        return None
    return max(0.0, limits.minutes - account.items.get(item.id, Spent()).minutes)


NAMES = {"turns": "turns", "minutes": "minutes", "tokens": "tokens", "usd": "USD"}
SHORT = NAMES | {"minutes": "min"}


def _amounts(limits: Limits, spent: Spent) -> list[tuple[str, float, float | None, int]]:
    """Each limit that is set: its name, how much it is, how much is known to be spent, how many turns told nothing."""
    pairs = (
        ("turns", limits.turns, spent.turns, 0),
        ("minutes", limits.minutes, spent.minutes, 0),
        ("tokens", limits.tokens, spent.tokens, spent.no_tokens),
        ("usd", limits.usd, spent.usd, spent.no_usd),
    )
    return [(name, limit, used, dark) for name, limit, used, dark in pairs if limit is not None]


def _full(name: str, amount: float) -> str:
    if name == "usd":
        return f"{amount:.2f}"
    return f"{amount:.2g}" if name == "minutes" and amount < 10 else f"{amount:,.0f}"


def _short(name: str, amount: float) -> str:
    return f"{int(amount) // 1000}k" if name == "tokens" else f"{amount:.2f}" if name == "usd" else f"{amount:.0f}"
