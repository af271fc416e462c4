"""Commands that show what the work taught, before a verb takes it over."""

from __future__ import annotations

from cockpit.commands import steering
from cockpit.commands.given import Given, here


def promote(given: Given) -> int:
    """The verb; without a number, the list of what the item's answer has to offer."""
    if given.words or given.which:
        return steering.verb(given, given.verb)
    from cockpit import edits, persist
    from cockpit.spec import parse
    from cockpit.steer import world

    found = here(given)
    for entry in edits.offered(parse(persist.read(found)), given.target, world(found)):
        print(f"{'✓' if entry.promoted else ' '} {edits.choice(entry)}")
    return 0
