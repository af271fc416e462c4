"""The command that says what was used, by whom, and who pays for it; told by the facts, engine up or down (R157)."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from cockpit import select
from cockpit.clean import line
from cockpit.commands.given import Given, here
from cockpit.engine.spending import Spending, spending
from cockpit.errors import CockpitError
from cockpit.select import bills
from cockpit.spent import Part

OLD = 6
"""Months after which the list that a price is from is called old."""
HEAD = ("", "turns", "min", "tokens", "in", "cached", "out", "USD", "paid by")
WIDEST = 40

Row = tuple[str, ...]


def spent(given: Given) -> int:
    """A table: each item with its turns, each day, the loop. Unknown is `?`; `+`: some turns told nothing."""
    found, now = here(given), time.time()
    seen = spending(found, now)
    item = given.target.removeprefix("^")
    if item and item not in seen.by_item:
        raise CockpitError("no delegate has worked on it", where=line(item, 60), remedy="cockpit spent tells of all")
    if given.json:
        print(msgspec.json.format(msgspec.json.encode(as_data(seen, item)), indent=2).decode())
        return 0
    if not seen.turns:
        print("no delegate has worked yet")
        return 0
    print("\n".join([*table(seen, item), *notes(seen, item, now)]))
    return 0


def table(seen: Spending, item: str = "") -> Iterator[str]:
    """The rows, in columns as wide as they need."""
    blocks = [[row for name, turns in _items(seen, item) for row in _item(name, turns)]]
    if not item:
        blocks.append([row for day, turns in _days(seen.turns).items() for row in _bill(day, select.bill(turns))])
        since = f"loop, on since {datetime.fromtimestamp(seen.since):%m-%d %H:%M}" if seen.since else "loop"
        blocks.append(_bill(since, seen.loop))
    wide = [max(len(row[at]) for block in blocks for row in (HEAD, *block)) for at in range(len(HEAD))]
    yield _line(HEAD, wide)
    for number, block in enumerate(blocks):
        if number:
            yield ""
        yield from (_line(row, wide) for row in block)


def notes(seen: Spending, item: str, now: float) -> Iterator[str]:
    """Where the money comes from, as far as no agent told it, and what is unknown because of what."""
    turns = [turn for turn in seen.turns if not item or turn.item == item]
    said: list[str] = []
    for model, date in dict.fromkeys(pair for turn in turns for pair in turn.listed):
        age = _months(date, now)
        old = f", {age} months old: check it" if age >= OLD else ""
        said.append(f"priced by list: {line(model, 60)} as of {line(date, 20)}{old}")
    dark = [turn for turn in turns if turn.spent.no_usd]
    names = dict.fromkeys(model for turn in dark if turn.spent.tokens for model in turn.models)
    said += [f"no price known: {line(model, 60)}; put one into .cockpit/prices.toml" for model in names]
    nameless = dict.fromkeys(turn.agent for turn in dark if turn.spent.tokens and not turn.models)
    said += [f"no model told: {line(agent, 40)}; say model: in the spec to know its money" for agent in nameless]
    silent = dict.fromkeys(turn.agent for turn in turns if turn.spent.no_tokens)
    said += [f"no tokens told: {line(agent, 40)}" for agent in silent]
    payers = dict.fromkeys(turn.agent for turn in turns if not turn.billing)
    said += [f"who pays is not told: {line(agent, 40)}; say billing: in its TOML (docs/fences.md)" for agent in payers]
    said += [line(seen.trouble, 200)] if seen.trouble else []
    if said:
        yield ""
        yield from said


def as_data(seen: Spending, item: str = "") -> dict[str, object]:
    """The same as plain data; unknown is None."""
    items = [
        {
            "item": name,
            "text": turns[-1].text,
            **_bill_data(select.bill(turns)),
            "turns": [
                {
                    "turn": turn.turn,
                    **({"opinion": True} if turn.opinion else {}),
                    "at": turn.at,
                    "agent": turn.agent,
                    "models": turn.models,
                    "paid by": turn.billing or None,
                    "price list": dict(turn.listed),
                    **_spent_data(turn.spent),
                }
                for turn in turns
            ],
        }
        for name, turns in _items(seen, item)
    ]
    if item:
        return {"items": items}
    days = [{"day": day, **_bill_data(select.bill(turns))} for day, turns in _days(seen.turns).items()]
    loop = {"since": seen.since or None, **_bill_data(seen.loop)}
    return {"items": items, "days": days, "today": _bill_data(seen.day), "loop": loop}


def _items(seen: Spending, item: str) -> list[tuple[str, list[select.Billed]]]:
    return [(name, turns) for name, turns in seen.by_item.items() if not item or name == item]


def _days(turns: Sequence[select.Billed]) -> Mapping[str, list[select.Billed]]:
    found: dict[str, list[select.Billed]] = {}
    for turn in turns:
        found.setdefault(turn.day, []).append(turn)
    return found


def _item(name: str, turns: Sequence[select.Billed]) -> Iterator[Row]:
    """The item, then its turns."""
    yield from _bill(f"{line(name, 20)} {line(turns[-1].text, WIDEST)}", select.bill(turns))
    for turn in turns:
        who = " ".join((turn.agent, *(model.rpartition("/")[2] for model in turn.models)))
        what = "opinion of " if turn.opinion else ""
        yield _row(f"  {turn.turn} {what}{line(who, WIDEST)}", turn.spent, bills.PAYERS[turn.billing], turns="")


def _bill(name: str, found: select.Bill) -> list[Row]:
    """The sum, and its parts where several pay."""
    if len(found.parts) < 2:
        return [_row(name, found.whole, *(bills.PAYERS[payer] for payer in found.parts))]
    parts = (_row("", part, bills.PAYERS[payer]) for payer, part in found.parts.items())
    return [_row(name, found.whole), *parts]


def _row(name: str, spent: select.Spent, payer: str = "", turns: str | None = None) -> Row:
    flow = spent.flow or Part("")
    parted = (flow.read + flow.stored, flow.cached, flow.out)
    return (
        name[:WIDEST],
        str(spent.turns) if turns is None else turns,
        f"{spent.minutes:.1f}",
        bills.tokens(spent),
        *(bills.short(count) + "+" * bool(spent.no_tokens) if spent.flow else "?" for count in parted),
        bills.usd(spent),
        payer,
    )


def _line(row: Row, wide: Sequence[int]) -> str:
    first, last = row[0].ljust(wide[0]), row[-1]
    middle = (cell.rjust(size) for cell, size in zip(row[1:-1], wide[1:-1], strict=True))
    return "  ".join([first, *middle, last]).rstrip()


def _bill_data(found: select.Bill) -> dict[str, object]:
    parts = {payer or "unknown": _spent_data(part) for payer, part in found.parts.items()}
    return {"all": _spent_data(found.whole), "by payer": parts}


def _spent_data(spent: select.Spent) -> dict[str, object]:
    flow = spent.flow
    return {
        "turns": spent.turns,
        "minutes": round(spent.minutes, 2),
        "tokens": spent.tokens,
        "in": flow.read + flow.stored if flow else None,
        "cached": flow.cached if flow else None,
        "out": flow.out if flow else None,
        "usd": spent.usd,
        "turns without tokens": spent.no_tokens,
        "turns without usd": spent.no_usd,
    }


def _months(date: str, now: float) -> int:
    """How old a list of `2026-02` is; one whose date cannot be read is not called old."""
    try:
        then = datetime.strptime(date[:7], "%Y-%m")
    except ValueError:
        return 0
    today = datetime.fromtimestamp(now)
    return (today.year - then.year) * 12 + today.month - then.month
