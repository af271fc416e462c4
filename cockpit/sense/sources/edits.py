"""The spec: what others changed in it, conflicts to choose, corrections to tell, as events. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from cockpit.sense.events import Event, safe
from cockpit.spec.change import Change, bare
from cockpit.spec.conflicts import Conflict
from cockpit.spec.corrections import Correction


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
