"""What the values of an item's fields mean: one reading, for the brief that tells it and the check that holds it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from cockpit.spec.item import Item, Part
from cockpit.spec.plain import Controls, Limits
from cockpit.spec.words import STEP, WORDS, code, leading_code

_RECEIPT = re.compile(r" \(delivered \d{4}-\d\d-\d\d \d\d:\d\d\)$")


def ids(item: Item | Part, key: str) -> list[str]:
    """The ids its fields of that name give, in order; with or without `^`, `#`, brackets, commas, backticks."""
    words = [word.strip("^#[]()") for value in item.values(key) for word in re.split(r"[\s,`]+", value)]
    return [word for word in words if word]


def after_ids(item: Item | Part) -> list[str]:
    """The ids an item's `after:` fields name."""
    return ids(item, "after")


def accept_ids(item: Item) -> list[str]:
    """The acceptance criteria that its `accept:` fields say the result must meet."""
    return ids(item, "accept")


def globs(text: str) -> tuple[str, ...]:
    """The globs in a field's value: parted by commas or spaces (not in braces), backticks and [] taken off."""
    text = text.strip()
    if text.startswith("[") and text.endswith("]"):
        text = text[1:-1]
    parts = re.findall(r"(?:\{[^{}]*\}|[^,\s])+", text.replace("`", " "))
    return tuple(part.strip("\"'") for part in parts if part.strip("\"'"))


def paths(item: Item) -> tuple[str, ...]:
    """Globs of the item's `paths:` fields: what its delegate may change."""
    return globs(", ".join(item.values("paths")))


def protected(item: Item, controls: Controls) -> tuple[str, ...]:
    """Globs that its delegate may not change: the spec's and the item's own; `protect: none` switches them off."""
    own = item.value("protect").strip()
    if own.strip("`").lower() == "none":
        return ()
    return tuple(dict.fromkeys((*controls.protect, *globs(own))))


def steers(item: Item) -> list[str]:
    """The item's steer messages that have no receipt yet."""
    return [text for text in item.values("steer") if not _RECEIPT.search(text)]


def kind(item: Item) -> str:
    """`impl`, `ops` or `data`; a word that means none of them is told as a problem and is `impl`."""
    word = item.value("kind").strip().strip("`").lower()
    return WORDS["kind"].get(word, "impl")


def worldly(item: Item) -> bool:
    """Whether the item changes the world and not the code: `kind: ops` or `kind: data` (R281)."""
    return kind(item) != "impl"


class Step(NamedTuple):
    """One command of what proves a result, and what it is called; most have no name."""

    command: str
    name: str = ""

    @property
    def title(self) -> str:
        """``unit `pytest -q` ``, or the command alone."""
        return f"{self.name} {code(self.command)}" if self.name else code(self.command)


def steps(item: Item | None, controls: Controls) -> list[Step]:
    """What proves the item's result, in order: its `verify:`, else the spec's; empty when nothing is named.

    All of them have to pass. An ops or data item has its `state:` instead, else its own `verify:`, never the spec's.
    """
    keys = ("state", "verify") if item is not None and worldly(item) else ("verify",)
    for key in keys:
        if own := steps_of(item.values(key) if item else ()):
            return own
    return [] if item is not None and worldly(item) else steps_of(controls.verify)


def commands(item: Item | None, controls: Controls) -> list[str]:
    """The commands of `steps`."""
    return [step.command for step in steps(item, controls)]


def steps_of(values: Iterable[str]) -> list[Step]:
    """What these values of `verify:` name: a command, bare or as a code span, with a name before it; several code spans
    in a row, as a list of bullets gives them, are several.
    """
    return [step for value in values for step in (_spans(value.strip()) or [Step(_bare(value))]) if step.command]


def _spans(value: str) -> list[Step]:
    """The steps in a row of code spans, each with or without `name:`; none when the value is anything else."""
    found: list[Step] = []
    while value:
        name, colon, rest = value.partition(":")
        if not (colon and STEP.fullmatch(name.strip()) and rest.strip().startswith("`")):
            name, rest = "", value
        command, value = leading_code(rest.strip())
        found.append(Step(command.strip(), name.strip()))
        if not command or (value and not value.startswith(",")):
            return []
        value = value.removeprefix(",").strip()
    return found


def _bare(command: str) -> str:
    """A command without the backticks around it."""
    return command.strip().strip("`").strip()


def minutes(item: Item, controls: Controls) -> float | None:
    """How long its agent and its verification may run: the item's `timeout:`, else the spec's. None for no number."""
    words = item.value("timeout").strip().strip("`").removesuffix("min").removesuffix("m").strip()
    try:
        found = float(words) if words else controls.timeout
    except ValueError:
        return None
    return found if 0 < found < 100_000 else None


def opinion(item: Item, controls: Controls) -> str:
    """The agent whose opinion of its result is asked: the item's `opinion:`, else the spec's; empty for none (R190)."""
    name = (item.value("opinion") or controls.opinion).strip().strip("`").strip()
    return "" if name in ("none", "off", "no") else name


def rounds(item: Item, controls: Controls) -> int:
    """After how many rounds its line stops: the item's `rounds:` if that is a number from 1, else the spec's."""
    words = item.value("rounds").strip().strip("`")
    return int(words) if words.isdecimal() and 0 < int(words) < 1000 else controls.rounds


_AMOUNT = re.compile(r"\$?(\d[\d,_]*(?:\.\d+)?)([kM]?)[ \t]*(turns?|m|min|minutes?|tokens?|usd|USD|\$)?\Z")
_UNITS = {"t": "turns", "m": "minutes", "to": "tokens", "u": "usd", "$": "usd"}


def budget(item: Item) -> Limits | None:
    """What the item's delegates may spend in all its turns: `3 turns, 20 minutes, 200k tokens, 2 usd`.

    No limits where it says nothing, None where a part of it means nothing or stands twice.
    """
    found: dict[str, float] = {}
    for words in (part.strip(" `{}") for value in item.values("budget") for part in re.split(r",(?!\d)|;", value)):
        match = _AMOUNT.match(words)
        unit = (match[3] or ("$" if words.startswith("$") else "")).lower() if match else ""
        name = _UNITS.get(unit[:2], _UNITS.get(unit[:1], ""))
        if match is None or not name or name in found or (match[2] and name != "tokens"):
            return None
        scale = {"": 1, "k": 1_000, "M": 1_000_000}[match[2]]
        found[name] = float(match[1].replace(",", "").replace("_", "")) * scale
    whole = {name: int(found[name]) for name in ("turns", "tokens") if name in found}
    return Limits(whole.get("turns"), found.get("minutes"), whole.get("tokens"), found.get("usd"))


_NOTE = re.compile(r"see the (?:findings of the review|comment|\d+ comments)\Z")


def stand_in(comments: int) -> str:
    """The note of an iterate that came without words: what the next turn is to look at."""
    if not comments:
        return "see the findings of the review"
    return "see the comment" if comments == 1 else f"see the {comments} comments"


def is_stand_in(note: str) -> bool:
    """Whether nobody said that: it stands in for words."""
    return _NOTE.match(note.strip()) is not None
