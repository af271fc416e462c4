"""What a delegate asks leave for and what it was told, as files of its turn's folder.

`permission.json` is the request that stands. `permits.ndjson` holds the answers that the engine handed over, each once;
`permitted.ndjson` what the runner did with each request. Both are append-only, one JSON object a line.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import msgspec

from cockpit import facts
from cockpit.clean import line
from cockpit.facts import Permission

MOST = 8000
"""Characters of a request that are kept; longer ones no rule grants."""


class Permit(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An answer on its way to the agent; epoch seconds."""

    id: str
    allow: bool
    scope: Literal["once", "turn"] = "once"
    words: str = ""
    rule: str = ""
    """The standing rule that granted it; empty when the human did."""
    at: float


class Permitted(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of a request; epoch seconds."""

    id: str
    outcome: Literal["allowed", "denied", "over"]
    """`over`: the agent went on or away without an answer."""
    what: str
    """The request in words."""
    rule: str = ""
    scope: Literal["once", "turn"] = "once"
    words: str = ""
    at: float


def words(asked: Permission, most: int = 300) -> str:
    """A request on one line: `run: rm -rf build`. A long one keeps both ends, for what matters may be the last word."""
    head = asked.kind if asked.kind != "other" else line(asked.tool, 40) or "use a tool"
    flat = line(asked.what.replace("\n", " ⏎ "), MOST)
    if len(flat) > most:
        cut = len(flat) - most
        flat = f"{flat[: most // 2]} … {cut} more characters … {flat[-(most // 2) :]}"
    return f"{head}: {flat}"


def send(folder: Path, permit: Permit) -> bool:
    """Hand an answer over; False when that request has one already. Raises OSError when it cannot be written."""
    if any(permit.id == known.id for known in sent(folder)):
        return False
    facts.append(folder / "permits.ndjson", [permit])
    return True


def sent(folder: Path) -> list[Permit]:
    """All answers of the turn, in order."""
    return facts.lines(folder / "permits.ndjson", Permit)


def settle(folder: Path, done: Iterable[Permitted]) -> None:
    """Record what became of requests. Raises OSError when it cannot be written."""
    facts.append(folder / "permitted.ndjson", list(done))


def settled(folder: Path) -> list[Permitted]:
    """What became of the turn's requests so far, in order."""
    return facts.lines(folder / "permitted.ndjson", Permitted)


def stand(folder: Path, asked: Permission | None) -> None:
    """Show this request as the one that stands, or none. Raises CockpitError when it cannot be written."""
    if asked is not None:
        facts.write(folder, asked)
    else:
        with contextlib.suppress(OSError):
            (folder / facts.NAMES[Permission]).unlink()
