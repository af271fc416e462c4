"""The execution plan of a brief: what to do in which order, with the exact commands (R247). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cockpit.act.contract import ANSWER
from cockpit.act.mending import Mending
from cockpit.clean import line
from cockpit.spec import Document, Item, Mark, fields
from cockpit.spec.phases import is_phased
from cockpit.spec.words import code

_BULLET = re.compile(r"[ \t]+(?:[-*+]|\d+[.)])[ \t]+(?P<words>.*)")
_CHANGE = re.compile(r"(?:^|/)changes/[^/]+\Z")


def plan(item: Item, document: Document, turn: int, inventory: bool, mending: Mending) -> str:
    """A numbered list: read, the item's own steps or the task, verify, commit, answer.

    The item's own steps are its `plan:`, else its nested checkboxes that are not over. `inventory` says whether the
    brief has one to read from; the steps of `mending` come where the findings are taken up.
    """
    steps = [
        *(["Take up each point of *New in this turn*, the findings first."] if turn > 1 else []),
        *mending.steps,
        *_change(item),
        _read(inventory),
        *(_own(item, document) or ["Change what the task asks, and nothing beside it."]),
        *(
            f"Run {code(command)}, and mend your change until it passes."
            for command in fields.commands(item, document.controls)
        ),
        'Commit: `git add -A`, `git commit -m "WHAT AND WHY"`; `git status --short` says nothing after that.',
        f"Write the answer to `{ANSWER}`, then stop.",
    ]
    return "\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1))


def _read(inventory: bool) -> str:
    if inventory:
        return "Read what the confirmed inventory names, and who uses it: `git grep -n NAME`."
    return "Find where the task belongs: `git ls-files`, `git grep -n NAME`."


def _change(item: Item) -> Sequence[str]:
    """The OpenSpec change that the item is a task of: its pages are the stub of the plan (R244)."""
    path, _, name = item.value("origin").rpartition("#")
    folder = path.removesuffix("/tasks.md")
    if folder == path or not _CHANGE.search(folder):
        return ()
    pages = " ".join(f"{folder}/{page}" for page in ("proposal.md", "design.md", "tasks.md"))
    return [
        f"Read the change (not all need be there): {code(f'cat {line(pages, 400)}')}. Yours is task {line(name, 60)}."
    ]


def _own(item: Item, document: Document) -> list[str]:
    planned = list(_planned(item, document))
    if planned or is_phased(item):
        return planned
    return [line(child.text, 400) for child in item.children if not child.mark.over and child.mark is not Mark.DEFERRED]


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
