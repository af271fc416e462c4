"""What was spent by turns, and in sum; who pays is told apart: a key, a subscription, unknown (R157). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from cockpit.select.budgets import Spent
from cockpit.spent import Billing

PAYERS: Mapping[Billing, str] = {"api": "api", "subscription": "subscription", "": "?"}
"""Who pays, in one word; a subscription's money is what its tokens would have cost."""


@dataclass(frozen=True, slots=True)
class Billed:
    """One turn: who worked, with which models as far as they are told, when it was dispatched (epoch seconds)."""

    item: str
    turn: int
    text: str
    agent: str
    models: tuple[str, ...]
    at: float
    billing: Billing
    spent: Spent
    listed: tuple[tuple[str, str], ...] = ()
    """Models whose tokens were priced by a list, each with the list's date; none where the agent told its money."""
    opinion: bool = False
    """It gave an opinion of that turn's result."""

    @property
    def day(self) -> str:
        """The local day of its dispatch, `2026-11-21`."""
        return f"{datetime.fromtimestamp(self.at):%Y-%m-%d}"


@dataclass(frozen=True, slots=True)
class Bill:
    """The sum of some turns, and its parts by who pays, in the order of `PAYERS`."""

    whole: Spent
    parts: Mapping[Billing, Spent]


def bill(turns: Iterable[Billed]) -> Bill:
    """What these turns come to."""
    parts: dict[Billing, Spent] = {}
    for turn in turns:
        parts[turn.billing] = parts.get(turn.billing, Spent()) + turn.spent
    whole = sum(parts.values(), Spent())
    return Bill(whole, {payer: parts[payer] for payer in PAYERS if payer in parts})


def words(found: Bill) -> str:
    """`2 turns, 14 min, 924k tokens (120k in, 800k cached, 4k out), 0.41 USD api`; what is unknown is `?`."""
    whole = found.whole
    turns = f"{whole.turns} turn{'s' * (whole.turns != 1)}"
    money = ", ".join(f"{usd(part)} USD {_paid(payer)}" for payer, part in found.parts.items())
    return ", ".join(part for part in (turns, used(whole), money) if part)


def turn_words(turn: Billed) -> str:
    """`turn 2, codex gpt-5.2: 12 min, 140k tokens (20k in, 118k cached, 2k out), 0.41 USD on a subscription`."""
    who = " ".join((turn.agent, *turn.models))
    return f"turn {turn.turn}, {who}: {used(turn.spent)}, {usd(turn.spent)} USD {_paid(turn.billing)}"


def used(spent: Spent) -> str:
    """Time and tokens in words."""
    flow = spent.flow
    parted = (
        f" ({short(flow.read + flow.stored)} in, {short(flow.cached)} cached, {short(flow.out)} out)" if flow else ""
    )
    return f"{minutes(spent.minutes)}, {tokens(spent)} tokens{parted}"


def tokens(spent: Spent) -> str:
    """The tokens that are known; `+`: some turns told nothing; `?`: none did."""
    return "?" if spent.tokens is None else short(spent.tokens) + "+" * bool(spent.no_tokens)


def usd(spent: Spent) -> str:
    """The money that is known, in US dollars, with the same signs."""
    return "?" if spent.usd is None else f"{spent.usd:.2f}" + "+" * bool(spent.no_usd)


def short(count: int) -> str:
    """A number of tokens: `850`, `12k`, `1.2M`."""
    return f"{count / 1e6:.1f}M" if count >= 999_500 else f"{count / 1000:.0f}k" if count >= 1000 else str(count)


def minutes(count: float) -> str:
    """A time in words: `<1 min`, `14 min`, `2 h 5 min`; what runs is not said anew each second."""
    whole = int(count)
    return f"{whole} min" if 0 < whole < 60 else f"{whole // 60} h {whole % 60} min" if whole else "<1 min"


def _paid(payer: Billing) -> str:
    return {"api": "by a key", "subscription": "on a subscription", "": "(who pays is not told)"}[payer]
