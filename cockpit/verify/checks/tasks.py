"""Check 8: the boxes of tasks.md say what is so: none is ticked without work, none is lost, none is another's."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from cockpit.clean import line
from cockpit.facts import Spot
from cockpit.spec.openspec import linked
from cockpit.verify.case import Case, Change
from cockpit.verify.finding import Finding, told

REMEDY = "leave the boxes to what is done (cockpit ticks the item's own task when it is merged)"
_BOX = re.compile(r"^[ \t]*[-*+][ \t]+\[([ xX])\][ \t]+(\S.{0,500})$", re.MULTILINE)
_NUMBER = re.compile(r"T?\d+(?:\.\d+)*(?=[.\s]|$)")
Boxes = dict[str, tuple[bool, int]]
"""Words of a task to whether it is ticked, and its line."""


def tasks(case: Case) -> Finding:
    """Of every tasks.md that the branch changes. Who moves a file away (an archive) loses nothing."""
    files = [change for change in case.changes if _is_tasks(change.path) and not case.excepted("tasks", change.path)]
    origin = _origin(case)
    if not files:
        change = linked(case.item) if case.item else None
        if change is not None and change.asked:
            return Finding("pass", f"{line(change.tasks, 100)} is untouched: its boxes are as they were")
        if origin:
            return Finding("pass", f"{line(origin[0], 100)} is untouched; its task is ticked when this is merged")
        return Finding("n/a", "no tasks.md is touched")
    others = [change for change in case.changes if not _is_tasks(change.path)]
    before = {change.path: _boxes(case.patch.text(change.before)) for change in files}
    after = {change.path: _boxes(case.patch.text(change.after)) for change in files}
    everywhere = {words for boxes in after.values() for words in boxes}
    bad: list[Spot] = []
    notes: list[Spot] = []
    for change in files:
        old, new = before[change.path], after[change.path]
        ticked = [words for words, (done, _) in new.items() if done and words in old and not old[words][0]]
        own = [words for words in ticked if not _anothers(change, words, origin)]
        bad += [_spot(change, new, words, "is ticked and not the item's") for words in ticked if words not in own]
        if not others and case.kind == "impl":
            bad += [_spot(change, new, words, "is ticked, but nothing else changes") for words in own]
        numbers = {number[0] for words in new if (number := _NUMBER.match(words))}
        for words, (done, _) in old.items():
            if words in everywhere:
                continue
            number = _NUMBER.match(words)
            if done or (number and number[0] in numbers):
                notes.append(_spot(change, old, words, "is gone or reworded"))
            else:
                bad.append(_spot(change, old, words, "is open and gone"))
        notes += [
            _spot(change, new, words, "is not ticked any more")
            for words, (done, _) in new.items()
            if not done and words in old and old[words][0]
        ]
    return told(bad, notes, fine=f"{len(files)} looked at, every box is as it should be", remedy=REMEDY)


def _is_tasks(path: str) -> bool:
    return PurePosixPath(path).name.lower() == "tasks.md"


def _boxes(text: str) -> Boxes:
    found: Boxes = {}
    fenced = False
    for number, row in enumerate(text.splitlines(), 1):
        if row.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        elif not fenced and (box := _BOX.match(row)):
            found.setdefault(" ".join(box[2].split()), (box[1] != " ", number))
    return found


def _origin(case: Case) -> tuple[str, str] | None:
    """The task file that the item comes from, and the name of its task there; empty for all of them."""
    change = linked(case.item) if case.item else None
    if change is not None:
        return change.tasks, change.task
    path, sharp, task = (case.item.value("origin") if case.item else "").strip().strip("`").rpartition("#")
    return (path, task) if sharp and _is_tasks(path) else None


def _anothers(change: Change, words: str, origin: tuple[str, str] | None) -> bool:
    """Whether a task has a number that isn't the item's, nor that of a group it is in."""
    number = _NUMBER.match(words)
    if origin is None or origin[0] != change.path or not number or not _NUMBER.fullmatch(origin[1]):
        return False
    one, other = number[0], origin[1]
    return one != other and not other.startswith(f"{one}.") and not one.startswith(f"{other}.")


def _spot(change: Change, boxes: Boxes, words: str, what: str) -> Spot:
    return Spot(change.path, boxes[words][1], f"“{line(words, 60)}” {what}")
