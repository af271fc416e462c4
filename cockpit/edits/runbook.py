"""The verb that makes a file of what repeats, and links it from the spec, in one commit of both (R99, R107)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

from cockpit.clean import line
from cockpit.edits.world import Words, World, flat
from cockpit.errors import Refused
from cockpit.learn import Offer, runbooks
from cockpit.spec import Document, Kind, edit


def runbook(document: Document, target: str, words: Words, world: World) -> bytes:
    """A line in `## Runbooks` that leads to the new file and says when it applies."""
    _, name, when = _asked(document, target, words, world)
    link = name.replace("[", "(").replace("]", ")")
    return edit.add_line(document.data, f"[{link}]({_path(name, world)}) when: {when}", section=Kind.RUNBOOKS)


def written(
    document: Document, target: str, words: Words, world: World
) -> Mapping[str, Callable[[bytes | None], bytes | None]]:
    """The file: the steps, and where they were seen. It never takes the place of another."""
    offer, name, when = _asked(document, target, words, world)
    page = runbooks.page(offer, name, when)

    def change(now: bytes | None) -> bytes:
        if now is not None:
            raise Refused("there is such a file already", remedy="say another --name")
        return page

    return {str(PurePosixPath(world.spec_name).parent / _path(name, world)): change}


def offer_of(document: Document, target: str, world: World) -> Offer:
    """The offer that a key or words of it name; the only one when nothing that is offered is named. Raises Refused."""
    found = world.offers(document)
    named = [offer for offer in found if target in (offer.key, offer.words, offer.name)]
    if not found:
        raise Refused("nothing repeats: there is no runbook to offer")
    if not named and (len(found) > 1 or target.startswith("runbook/")):
        what = f"{line(target, 60)} is not offered" if target else "which of them"
        raise Refused(what, remedy=f"one of: {', '.join(f'{offer.key} ({offer.name})' for offer in found)}")
    return (named or found)[0]


def _asked(document: Document, target: str, words: Words, world: World) -> tuple[Offer, str, str]:
    offer = offer_of(document, target, world)
    return offer, flat(words, "name") or offer.name, flat(words, "when") or runbooks.when_of(offer)


def _path(name: str, world: World) -> str:
    beside = PurePosixPath(world.spec_name).parent
    return runbooks.free(name, lambda path: world.exists(str(beside / path)))
