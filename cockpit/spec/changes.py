"""What changed between two versions, as meant changes (R24, R25) and as lines for the margin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cockpit.spec.diff import matches
from cockpit.spec.model import Document, Item, Kind, Mark, Section, SpecError
from cockpit.spec.parse import parse

Sort = Literal[
    "added", "removed", "reworded", "marked", "moved", "split", "field", "goal", "control", "text", "correction"
]
WORDS = {
    Mark.OPEN: "open",
    Mark.RUNNING: "running",
    Mark.NEEDS_YOU: "waiting for you",
    Mark.DONE: "done",
    Mark.STRUCK: "struck",
    Mark.DEFERRED: "deferred",
    Mark.BLOCKED: "blocked",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing somebody meant. `item` is its id, empty for what is none; `line` is in the new version, 0 if gone."""

    kind: Sort
    item: str
    words: str
    line: int
    before: str = ""
    """The words as they were, empty where there were none (R24: a deletion is told with what is gone)."""
    after: str = ""
    """The words as they are, empty where there are none."""
    section: str = ""
    """Title of the section in the version that has it; for a correction the heading of the answer (R27)."""


def changes(old: bytes, new: bytes) -> list[Change]:
    """The meant changes from `old` to `new`, in the order of the new document; removals come last.

    An item is the same by its id, else by its text; a reworded one keeps its identity (R25). A version that does not
    parse gives no changes: the last good one stays in force.
    """
    if old == new:
        return []
    try:
        before, after = parse(old), parse(new)
    except SpecError:
        return []
    found = [*_controls(before, after), *_goal(before, after), *_items(before, after)]
    return found + _texts(before, after)


def changed_lines(old: bytes, new: bytes) -> dict[int, Literal["added", "changed"]]:
    """Lines of `new`, from 1, that are not in `old`: `changed` where they stand for old ones, else `added`."""
    before, after = old.split(b"\n"), new.split(b"\n")
    marks: dict[int, Literal["added", "changed"]] = {}
    a = b = 0
    for x, y in [*matches(before, after), (len(before), len(after))]:
        marks.update(dict.fromkeys(range(b + 1, y + 1), "changed" if x > a else "added"))
        a, b = x + 1, y + 1
    return marks


def _controls(before: Document, after: Document) -> list[Change]:
    found: list[Change] = []
    for name in ("loop", "mode", "agent", "model", "verify", "wip", "review", "timeout", "protect", "budget"):
        was, now = getattr(before.controls, name), getattr(after.controls, name)
        if was != now:
            found.append(Change("control", "", f"{name}: {was} became {now}", 1))
    return found


def _goal(before: Document, after: Document) -> list[Change]:
    if before.goal == after.goal:
        return []
    section = after.section(Kind.GOAL)
    words = after.goal.split("\n")[0] if after.goal else "the goal is gone"
    return [Change("goal", "", f"goal: {words}", section.line if section else 0)]


def _items(before: Document, after: Document) -> list[Change]:
    was = {item.id: item for item in before.walk()}
    texts = {item.text: item for item in before.walk()}
    found: list[Change] = []
    kept: set[str] = set()
    for item in after.walk():
        old = was.get(item.id) or texts.get(item.text)
        if old is None or old.id in kept:
            found.append(Change("added", item.id, f"added {_name(item)}", item.line))
            continue
        kept.add(old.id)
        found.extend(_item(old, item))
    found.extend(Change("removed", id, f"removed {_name(item)}", 0) for id, item in was.items() if id not in kept)
    return found


def _item(old: Item, new: Item) -> list[Change]:
    found: list[Change] = []
    if old.mark is not new.mark:
        found.append(Change("marked", new.id, f"{_name(new)} is {WORDS[new.mark]}", new.line))
    if old.text != new.text:
        found.append(Change("reworded", new.id, f"{old.text} became {new.text}", new.line))
    if old.section is not new.section:
        place = new.section.value if new.section else "another section"
        found.append(Change("moved", new.id, f"{_name(new)} moved to {place}", new.line))
    for key in dict.fromkeys([entry.key for entry in (*old.fields, *new.fields)]):
        if old.values(key) != new.values(key):
            value = new.values(key)[-1] if new.values(key) else "removed"
            found.append(Change("field", new.id, f"{_name(new)}, {key}: {value}", new.line))
    return found


def _texts(before: Document, after: Document) -> list[Change]:
    """Sections that hold neither items nor what is told above, by their words."""
    told = (Kind.GOAL, Kind.SIGNALS, Kind.QUEUE, Kind.BACKLOG, Kind.PENDING, Kind.DONE)
    was = {section.title: _body(before, section) for section in before.sections if section.kind not in told}
    found: list[Change] = []
    for section in after.sections:
        if section.kind in told:
            continue
        if section.title not in was:
            found.append(Change("text", "", f"new section {section.title}", section.line))
        elif was[section.title] != _body(after, section):
            found.append(Change("text", "", f"{section.title} was edited", section.line))
    gone = was.keys() - {section.title for section in after.sections}
    return found + [Change("text", "", f"section {title} is gone", 0) for title in was if title in gone]


def _body(document: Document, section: Section) -> bytes:
    return document.data[section.body.start : section.body.end].strip()


def _name(item: Item) -> str:
    return f"{item.id} {item.text}" if item.touched else item.text
