"""What each writer of the stress run meant, one JSON line an edit, and what became of it in the document at the end.

Every edit must stand in the document, or have been replaced by an edit that saw it, or stand in a `conflict:`. Names
and values are words that come once in the whole run, so that is a matter of looking.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from cockpit.spec import Item, parse

_CONFLICT = re.compile(r"conflict: (.*)")


class Edit(msgspec.Struct, frozen=True, omit_defaults=True):
    """One meant edit. `set` gives an aspect of the item `name` a value; `line` puts the word `value` into prose.

    An `undo` replaces what it saw, or does not: where several blind editors went on from one version, it cannot be
    told whose undo a save of that version is, and everything stays (docs/concurrency.md).
    """

    by: str
    kind: Literal["insert", "delete", "set", "move", "line", "settle", "undo"]
    name: str = ""
    aspect: str = ""
    value: str = ""
    saw: dict[str, str] = {}
    """What this edit replaced, by aspect: for a delete all of them, with the lines `conflict:` as they stood there."""


class Log:
    """A writer's own file: its edits, the blobs it saved (`save`) and made them from (`made`), its acts (`act`)."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def say(self, edits: Iterable[Edit], **more: str) -> None:
        """Note what was done. Called when it is done, never before."""
        with self.path.open("ab") as file:
            for edit in edits:
                file.write(msgspec.json.encode({"edit": edit}) + b"\n")
            for key, value in more.items():
                file.write(msgspec.json.encode({key: value}) + b"\n")


@dataclass(frozen=True, slots=True)
class Told:
    """All that the writers logged."""

    edits: list[Edit]
    saves: list[str]
    made: dict[str, set[str]]
    """Blob of a save to the blobs of the buffers that it was made from."""
    acts: list[str]
    notices: list[float]


def told(folder: Path) -> Told:
    """Read the logs of all writers."""
    edits: list[Edit] = []
    rest: dict[str, list[str]] = defaultdict(list)
    for path in sorted(folder.glob("*.log")):
        for line in path.read_bytes().splitlines():
            entry = msgspec.json.decode(line)
            if "edit" in entry:
                edits.append(msgspec.convert(entry["edit"], Edit))
            for key in ("save", "made", "act", "notice"):
                if key in entry:
                    rest[key].append(entry[key])
    made: dict[str, set[str]] = defaultdict(set)
    for save, _, base in (line.partition(" ") for line in rest["made"]):
        made[save].add(base)
    return Told(edits, rest["save"], made, rest["act"], [float(value) for value in rest["notice"]])


@dataclass(frozen=True, slots=True)
class Thing:
    """An item as the accounting sees it: its name is its first word, its text what follows."""

    item: Item
    aspects: dict[str, str]


def things(data: bytes) -> dict[str, Thing]:
    """The named items of a document; of a name that stands twice the first."""
    found: dict[str, Thing] = {}
    for item in parse(data).walk():
        name, _, text = item.text.partition(" ")
        aspects = {
            "text": text,
            "mark": item.mark.value,
            "why": item.value("why"),
            "conflict": " ".join(_told(data, item)),
        }
        found.setdefault(name, Thing(item, aspects))
    return found


def losses(data: bytes, edits: list[Edit]) -> Iterator[str]:
    """In words each edit that is not accounted for, and each name that stands twice."""
    final = things(data)
    names = Counter(item.text.partition(" ")[0] for item in parse(data).walk())
    ids = Counter(item.id for item in parse(data).walk())
    readmitted = {edit.name for edit in edits if edit.kind == "settle" and edit.value.startswith("removed")}
    told_twice = Counter(
        item.text.partition(" ")[0]
        for item in parse(data).walk()
        if any("removed" in line for line in _told(data, item))
    )
    for name, count in names.items():
        if count > 1 + told_twice[name] and name not in readmitted:
            yield f"doubled: {name} stands {count} times"
    yield from (f"doubled id: {id}" for id, count in ids.items() if count > 1)
    words = data.decode()
    conflicts = " ".join(_CONFLICT.findall(words)) + " "
    settled = " ".join(edit.value if edit.kind == "settle" else edit.saw.get("conflict", "") for edit in edits) + " "
    seen: dict[tuple[str, str], set[str]] = defaultdict(set)
    for edit in edits:
        for aspect, value in edit.saw.items():
            seen[edit.name, aspect].add(value)
    deleted = {edit.name for edit in edits if edit.kind == "delete" or (edit.kind == "undo" and not edit.aspect)}
    for edit in edits:
        there = final.get(edit.name)
        match edit.kind:
            case "insert" | "move":
                lost = there is None and edit.name not in deleted
            case "delete":
                told = there is not None and any("removed" in line for line in _told(data, there.item))
                lost = there is not None and not told and edit.name not in readmitted
            case "set":
                stands = there is not None and there.aspects[edit.aspect] == edit.value
                replaced = edit.value in seen[edit.name, edit.aspect]
                marked = f"marked {edit.value} " if edit.aspect == "mark" else f"{edit.value} "
                lost = not (stands or replaced or marked in conflicts or marked in settled)
            case "line":
                lost = edit.value not in words and edit.value not in seen["", "line"]
            case "settle" | "undo":
                lost = False
        if lost:
            now = there.aspects if there else "gone"
            yield f"lost: {edit.by} {edit.kind} {edit.name} {edit.aspect} {edit.value!r} saw {edit.saw}: now {now}"


def _told(data: bytes, item: Item) -> list[str]:
    """The lines `conflict:` at and below an item."""
    return _CONFLICT.findall(data[item.head.start : item.span.end].decode())
