"""Delegates: their states as the facts tell them, and what was wrong with their work, as events. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from cockpit.facts import Answer, Check, Review
from cockpit.sense.events import Event, Level, safe
from cockpit.sense.sources.answers import answer_events

_WARNS: dict[str, tuple[Level, str]] = {
    "asks": ("error", "answer"),
    "denied": ("error", "answer"),
    "permission": ("error", "allow or deny"),
    "blocked": ("error", "inspect"),
    "limited": ("error", "inspect"),
    "failed": ("error", "inspect"),
    "dead": ("error", "inspect"),
    "unknown": ("warning", "inspect"),
    "timeout": ("error", "inspect"),
    "not started": ("error", "inspect"),
    "lost": ("error", "inspect"),
    "malformed answer": ("error", "inspect"),
    "no answer": ("error", "inspect"),
    "rings": ("warning", "attach"),
    "silent": ("warning", "attach"),
    "finished": ("info", "inspect"),
    "reviewed": ("warning", "review"),
}
"""State of a delegate (act) to level and the act it suggests. All others end what was open."""


def delegate_events(rows: Iterable[tuple[str, str, str, float]]) -> list[Event]:
    """One event for each delegate: (item, name of its state, evidence, since). Told again it changes nothing."""
    found: list[Event] = []
    for item, state, evidence, since in rows:
        level, action = _WARNS.get(state, ("info", "inspect"))
        event = Event(
            source="delegate",
            kind="delegate.state",
            key=f"delegate/{item}",
            state=state if state in _WARNS else "closed",
            what=_what(item, state, evidence),
            at=since,
            item=item,
            delegate=item,
            level=level,
            evidence=evidence,
            action=action,
        )
        found.append(safe(event, since))
    return found


def _what(item: str, state: str, evidence: str) -> str:
    match state:
        case "reviewed":
            return f"{item} waits for your verdict"
        case "permission":
            return f"{item} asks permission: {evidence.partition(': ')[2]}"
        case _:
            return f"{item} {state}"


def settled_events(item: str, at: float) -> list[Event]:
    """What was told of a delegate's work is over: its item is done, struck, deferred or open again."""
    keys = (
        ("delegate.state", "delegate"),
        ("delegate.state", "session"),
        ("verification", "verification"),
        ("checks", "checks"),
    )
    return [
        Event(
            source="delegate", kind=kind, key=f"{name}/{item}", state="closed", what=f"{item} is over", at=at, item=item
        )
        for kind, name in keys
    ]


def ended_events(item: str, turn: int, outcome: str, answer: Answer | None, at: float) -> list[Event]:
    """A turn's end, told once, and what the answer says."""
    end = Event(
        source="delegate",
        kind="turn",
        key=f"turn/{item}",
        state=outcome,
        what=f"turn {turn} of {item}: {outcome}",
        at=at,
        item=item,
        delegate=item,
        attrs={"turn": turn, "status": answer.status if answer is not None else ""},
    )
    return [safe(end, at), *(answer_events(item, turn, answer, at) if answer is not None else ())]


def closeout_event(item: str, lane: str, at: float) -> Event:
    """An item was closed out clean: its result is merged. The head of the lane must move on now (R83)."""
    event = Event(
        source="delegate",
        kind="closeout",
        key=lane,
        state="ok",
        what=f"{item} is merged",
        at=at,
        item=item,
        delegate=item,
    )
    return safe(event, at)


def verification_events(item: str, review: Review) -> list[Event]:
    """Whether the verification of the item's branch fails or could not run, and which other checks do.

    On a branch that conflicts there is no tree to run on: the check of conflicts says so, and it alone.
    """
    failing = [check for check in review.checks if check.bad]
    ours = next((check for check in failing if check.number == 2), None)
    others = [check for check in failing if check.number != 2]
    how: tuple[str, str, Level] = ("passing", "passes", "info")
    if ours is not None and ours.result == "fail":
        how = "failing", "fails", "error"
    elif any(check.name == "conflicts" and check.result == "fail" for check in others):
        how = "closed", "did not run: it conflicts", "info"
    elif ours is not None:
        how = "broken", "could not run", "warning"
    state, words, level = how
    verification = Event(
        source="verify",
        kind="verification",
        key=f"verification/{item}",
        state=state,
        what=f"verification of {item} {words}",
        at=review.at,
        item=item,
        level=level,
        evidence=ours.evidence if ours else "",
        action="review",
    )
    names = ", ".join(_named(check) for check in others)
    checks = Event(
        source="verify",
        kind="checks",
        key=f"checks/{item}",
        state="failing" if others else "passing",
        what=f"checks of {item}: {names}" if others else f"checks of {item} pass",
        at=review.at,
        item=item,
        level="warning" if others else "info",
        evidence="; ".join(f"{check.name}: {check.evidence}" for check in others),
        action="review",
    )
    return [safe(verification, review.at), safe(checks, review.at)]


def _named(check: Check) -> str:
    """A check that could not look is told apart from one that found something."""
    return check.name if check.result == "fail" else f"{check.name} (broken)"
