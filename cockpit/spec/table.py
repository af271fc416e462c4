r"""The table of `## Live Signals`: rows of a pipe table, cells by the words of its head; `\|` is a pipe (R142)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cockpit.spec.item import Span
from cockpit.spec.plain import SignalRow
from cockpit.spec.scan import Row

COLUMNS = ("signal", "state", "since", "action")

_STAMP = re.compile(r"\d\d-\d\d \d\d:\d\d")
"""Month, day and local time: how the engine says since when, and nobody else needs to."""
_CELL = re.compile(r"(?<!\\)\|")
_DELIMITER = re.compile(r"\s*:?-+:?\s*")


@dataclass(frozen=True, slots=True)
class Table:
    """A pipe table: the words of its head in lower case, and its rows as they stand."""

    head: tuple[str, ...]
    body: Span
    """From after the line of dashes to the end of the last row."""
    rows: tuple[SignalRow, ...]

    @property
    def own(self) -> tuple[SignalRow, ...]:
        """The rows that the engine keeps, told by the form of their Since; all where the table has no such column."""
        return tuple(row for row in self.rows if "since" not in self.head or _STAMP.fullmatch(row.since))


def find_table(data: bytes, lines: list[Row]) -> Table | None:
    """The first table among these lines; None when no head stands above a line of dashes."""
    for index in range(len(lines) - 1):
        top, dashes = lines[index], lines[index + 1]
        if dashes.line == top.line + 1 and _is_delimiter(data[dashes.start : dashes.end].decode()):
            break
    else:
        return None
    head = tuple(cell.casefold() for cell in cells(data[top.start : top.end].decode()))
    rows: list[SignalRow] = []
    end = dashes.end
    for number, line in enumerate(lines[index + 2 :], start=dashes.line + 1):
        if line.line != number:
            break
        named = dict(zip(head, cells(data[line.start : line.end].decode()), strict=False))
        signal, state, since, action = (named.get(name, "") for name in COLUMNS)
        rows.append(SignalRow(signal, state, since, action, line.line, Span(line.start, line.end)))
        end = line.end
    return Table(head, Span(dashes.end, end), tuple(rows))


def cells(row: str) -> list[str]:
    """The cells of a table row, stripped."""
    inner = row.strip().removeprefix("|")
    if inner.endswith("|") and not inner.endswith("\\|"):
        inner = inner[:-1]
    return [cell.strip().replace("\\|", "|") for cell in _CELL.split(inner)]


def row(texts: list[str]) -> str:
    """A table row of these cells, each on one line."""
    return "| " + " | ".join(" ".join(text.split()).replace("|", "\\|") for text in texts) + " |"


def _is_delimiter(line: str) -> bool:
    inner = line.strip().removeprefix("|").removesuffix("|")
    return all(_DELIMITER.fullmatch(cell) for cell in inner.split("|"))
