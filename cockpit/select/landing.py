"""The next step of the end gate: the whole is reviewed when nothing is under way, and landed when the human says so."""

from __future__ import annotations

from collections.abc import Mapping

from cockpit.facts import Turn
from cockpit.persist.landing import Landing
from cockpit.select.steps import Land, Whole
from cockpit.spec import Controls, Document, Mark


def under_way(document: Document, turns: Mapping[str, Turn], target: str) -> list[str]:
    """Items whose results will go to that branch: running, or waiting for a verdict."""
    waiting = (Mark.RUNNING, Mark.NEEDS_YOU)
    return [
        item.id
        for item in document.walk()
        if item.mark in waiting and (turn := turns.get(item.id)) is not None and turn.dispatch.target == target
    ]


def landing_step(controls: Controls, landing: Landing, *, busy: bool) -> Whole | Land | None:
    """What to do with the feature branch now; `busy` while results for it are under way. Never lands unasked (R159)."""
    if busy or not landing.used:
        return None
    if not landing.ahead:  # landed, by us or by hand: what is left is to say so
        return Land(landing)
    if landing.stale:
        return Whole(landing)
    return Land(landing) if controls.land else None
