"""Whether an item says enough to be sent: the explicit test for a step that is well-defined (R29, R66). Pure.

It looks for what was left open, not for what could be said better: one line is a whole request (R165).
"""

from __future__ import annotations

import re

from cockpit.spec import fields
from cockpit.spec.item import Item
from cockpit.spec.phases import is_phased
from cockpit.spec.plain import Controls

ASKS = "unclear: "
YES = "yes"
_HOLE = re.compile(r"\?{3,}|<[^<>\n]{0,60}\?>|\bTBD\b|[:=][ \t]*\?[ \t]*$")
# Bounded, so that a line of a million backticks costs no more than its length.
SPAN = re.compile(r"(?<!`)(?P<ticks>`{1,9})(?!`) ?(?P<code>.{1,1000}?) ?(?<!`)(?P=ticks)(?!`)")
"""A code span of one line."""
_EMPTY = re.compile(r"\W*(?:todo|tbd|fixme|xxx|wip|later)?\W*", re.IGNORECASE)
_SAID = ("verify", "paths", "keep", "state", "plan")
"""Fields that are read as they stand; a hole in them is one of the task."""


def hole(text: str) -> str:
    """What somebody meant to fill in, in a line of text outside of its code spans; empty when nothing."""
    found = _HOLE.search(SPAN.sub(lambda span: "x" * len(span[0]), text))
    return found[0].strip() if found else ""


def unclear(item: Item, controls: Controls, *, proved: bool) -> str:
    """Why the item is no task yet, in words; empty when it is one, or its `clear: yes` says that it is.

    `proved`: a command, a criterion or a human will say of its result whether it is right. Where nothing does and
    nobody looks before the merge, work would be taken on its word (R193).
    """
    if item.value("clear").strip() == YES or item.values("iterate") or is_phased(item):
        return ""  # a note of the human's says the rest
    for said in (item.text, *(value for key in _SAID for value in item.values(key))):
        if found := hole(said):
            return f"“{found}” is not filled in"
    if _EMPTY.fullmatch(item.text):
        return "it says no task"
    if not proved and not fields.worldly(item) and not fields.commands(item, controls) and not fields.accept_ids(item):
        return "nothing proves its result and nobody sees it before the merge: give it a verify:"
    return ""
