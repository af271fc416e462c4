"""The link between an item and the task it was taken from: the field `origin: PATH#NAME`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cockpit.clean import line
from cockpit.spec import Document, Item, Kind, Mark, edit, parse
from cockpit.track.tasks import Task


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an item came from: a file, relative to the repository's root when it lies in it, and the task's name."""

    path: str
    name: str

    def __str__(self) -> str:
        return f"{self.path}#{self.name}"


@dataclass(frozen=True, slots=True)
class Taken:
    """What an import made of a file: the new document, ids of the new items, and how many tasks were left out."""

    data: bytes
    ids: tuple[str, ...]
    known: int
    """Tasks that the spec has already, by their origin."""
    done: int
    """Tasks that are done where they come from."""


def origin(item: Item) -> Origin | None:
    """Where the item came from; None when it was written here."""
    path, hash, name = item.value("origin").rpartition("#")
    return Origin(path, name) if hash and path and name else None


def take(data: bytes, path: str, tasks: Sequence[Task], *, section: Kind = Kind.QUEUE) -> Taken:
    """Open items for the open tasks of a file, last in `section`, each with its origin and what it waits for.

    A task that the spec has already is not taken again, so an import may be repeated. Words from the file are cleaned.
    """
    have = {str(found): item.id for item in parse(data).walk() if (found := origin(item)) is not None}
    known = sum(str(Origin(path, task.name)) in have for task in tasks)
    done = sum(task.done and str(Origin(path, task.name)) not in have for task in tasks)
    new = [task for task in tasks if not task.done and str(Origin(path, task.name)) not in have]
    ids = {name.rpartition("#")[2]: id for name, id in have.items()}
    taken: list[str] = []
    for task in new:
        data, id = edit.add_item(data, line(task.text, 400), section=section)
        data = edit.set_field(data, id, "origin", str(Origin(path, task.name)))
        ids[task.name] = id
        taken.append(id)
    for task, id in zip(new, taken, strict=True):
        waits = [ids[name] for name in task.after if name in ids and ids[name] != id]
        if waits:
            data = edit.set_field(data, id, "after", ", ".join(waits))
    return Taken(data, tuple(taken), known, done)


def due(document: Document) -> list[tuple[Item, Origin]]:
    """Items that are done and came from a task file: their tasks are to be ticked there."""
    found = ((item, origin(item)) for item in document.walk() if item.mark is Mark.DONE)
    return [(item, where) for item, where in found if where is not None]
