"""Commands that show what the work taught, before a verb takes it over."""

from __future__ import annotations

from cockpit.commands import steering
from cockpit.commands.given import Given, here


def promote(given: Given) -> int:
    """The verb; without a number, the list of what the item's answer has to offer."""
    if given.words or given.which:
        return steering.verb(given)
    from cockpit import edits, persist
    from cockpit.spec import parse
    from cockpit.steer import world

    found = here(given)
    for entry in edits.offered(parse(persist.read(found)), given.target, world(found)):
        print(f"{'✓' if entry.promoted else ' '} {edits.choice(entry)}")
    return 0


def learn(given: Given) -> int:
    """All that was learned, with the file and line where it stands."""
    import msgspec

    from cockpit import corrections, persist, report
    from cockpit import learn as room
    from cockpit.learn import sources
    from cockpit.spec import parse

    found = here(given)
    document = parse(persist.read(found))
    told = room.lessons(
        document,
        found.spec_name,
        sources.offered(found, document),
        sources.seen(found, document),
        corrections.waiting(found, document),
    )
    if given.json:
        print(msgspec.json.format(msgspec.json.encode(told), indent=2).decode())
    else:
        print("\n".join(report.lessons(told)))
    return 0
