"""The command that lists what looks dead, and strikes what it is told."""

from __future__ import annotations

import msgspec

from cockpit import persist
from cockpit.clean import line
from cockpit.commands import steering
from cockpit.commands.given import Given, here
from cockpit.learn import reaping
from cockpit.spec import parse


def reap(given: Given) -> int:
    """The verb; without an id, the list of what looks dead, each with its reason. That changes nothing."""
    if given.words or given.which:
        return steering.verb(given)
    found = here(given)
    rows = reaping.found(found, parse(persist.read(found)))
    if given.json:
        print(msgspec.json.format(msgspec.json.encode(rows), indent=2).decode())
        return 0
    for row in rows:
        where = "" if row.section.value == "queue" else f" ({row.section.value})"
        print(f"{line(row.id, 12):<6} {line(row.text, 80)}{where}\n       {line(row.why, 160)}")
    how = "cockpit reap ID ... (or all) strikes them in one commit, cockpit undo takes that back"
    print(how if rows else "nothing in queue and backlog looks dead")
    return 0
