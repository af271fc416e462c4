"""The execution plan of a brief: what to do in which order, with the exact commands (R247). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cockpit.act.contract import ANSWER
from cockpit.act.mending import Mending
from cockpit.clean import line
from cockpit.spec import Document, Item, fields, nested
from cockpit.spec.globs import matches
from cockpit.spec.openspec import PAGES, linked
from cockpit.spec.phases import is_phased
from cockpit.spec.words import code

_BULLET = re.compile(r"[ \t]+(?:[-*+]|\d+[.)])[ \t]+(?P<words>.*)")


def plan(
    item: Item, document: Document, turn: int, inventory: bool, mending: Mending, tasks: Sequence[str] = ()
) -> str:
    """A numbered list: read, the item's own steps or the task, verify, commit, answer.

    The item's own steps are its `plan:`, else its nested checkboxes that are not over, else `tasks`: those of the
    OpenSpec change that it names. `inventory` says whether the brief has one to read from; the steps of `mending` come
    where the findings are taken up.
    """
    steps = [
        *(["Take up each point of *New in this turn*, the findings first."] if turn > 1 else []),
        *mending.steps,
        *_change(item),
        _read(inventory),
        *(
            _own(item, document)
            or [line(task, 400) for task in tasks]
            or ["Change what the task asks, and nothing beside it."]
        ),
        *_ticks(item, tasks),
        *(f"Run {step.title}, and mend your change until it passes." for step in fields.steps(item, document.controls)),
        'Commit: `git add -A`, `git commit -m "WHAT AND WHY"`; `git status --short` says nothing after that.',
        f"Write the answer to `{ANSWER}`, then stop.",
    ]
    return "\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1))


def _read(inventory: bool) -> str:
    if inventory:
        return "Read what the confirmed inventory names, and who uses it: `git grep -n NAME`."
    return "Find where the task belongs: `git ls-files`, `git grep -n NAME`."


def _change(item: Item) -> Sequence[str]:
    """The OpenSpec change that the item goes by: its pages are the stub of the plan (R244)."""
    change = linked(item)
    if change is None:
        return ()
    pages = " ".join(f"{change.folder}/{page}" for page in PAGES)
    yours = f" Yours is task {line(change.task, 60)}." if change.task else ""
    return [f"Read the change (not all need be there): {code(f'cat {line(pages, 400)}')}.{yours}"]


def _ticks(item: Item, tasks: Sequence[str]) -> Sequence[str]:
    """Where the boxes of the tasks are, if the item may change that file."""
    change, paths = linked(item), fields.paths(item)
    if change is None or not tasks or (paths and not matches(change.tasks, paths)):
        return ()
    return [f"Tick those of the change that are done in {code(line(change.tasks, 200))}, and no other."]


def _own(item: Item, document: Document) -> list[str]:
    planned = list(_planned(item, document))
    if planned or is_phased(item):
        return planned
    return [line(step.text, 400) for step in nested.own(item)]


def _planned(item: Item, document: Document) -> Iterator[str]:
    """The steps of its `plan:` fields: the bullets below one, else its value."""
    for field in item.fields:
        if field.key != "plan":
            continue
        below = document.data[field.span.start : field.span.end].decode(errors="replace").splitlines()[1:]
        steps: list[str] = []
        for text in below:
            if found := _BULLET.fullmatch(text):
                steps.append(found["words"])
            elif steps:
                steps[-1] += f" {text.strip()}"
        if steps:
            yield from (line(step, 400) for step in steps)
        elif field.value:
            raw = document.data[field.value_span.start : field.value_span.end].decode(errors="replace")
            yield line(raw if raw.strip() == f"`{field.value}`" else field.value, 400)
