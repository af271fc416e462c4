"""The OpenSpec change that an item goes by: its `openspec:`, else the change whose task it is (R241, R244). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath

from cockpit.spec.item import Item

PAGES = ("proposal.md", "design.md", "tasks.md")
LISTED = ("openspec/changes/*/proposal.md", "openspec/changes/*/tasks.md")
"""The files by which the changes of a repository are known."""
_FOLDER = re.compile(r"(?!.*\.\.)\w[\w.-]*(?:/\w[\w.-]*)*")
_CHANGE = re.compile(r"(?:^|/)changes/(?:archive/)?[^/]+\Z")


@dataclass(frozen=True, slots=True)
class Linked:
    """A change, from the repository's top."""

    folder: str
    task: str
    """The task or group of its tasks.md that is the item's, `1.2` or `1`; empty for all of them."""
    asked: bool
    """The item says `openspec:`: its tasks are the change's. Else it is one of them itself, by its `origin:`."""

    @property
    def tasks(self) -> str:
        """The file of its tasks."""
        return f"{self.folder}/tasks.md"

    def covers(self, name: str) -> bool:
        """Whether a task of that file is the item's."""
        return not self.task or name == self.task or name.startswith(f"{self.task}.")


def changes(files: Iterable[PurePath]) -> tuple[str, ...]:
    """The names of the changes that these files (`LISTED`) are of; those in the archive are done."""
    return tuple(
        sorted({name for file in files if (name := file.parent.name) != "archive" and _FOLDER.fullmatch(name)})
    )


def linked(item: Item) -> Linked | None:
    """`openspec: add-x`, `openspec: add-x#2`, `openspec: openspec/changes/add-x`; None where it names none."""
    name, _, task = item.value("openspec").strip().strip("`").partition("#")
    name = name.strip().rstrip("/").removesuffix("/tasks.md")
    if name:
        folder = name if "/" in name else f"openspec/changes/{name}"
        return Linked(folder, task.strip(), asked=True) if _FOLDER.fullmatch(folder) else None
    path, _, task = item.value("origin").strip().strip("`").rpartition("#")
    folder = path.removesuffix("/tasks.md")
    return Linked(folder, task, asked=False) if folder != path and _CHANGE.search(folder) else None
