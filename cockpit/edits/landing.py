"""The verb on the whole: what is merged into the feature branch goes into its base."""

from __future__ import annotations

from cockpit.edits.world import Words, World, flat
from cockpit.errors import Refused
from cockpit.spec import Document, Mark, edit


def land(document: Document, _target: str, words: Words, world: World) -> bytes:
    """Bind the human's yes to the head that was reviewed as a whole; the engine merges it (R279).

    A check that is red stops it, unless the human says why it may land all the same (R160).
    """
    found = world.landing()
    if found is None:
        raise Refused("there is no feature branch to land", remedy="results go straight into the spec's branch")
    if document.controls.land:
        raise Refused(f"{found.name} is said to land already: the engine merges it")
    if not found.ahead:
        raise Refused(f"{found.name} has nothing that {found.short} lacks")
    waiting = [
        item.id
        for item in document.walk()
        if item.mark in (Mark.RUNNING, Mark.NEEDS_YOU)
        and (turn := world.turns.get(item.id)) is not None
        and turn.dispatch.target == found.target
    ]
    if waiting:
        raise Refused(f"{', '.join(waiting[:3])} is still under way for {found.name}", remedy="judge it first")
    if found.review is None or found.stale:
        raise Refused(f"{found.name}: {found.stale}", remedy="the engine reviews the whole when nothing runs for it")
    red = [check.name for check in found.review.checks if check.bad]
    if red and not flat(words, "reason"):
        remedy = "mend it with an item, or say --reason why it may land all the same"
        raise Refused(f"{', '.join(red[:3])} fails on what {found.short} would be", remedy=remedy)
    return edit.set_control(document.data, "land", found.review.head[:12])
