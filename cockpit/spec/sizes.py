"""How large an item looks before it is sent, and how large its result was, in lines (R164, R270). Pure."""

from __future__ import annotations

import re

from cockpit.spec import fields
from cockpit.spec.item import Item
from cockpit.spec.phases import is_phased
from cockpit.spec.plain import Controls

A_TASK = 60
"""Lines an open nested checkbox stands for."""
A_FILE = 60
"""Lines a file that `paths:` names stands for; a pattern bounds the work and says nothing of its size."""
A_WORD = 2
"""Lines a word of the item stands for."""
ASKS = "size: "
WHOLE = "whole"


def limit(item: Item, controls: Controls) -> int | None:
    """Lines its result should not have more of: the item's `size:`, else the spec's; None: it may be sent whole."""
    own = item.value("size").strip().strip("`").replace(",", "").lower()
    if own == WHOLE:
        return None
    return int(own) if own.isdecimal() and int(own) else controls.size


def oversize(item: Item, controls: Controls, words: str) -> str:
    """Why the item looks too large for one delegate, in words; empty when it doesn't. `words`: all that it says.

    The largest of three guesses counts: open nested tasks, files named in `paths:`, words; 60, 60 and 2 lines each.
    """
    most = limit(item, controls)
    if most is None or is_phased(item):
        return ""
    tasks = sum(not nested.mark.over for nested in item.walk()) - 1
    files = sum(not re.search(r"[*?\[{]|/$", path) and "." in path for path in fields.paths(item))
    count = len(words.split())
    guesses = [(tasks * A_TASK, "tasks", tasks), (files * A_FILE, "files", files), (count * A_WORD, "words", count)]
    lines, unit, number = max(guesses)
    what = f"{number} {unit}"
    return f"{what} in one item, about {lines:,} lines: over {most:,}" if lines > most else ""


def lines_of(stat: str) -> int:
    """Lines added and removed, of `3 files, +210 -12`."""
    return sum(int(number) for number in re.findall(r"[+-](\d+)", stat))
