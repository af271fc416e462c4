"""Reading JSON of other programs, where anything may be anything: what isn't as expected is nothing, never an error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import msgspec

Table = dict[str, Any]


def table(data: bytes | str) -> Table | None:
    """The JSON object in `data`; None when it is none, or no JSON at all."""
    try:
        value = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
    return cast(Table, value) if isinstance(value, dict) else None


def get(value: object, *path: str) -> Any:  # noqa: ANN401 - it is foreign JSON
    """The value below `path`, None as soon as a step is missing or not a table."""
    for key in path:
        if not isinstance(value, dict):
            return None
        value = cast(Table, value).get(key)
    return value


def text(value: object) -> str:
    """The value if it is a text, else nothing."""
    return value if isinstance(value, str) else ""


def tables(value: object) -> Iterator[Table]:
    """The tables in a list; nothing for anything else."""
    if isinstance(value, list):
        yield from (cast(Table, entry) for entry in cast(list[object], value) if isinstance(entry, dict))


def entries(value: object) -> Iterator[tuple[str, object]]:
    """The entries of a table; nothing for anything else."""
    if isinstance(value, dict):
        yield from cast(Table, value).items()


def count(value: object) -> int | None:
    """The value if it is a whole number from 0."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def amount(value: object) -> float | None:
    """The value if it is a number from 0."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0 else None


def words(value: object) -> str:
    """All text in a value: itself, the texts of its parts, of lists of them."""
    match value:
        case str():
            return value
        case list():
            return "\n".join(filter(None, (words(part) for part in cast("list[object]", value)[:64])))
        case dict():
            for key in ("text", "content", "output", "llmContent", "stdout"):
                if found := words(cast(Table, value).get(key)):
                    return found
            return ""
        case _:
            return ""
