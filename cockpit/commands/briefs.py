"""The command that shows what a delegate was told, or would be told now."""

from __future__ import annotations

from cockpit.clean import clean, line
from cockpit.commands.given import Given, here
from cockpit.errors import CockpitError


def brief(given: Given) -> int:
    """The brief of an item's latest turn, of the one named, or of the next."""
    from cockpit import facts, persist
    from cockpit.spec import parse

    found = here(given)
    if given.next:
        from cockpit.engine.briefing import preview

        document = parse(persist.read(found))
        item = document.item(given.target.removeprefix("^"))
        if item is None:
            raise CockpitError("no such item in the spec", where=line(given.target, 60), remedy="see cockpit status")
        print(preview(found, document, item), end="")
        return 0
    turn = next((turn for turn in facts.turns(found.delegates) if turn.item == given.target.removeprefix("^")), None)
    waits = facts.prepared(found.turn(given.target.removeprefix("^"), 1)) if turn is None else None
    if waits is not None:
        print(clean(waits[1]), end="")
        return 0
    if turn is None:
        raise CockpitError(
            "no delegate has worked on it", where=line(given.target, 60), remedy="--next shows the first"
        )
    path = found.turn(turn.item, given.turn or turn.number) / "brief.md"
    try:
        print(clean(path.read_bytes()), end="")
    except FileNotFoundError as error:
        remedy = f"it has turns 1 to {turn.number}"
        raise CockpitError(f"turn {given.turn or turn.number} has no brief", where=turn.item, remedy=remedy) from error
    return 0
