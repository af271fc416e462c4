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

    from cockpit import borne, corrections, persist, report
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
        borne.told(found),
    )
    if given.json:
        print(msgspec.json.format(msgspec.json.encode(told), indent=2).decode())
    else:
        print("\n".join(report.lessons(told)))
    return 0


def taste(given: Given) -> int:
    """What was learned of acts and mutes, in words; or forgotten. A running engine takes the file as it is then."""
    import time

    from cockpit.clean import line
    from cockpit.engine.tasting import load, save
    from cockpit.errors import CockpitError
    from cockpit.sense import taste as room

    path, now = here(given).taste, time.time()
    if given.reset is None:
        print("\n".join(room.words(load(path), now)) or "nothing learned yet")
        return 0
    if not path.parent.is_dir():
        print("nothing learned yet")
        return 0
    if not given.reset:
        save(path, room.write({}, now))
        print("forgot all")
        return 0
    found = load(path)
    if found.pop(given.reset, None) is None:
        raise CockpitError(
            "nothing was learned of that", where=line(given.reset, 60), remedy=", ".join(sorted(found)[:8])
        )
    save(path, room.write(found, now))
    print(f"forgot {line(given.reset, 60)}")
    return 0
