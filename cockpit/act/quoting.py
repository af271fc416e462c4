"""What a brief quotes of the system: the parts that the item is made out of, the result that it is like. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cockpit.clean import line

LONGEST = 4000
"""Characters of one part."""
DIFF = 8000
"""Characters of the diff of a result."""
WIDEST = 300
"""Characters of one line."""
FILES = 30
"""Files of a result that are named."""
PARTS = 5
"""Parts that are quoted."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """A part of the system, as `from:` names it."""

    place: str
    """`src/a.py:12-20 at 3f9c2a1b7d04`."""
    text: str
    """What it says; empty when it cannot be read."""
    note: str = ""
    """What became of it since, or why there is no text."""
    form: str = ""
    """The language of the fence: `diff`."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """What came of the item that this one is like."""

    id: str
    text: str = ""
    merged: str = ""
    """`3f9c2a1b7d04 (Merge delegate/q1: ...)`; empty when it was not merged."""
    summary: str = ""
    """Of its delegate's answer."""
    files: Sequence[str] = ()
    diff: str = ""
    note: str = ""
    """Why something of it is missing."""


def parts(quotes: Sequence[Quoted]) -> str:
    """Where the item comes from, each part behind the words that say what it is; what is quoted opens no structure."""
    told = [_part(quote) for quote in quotes[:PARTS]]
    if len(quotes) > PARTS:
        told.append(f"and {len(quotes) - PARTS} more: {', '.join(f'`{one.place}`' for one in quotes[PARTS:])}")
    return "\n\n".join(told)


def _part(quote: Quoted) -> str:
    head = f"`{line(quote.place.replace('`', ''), 300)}`"
    note = f" ({line(quote.note, 300)})" if quote.note else ""
    return f"{head}{note}:\n\n{fence(quote.text, LONGEST, quote.form)}" if quote.text.strip() else f"{head}{note}."


def pattern(like: Pattern) -> str:
    """The result to reuse: its merge, what its delegate said of it, its files and its diff."""
    name = f"`{like.id}`" + (f" ({line(like.text, 200)})" if like.text else "")
    if not like.merged:
        return (
            f"{name} {line(like.note, 200) or 'has no merged result'}: it was named as the pattern, go on without it."
        )
    rows = [
        f"This is to be done as {name} was, which works and was merged as {line(like.merged, 200)}. Reuse what it made "
        "in the new role, as far as that fits: extend or call it rather than write it a second time."
    ]
    if like.summary:
        said = "\n".join(f"> {row}" for row in _bounded(like.summary, 1000).split("\n"))
        rows.append(f"Its delegate said of it:\n\n{said}")
    if like.files:
        more = f"\n- and {len(like.files) - FILES} more" if len(like.files) > FILES else ""
        rows.append("It changed:\n\n" + "\n".join(f"- `{line(path, 200)}`" for path in like.files[:FILES]) + more)
    if like.diff.strip():
        rows.append(f"Its diff:\n\n{fence(like.diff, DIFF, 'diff')}")
    if like.note:
        rows.append(line(like.note, 300))
    return "\n\n".join(rows)


def fence(text: str, most: int = 0, form: str = "") -> str:
    """The text in a fence that nothing in it can close, cut at `most` characters (0: never); `form` is its language."""
    words = _bounded(text.strip("\n"), most) if most else text.strip("\n")
    ticks = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", words)), default=0))
    return f"{ticks}{form}\n{words}\n{ticks}"


def _bounded(text: str, most: int) -> str:
    """The first lines, none of them too wide, and how many are left out."""
    kept, room = list[str](), most
    lines = text.split("\n")
    for row in lines:
        row = row.rstrip("\r")
        row = row if len(row) <= WIDEST else f"{row[: WIDEST - 1]}…"
        room -= len(row) + 1
        if room < 0 and kept:
            return "\n".join([*kept, f"… and {len(lines) - len(kept)} lines more"])
        kept.append(row)
    return "\n".join(kept)
