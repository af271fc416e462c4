"""Sources: what happened elsewhere, as events. Pure; the engine looks, these say it in words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from cockpit.facts import Review
from cockpit.sense.events import Event, Level, safe
from cockpit.spec.change import Change, bare
from cockpit.spec.conflicts import Conflict
from cockpit.spec.corrections import Correction

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


def spec_events(
    changes: Iterable[Change], by: str, at: float, *, failures: Collection[str] = ("Known failures",)
) -> list[Event]:
    """Edits of the spec that somebody else made (`by`: external, delegate/q1, a name).

    A line put into the known failures (`failures`: titles of these sections) is a warning: a watcher may tell of a
    failure that way (R26).
    """
    found: list[Event] = []
    for change in changes:
        put = change.kind in ("added", "text") and change.after and not change.before
        failure = bool(put) and change.section in failures
        event = Event(
            source="spec",
            kind="failure" if failure else "edit",
            key=f"edit/{change.item or (change.section if change.kind == 'text' else '') or change.kind}",
            state="failing" if failure else change.kind,
            what=f"known failure: {bare(change.after)}" if failure else change.words,
            at=at,
            item=change.item,
            level="warning" if failure or change.kind in ("goal", "control", "correction") else "info",
            evidence=f"edited by {by}",
        )
        found.append(safe(event, at))
    return found


def conflict_events(there: Sequence[Conflict], known: Iterable[str], at: float) -> list[Event]:
    """What a merge left for the human to choose, one event an item; outside of items one for the document.

    `known` are the open keys: each that stands no more in the document is closed.
    """
    told: dict[str, list[Conflict]] = {}
    for conflict in there:
        told.setdefault(f"conflict/{conflict.item.id if conflict.item else 'document'}", []).append(conflict)
    found: list[Event] = []
    for key, both in told.items():
        item = both[0].item
        event = Event(
            source="spec",
            kind="conflict",
            key=key,
            state="both",
            what=f"{item.id if item else 'the document'} was changed on both sides: choose",
            at=at,
            item=item.id if item else "",
            level="error",
            evidence="; ".join(f"line {entry.line}: {entry.words}" for entry in both),
            action="resolve" if item else "edit",
        )
        found.append(safe(event, at))
    closed = (key for key in known if key not in told)
    return found + [
        Event(source="spec", kind="conflict", key=key, state="closed", what="chosen", at=at) for key in closed
    ]


def correction_events(waiting: Sequence[Correction], known: Iterable[str], at: float) -> list[Event]:
    """Answers with corrections that no brief has told yet (R27, R98), one event an answer.

    `known` are the open keys: each that no longer waits is closed, for a brief has told it or it was withdrawn.
    """
    answers: dict[str, list[Correction]] = {}
    for correction in waiting:
        answers.setdefault(f"correction/{correction.item}.{correction.turn}", []).append(correction)
    found: list[Event] = []
    for key, said in answers.items():
        more = f" (and {len(said) - 1} more)" if len(said) > 1 else ""
        event = Event(
            source="spec",
            kind="correction",
            key=key,
            state="untold",
            what=f"{said[0].item}, answer of turn {said[0].turn}, is corrected: {said[0].words}{more}",
            at=at,
            item=said[0].item,
            level="warning",
            evidence="; ".join(f"line {correction.line}: {correction.words}" for correction in said),
            action="iterate",
        )
        found.append(safe(event, at))
    closed = (key for key in known if key not in answers)
    return found + [
        Event(source="spec", kind="correction", key=key, state="closed", what="its correction is told", at=at)
        for key in closed
    ]


def git_events(branch: str, commits: Sequence[tuple[str, str, str]], at: float) -> list[Event]:
    """New commits on the branch, newest first, as (id, subject, author): one event for all of them."""
    if not commits:
        return []
    count = f"{len(commits)} commits" if len(commits) > 1 else "a commit"
    event = Event(
        source="git",
        kind="commit",
        key=f"commits/{branch}",
        state="new",
        what=f"{count} on {branch}: {commits[0][1]}",
        at=at,
        evidence="; ".join(f"{sha[:9]} {subject} ({author})" for sha, subject, author in commits[:10]),
        action="log",
    )
    return [safe(event, at)]


def head_event(head: str, why: str, at: float) -> Event:
    """The head of the queue changed. It is no signal; mutes `until next head` end by it."""
    return safe(Event(source="select", kind="head", key="head", state="closed", what=f"head {head}: {why}", at=at), at)
