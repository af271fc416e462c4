"""A runbook as a file: the steps, and where they were seen (R99)."""

from __future__ import annotations

import re
from collections.abc import Callable

from cockpit.clean import line
from cockpit.learn.repeats import Offer
from cockpit.spec.words import code

FOLDER = "runbooks"


def slug(name: str) -> str:
    """The name as a file's name: letters, digits and dashes."""
    return "-".join(re.findall(r"[a-z0-9]+", name.casefold()))[:60].strip("-") or "runbook"


def free(name: str, exists: Callable[[str], bool]) -> str:
    """`runbooks/<slug>.md`, with a number when there is such a file already."""
    path = f"{FOLDER}/{slug(name)}.md"
    number = 1
    while exists(path):
        number += 1
        path = f"{FOLDER}/{slug(name)}-{number}.md"
    return path


def page(offer: Offer, name: str, when: str) -> bytes:
    """The file's words. The mark in it says which offer it came of, so that it is not made again."""
    steps = [f"{number}. {code(step) if offer.commands else step}" for number, step in enumerate(offer.steps, 1)]
    lines = [
        f"# {line(name, 100)}",
        "",
        f"<!-- cockpit: {offer.key}; edit this file as you like, this line keeps it from being offered again -->",
        "",
        f"When: {line(when, 200)}",
        "",
        "## Steps",
        "",
        *steps,
        "",
        "## Seen",
        "",
        *(f"- {where}" for where in offer.seen[:20]),
    ]
    return ("\n".join(lines) + "\n").encode()


def when_of(offer: Offer) -> str:
    """When it applies, unless the human says it better: as in the items where it was seen."""
    items = dict.fromkeys(where.split()[0].rstrip(":") for where in offer.seen)
    return f"as in {', '.join(list(items)[:5])}"
