"""The command that holds an item's claims against the tree."""

from __future__ import annotations

from cockpit.clean import line
from cockpit.commands.given import Given, here
from cockpit.errors import CockpitError


def scope(given: Given) -> int:
    """Every path, line, identifier and quoted string that the item names: 0 when none is stale, 1 when one is."""
    from cockpit import persist
    from cockpit.act import claims
    from cockpit.engine import claiming
    from cockpit.report import claimed
    from cockpit.spec import parse
    from cockpit.spec.phases import whole

    found = here(given)
    if given.ask:
        from cockpit.commands.interviewing import ask

        return ask(found, given.target.removeprefix("^"))
    document = parse(persist.read(found))
    item = document.item(given.target.removeprefix("^"))
    if item is None:
        raise CockpitError("no such item in the spec", where=line(given.target, 60), remedy="see cockpit status")
    ref, commit = claims.start(found, document, item)
    told = claiming.check(found, document, whole(document, item), commit)
    if given.json:
        import msgspec

        known = {
            "item": item.id,
            "commit": commit,
            "ref": ref,
            "claims": [msgspec.to_builtins(claim) for claim in told],
        }
        print(msgspec.json.encode(known).decode())
    else:
        print("\n".join(claimed(item.id, f"{ref.removeprefix('refs/heads/')} {commit[:12]}", told)))
    return 1 if claims.stale(told) else 0
