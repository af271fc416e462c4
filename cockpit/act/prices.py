"""What tokens cost, by data that ages and that the human may replace (`prices.toml`; R157).

An agent that tells its costs is believed; a model without a price has none, never a price of nothing (R195).
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path

import msgspec
import platformdirs

from cockpit.errors import CockpitError
from cockpit.spent import Part, Usage

OURS = Path(__file__).with_name("prices.toml")


class Price(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one model costs, in US dollars a million tokens; what is None costs as what is read."""

    read: float = msgspec.field(name="in")
    out: float
    date: str
    """When the price list said so: `2026-10`."""
    cached: float | None = None
    stored: float | None = None

    def of(self, part: Part) -> float:
        """The price of these tokens in US dollars."""
        cached = self.read if self.cached is None else self.cached
        stored = self.read if self.stored is None else self.stored
        sums = part.read * self.read + part.cached * cached + part.stored * stored + part.out * self.out
        return sums / 1_000_000


Prices = Mapping[str, Price]
"""Glob on a model's name to what it costs."""


def prices(root: Path) -> Prices:
    """All prices that are known in the repository at `root`: ours, over them the user's, over these the repository's.

    Raises CockpitError that names the file and what is wrong with it.
    """
    found: dict[str, Price] = {}
    for file in files(root):
        try:
            stat = file.stat()
        except OSError:
            continue
        found |= _read(file, stat.st_mtime_ns, stat.st_size)
    return found


def files(root: Path) -> list[Path]:
    """Where prices are read from, the later over the earlier."""
    return [OURS, Path(platformdirs.user_config_dir("cockpit")) / "prices.toml", root / ".cockpit" / "prices.toml"]


@functools.lru_cache(maxsize=16)
def _read(file: Path, _changed: int, _size: int) -> dict[str, Price]:
    try:
        return msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), type=dict[str, Price], strict=False)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise CockpitError(f"prices cannot be read: {error}", where=str(file), remedy="correct that key") from error


def price_of(model: str, known: Prices) -> Price | None:
    """The price of a model, by its name without the provider (`openai/gpt-5.2` is `gpt-5.2`), None when unknown."""
    names = (model, model.rpartition("/")[2])
    fits = [glob for glob in known if any(fnmatchcase(name, glob) for name in names)]
    return known[max(fits, key=len)] if model and fits else None


def priced(used: Usage, known: Prices) -> Usage:
    """The same with its money: what the agent told, else what its tokens cost by these prices, else unknown.

    A told cost of nothing for tokens that were used means that the agent's own list lacks the model.
    """
    if used.usd or (used.usd == 0 and not used.tokens):
        return used
    costs = [(price_of(part.model, known), part) for part in used.parts]
    sums = [price.of(part) for price, part in costs if price is not None]
    return replace(used, usd=sum(sums) if sums and len(sums) == len(costs) else None)


def listed(used: Usage, known: Prices) -> tuple[tuple[str, str], ...]:
    """The models whose price `priced` takes from these lists, each with the date of its list."""
    if used.usd or priced(used, known).usd is None:
        return ()
    prices = ((part.model, price_of(part.model, known)) for part in used.parts)
    return tuple((model, price.date) for model, price in prices if price is not None)
