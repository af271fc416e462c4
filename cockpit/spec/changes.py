"""What changed between two versions, as meant changes (R24, R25, R27) and as lines for the margin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from typing import Literal, cast

from cockpit.spec.change import Change, became, plain, quote
from cockpit.spec.changes_items import item_changes, pairing
from cockpit.spec.changes_text import same_sections, text_changes
from cockpit.spec.diff import matches
from cockpit.spec.front import front
from cockpit.spec.model import Budget, Controls, Document, Kind, Limits, Mute, Pin, SignalRow, SpecError
from cockpit.spec.parse import parse
from cockpit.spec.stretch import stretches

__all__ = ["Change", "changed_lines", "changes", "compare", "row_changes"]


def changes(old: bytes, new: bytes, *, rows: bool = True) -> list[Change]:
    """The meant changes from `old` to `new`, in the order of the new document; what is gone comes last.

    An item keeps its identity when it is reworded, moved or indented, with an id or without (R25). Ids that are given,
    blanks and line ends are no change. Without `rows` nothing of the live signals is told: they are the engine's, and
    ride along with whatever is committed next. A version that does not parse gives none: the last good one stays in
    force.
    """
    if old == new:
        return []
    try:
        return compare(parse(old), parse(new), rows=rows)
    except SpecError:
        return []


def compare(before: Document, after: Document, *, rows: bool = True) -> list[Change]:
    """The meant changes between two documents, as `changes`."""
    if before.data == after.data:
        return []
    old, new = stretches(before, after)
    items = pairing(old, new, same_sections(old, new))
    found = [
        *_controls(before, after),
        *_goal(before, after),
        *(row_changes(before, after) if rows else ()),
        *_orders(before.mutes, after.mutes, "muted", _heading(before, after, Kind.MUTED)),
        *_orders(before.pins, after.pins, "pinned", _heading(before, after, Kind.PINNED)),
        *item_changes(items),
        *text_changes(old, new, items),
    ]
    return sorted(found, key=lambda change: (not change.line, change.line))


def changed_lines(old: bytes, new: bytes) -> dict[int, Literal["added", "changed"]]:
    """Lines of `new`, from 1, that are not in `old`: `changed` where they stand for old ones, else `added`."""
    before, after = old.split(b"\n"), new.split(b"\n")
    marks: dict[int, Literal["added", "changed"]] = {}
    a = b = 0
    for x, y in [*matches(before, after), (len(before), len(after))]:
        marks.update(dict.fromkeys(range(b + 1, y + 1), "changed" if x > a else "added"))
        a, b = x + 1, y + 1
    return marks


def _controls(before: Document, after: Document) -> Iterator[Change]:
    was, now = dict(_settings(before.controls)), dict(_settings(after.controls))
    written = dict(front(after.data).values)
    for key in dict.fromkeys([*was, *now]):
        old, new = was.get(key, ""), now.get(key, "")
        if old != new:
            line = after.data.count(b"\n", 0, written[key].start) + 1 if key in written else 1
            words = f"{key}: {became(old, new)}" if old and new else f"{key} is {quote(new)} now" if new else ""
            yield Change("control", "", words or f"{key} {quote(old)} is gone", line, old, new)
    if was == now and _head(before) != _head(after):
        yield Change("text", "", "the front matter was edited", 1, _head(before), _head(after), "front matter")


def _settings(controls: Controls) -> Iterator[tuple[str, str]]:
    for field in fields(controls):
        value: object = getattr(controls, field.name)
        if isinstance(value, Budget):
            for prefix, limits in (("budget", value), ("budget.day", value.day)):
                amounts = ((entry.name, cast("float | None", getattr(limits, entry.name))) for entry in fields(Limits))
                yield from ((f"{prefix}.{name}", f"{amount:g}") for name, amount in amounts if amount is not None)
        elif field.name == "checks":
            for rule in controls.checks:
                yield f"checks.{rule.check}.{rule.key}".replace("checks.checks.", "checks."), ", ".join(rule.values)
        elif isinstance(value, tuple):
            yield field.name, ", ".join(cast("tuple[str, ...]", value))
        else:
            yield field.name, f"{value:g}" if isinstance(value, float) else str(value)


def _head(document: Document) -> str:
    span = front(document.data).span
    return plain(document.data[span.start : span.end].decode()) if span else ""


def _goal(before: Document, after: Document) -> Iterator[Change]:
    if plain(before.goal) == plain(after.goal):
        return
    section = after.section(Kind.GOAL)
    if before.goal and after.goal:
        words = f"the goal {became(before.goal, after.goal)}"
    else:
        words = f"the goal is {quote(after.goal)} now" if after.goal else f"the goal {quote(before.goal)} is gone"
    title = section.title if section else ""
    yield Change("goal", "", words, section.line if section and after.goal else 0, before.goal, after.goal, title)


def row_changes(before: Document, after: Document) -> Iterator[Change]:
    """Rows of the live signals by the signal's name; a clock that ticked is no change (R145)."""
    title = _heading(before, after, Kind.SIGNALS)
    was, now = _rows(before.signals), _rows(after.signals)
    for key, row in now.items():
        old, said = was.get(key), plain(f"{row.signal}: {row.state}")
        if old is None:
            yield Change("text", "", plain(f"signal {row.signal} is new: {row.state}"), row.line, "", said, title)
        elif plain(old.state) != plain(row.state):
            words = plain(f"signal {row.signal}: {became(old.state, row.state)}")
            yield Change("text", "", words, row.line, plain(f"{old.signal}: {old.state}"), said, title)
    for key, row in was.items():
        if key not in now:
            words, said = plain(f"signal {row.signal} is gone, it was {row.state}"), plain(f"{row.signal}: {row.state}")
            yield Change("text", "", words, 0, said, "", title)


def _heading(before: Document, after: Document, kind: Kind) -> str:
    section = after.section(kind) or before.section(kind)
    return section.title if section else ""


def _rows(rows: Iterable[SignalRow]) -> dict[tuple[str, int], SignalRow]:
    found: dict[tuple[str, int], SignalRow] = {}
    counts: dict[str, int] = {}
    for row in rows:
        signal = plain(row.signal)
        counts[signal] = counts.get(signal, 0) + 1
        found[signal, counts[signal]] = row
    return found


def _orders(
    before: Sequence[Mute] | Sequence[Pin], after: Sequence[Mute] | Sequence[Pin], word: str, title: str
) -> Iterator[Change]:
    """Mutes and pins by their target."""
    was, now = {entry.target: entry for entry in before}, {entry.target: entry for entry in after}
    for target, entry in now.items():
        old = was.get(target)
        said, told = _said(entry), _said(old) if old else ""
        if old is None or said != told:
            words = f"{plain(target)} is {word}{'' if old is None else ' differently'}: {said}".rstrip(": ")
            yield Change("text", _id(entry), words, entry.line, told, said, title)
    for target, entry in was.items():
        if target not in now:
            yield Change("text", _id(entry), f"{plain(target)} is no longer {word}", 0, _said(entry), "", title)


def _id(entry: Mute | Pin) -> str:
    return "" if entry.id.startswith("~") else entry.id


def _said(entry: Mute | Pin) -> str:
    if isinstance(entry, Mute):
        when = entry.until if entry.until == "always" else f"until {entry.until}"
        return plain(f"{when}: {entry.reason}" if entry.reason else when)
    return plain(entry.reason)
