"""Checks of the machine and of the engine's own session, and tries to start delegates, as events. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from cockpit.facts import Turn
from cockpit.sense.events import Event, Level, safe

Fit = Literal["ok", "warn", "fail"]
_LEVELS: dict[Fit, Level] = {"ok": "info", "warn": "warning", "fail": "error"}


class Check(NamedTuple):
    """What was looked at, how it is, and the order that mends it."""

    name: str
    fit: Fit
    what: str
    remedy: str = ""


def check_events(kind: Literal["preflight", "session.check"], checks: Iterable[Check], at: float) -> list[Event]:
    """One event a name, told level by level. Of several checks with one name the worst counts."""
    worst: dict[str, Check] = {}
    for check in checks:
        known = worst.get(check.name)
        if known is None or _order(check) > _order(known):
            worst[check.name] = check
    return [
        safe(
            Event(
                source="cockpit",
                kind=kind,
                key=check.name,
                state=check.fit,
                what=f"{check.name}: {check.what}",
                at=at,
                level=_LEVELS[check.fit],
                evidence=check.remedy,
            ),
            at,
        )
        for check in worst.values()
    ]


def _order(check: Check) -> int:
    return ("ok", "warn", "fail").index(check.fit)


def route_events(turn: Turn, *, over: bool, at: float) -> list[Event]:
    """Whether the turn's agent took it, once that is known; `over`: its item needs no delegate any more."""
    agent, end = turn.dispatch.agent, turn.sentinel
    if over:
        state, what, when = "closed", f"{turn.item} is over", at
    elif end is not None and end.outcome == "not-started":
        state, what, when = "fail", f"{agent} did not start {turn.item}: {end.detail}", end.at
    elif turn.running is not None:
        state, what, when = "ok", f"{agent} took {turn.item}, turn {turn.number}", turn.running.at
    else:
        return []
    event = Event(
        source="delegate",
        kind="route.attempt",
        key=agent,
        state=state,
        what=what,
        at=when,
        item=turn.item,
        delegate=turn.item,
        level="error" if state == "fail" else "info",
        attrs={"turn": turn.number},
    )
    return [safe(event, at)]
