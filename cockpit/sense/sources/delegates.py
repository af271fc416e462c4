"""Delegates: their states as the facts tell them, and what was wrong with their work, as events. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from cockpit.facts import Review
from cockpit.sense.events import Event, Level, safe

# State of a delegate (act) to: kind, level, the act it suggests. All others close what was open.
_DELEGATE: dict[str, tuple[str, Level, str]] = {
    "asks": ("asks", "error", "answer"),
    "blocked": ("blocked", "error", "inspect"),
    "failed": ("died", "error", "inspect"),
    "crashed": ("died", "error", "inspect"),
    "timeout": ("died", "error", "inspect"),
    "not started": ("died", "error", "inspect"),
    "lost": ("died", "error", "inspect"),
    "malformed answer": ("died", "error", "inspect"),
    "no answer": ("died", "error", "inspect"),
    "silent": ("silent", "warning", "attach"),
    "finished": ("finished", "info", "inspect"),
    "reviewed": ("review", "warning", "review"),
}


def delegate_events(rows: Iterable[tuple[str, str, str, float]]) -> list[Event]:
    """One event for each delegate: (item, name of its state, evidence, since). Told again it changes nothing."""
    found: list[Event] = []
    for item, state, evidence, since in rows:
        kind, level, action = _DELEGATE.get(state, ("", "info", "inspect"))
        event = Event(
            source="delegate",
            kind=kind,
            key=f"delegate/{item}",
            state=state if kind else "closed",
            what=f"{item} waits for your verdict" if kind == "review" else f"{item} {state}",
            at=since,
            item=item,
            level=level,
            evidence=evidence,
            action=action,
        )
        found.append(safe(event, since))
    return found


def verification_events(item: str, review: Review) -> list[Event]:
    """Whether the verification of the item's branch fails, and which other checks do."""
    failing = [check for check in review.checks if check.result in ("fail", "broken")]
    ours = next((check for check in failing if check.number == 2), None)
    others = [check for check in failing if check.number != 2]
    verification = Event(
        source="verify",
        kind="verification",
        key=f"verification/{item}",
        state="failing" if ours else "passing",
        what=f"verification of {item} {'fails' if ours else 'passes'}",
        at=review.at,
        item=item,
        level="error" if ours else "info",
        evidence=ours.evidence if ours else "",
        action="review",
    )
    checks = Event(
        source="verify",
        kind="checks",
        key=f"checks/{item}",
        state="failing" if others else "passing",
        what=f"checks of {item}: {', '.join(check.name for check in others)}" if others else f"checks of {item} pass",
        at=review.at,
        item=item,
        level="warning" if others else "info",
        evidence="; ".join(f"{check.name}: {check.evidence}" for check in others),
        action="review",
    )
    return [safe(verification, review.at), safe(checks, review.at)]
