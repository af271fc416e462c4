"""An item's own steps: the checkboxes below it, the plan of its brief, and which of them are done (R186). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cockpit.spec.item import Item, Mark
from cockpit.spec.phases import is_phased


def own(item: Item) -> list[Item]:
    """Its steps that are neither over nor put off; none of an item in phases, whose boxes go their own way."""
    return (
        []
        if is_phased(item)
        else [child for child in item.children if not child.mark.over and child.mark is not Mark.DEFERRED]
    )


def said_done(item: Item, said: Iterable[str]) -> list[Item]:
    """Those that an answer says are done: by their words or their id. What fits none of them says nothing."""
    names = {_flat(words) for words in said} - {""}
    return [step for step in own(item) if names & {_flat(step.text), _flat(step.id)}]


def _flat(words: str) -> str:
    """The words without how they are set: marks, numbers, code ticks, an id at the end, the stop."""
    bare = re.sub(r"^\s*(?:[-*+]|\d{1,3}[.)])?\s*(?:\[.\])?\s*|\s*\^[\w-]+\s*$", "", words[:1000])
    return " ".join(re.sub(r"[`*]", "", bare).casefold().split()).strip(".;: ")
