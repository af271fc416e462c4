"""What the shell prints of the state, the timeline and a verdict: pure text, one thing a line, everything cleaned."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from cockpit.clean import clean, line
from cockpit.spec import Change, Conflict, Document, Item, Kind, Mark, conflicts, criteria, gates, open_failures

if TYPE_CHECKING:  # for their types alone: the screen paints before it imports git, asyncio is half of `cockpit log`
    from cockpit.borne import Borne
    from cockpit.facts import Claim, Review, Turn
    from cockpit.learn import Lesson
    from cockpit.persist import Entry
    from cockpit.wire import DelegateRow, SignalView, Snapshot

CAUGHT = 3
"""Findings that are told below a decision; `cockpit explain` has all."""
PRINTED, WIDE = 60, 1000
"""Lines, and characters of each, of what the commands of a review printed."""
GLYPHS = {"pass": "✓", "fail": "✗", "broken": "!", "n/a": "·"}
CLAIMS = {"stale": "✗", "unknown": "?", "to be made": "+", "holds": "✓"}


def status(document: Document, seen: Snapshot, now: float) -> Iterator[str]:
    """How things stand, most pressing first: the loop, what needs the human, delegates, the queue, signals."""
    running = "engine running" if seen.pid else "no engine"
    goes = f" → {line(seen.target, 80)}" if seen.target else ""
    yield f"{seen.branch or 'no branch'}{goes} · {seen.state} · loop {seen.loop} · {seen.mode} · {running}"
    if counts(document):
        yield counts(document)
    if document.goal:
        yield f"goal: {line(document.goal, 120)}"
    yield from (f"measured: {line(row.words, 200)}" for row in seen.measured)
    room = f"running {seen.running}/{seen.wip} · waiting for you {seen.waiting}/{seen.review}"
    yield room + (f" · {seen.budget}" if seen.budget else "")
    if seen.loop_spent:
        yield f"spent: since the loop was set on {line(seen.loop_spent, 160)}"
        yield f"spent: today {line(seen.day_spent, 160)}"
    if seen.fence:
        yield f"fence: {line(seen.fence, 60)}: {line(seen.why, 160)}"
    elif seen.why:
        yield f"next: {line(seen.head, 40) or 'nothing yet'} · {line(seen.why, 160)}"
    yield from (f"note: {line(note, 200)}" for note in seen.notes)
    if seen.events:
        yield f"events: {line(seen.events, 200)}"
    yield from map(_conflict, conflicts(document))
    waiting = [item for item in document.walk() if item.mark in (Mark.NEEDS_YOU, Mark.BLOCKED)]
    yield from _block("needs you", (_item(item) for item in waiting))
    yield from _block("delegates", (_delegate(row, now) for row in seen.delegates))
    others = [item for item in document.queue if item.mark not in (Mark.NEEDS_YOU, Mark.BLOCKED)]
    yield from _block("queue", (_item(item, seen.waits.get(item.id, "")) for item in others))
    yield from _block("signals", (_signal(signal, now) for signal in seen.signals))
    yield from _block("muted", (f"{line(mute.what, 80)} until {line(mute.until, 40)}" for mute in seen.muted))


def counts(document: Document) -> str:
    """How far the criteria are met, what is known to fail, what is pending for the human; empty without any."""
    wanted, pending = criteria(document), document.of(Kind.PENDING)
    failing, waits = len(open_failures(document)), sum(item.mark is Mark.OPEN for item in pending)
    parts = (
        f"acceptance {sum(entry.ticked for entry in wanted)}/{len(wanted)}" if wanted else "",
        f"failures {failing}" if failing else "",
        f"pending {waits}" if waits else "",
    )
    return " · ".join(part for part in parts if part)


def entry(act: Entry) -> str:
    """One act of steering: when, which commit, who, what, why, and whether it still stands."""
    when = f"{datetime.fromtimestamp(act.at):%Y-%m-%d %H:%M}"
    why = f": {line(act.reason, 120)}" if act.reason else ""
    gone = f" (taken back by {act.undone_by[:7]})" if act.undone_by else ""
    what = f"{line(act.verb, 20)} {line(act.target, 60)}".rstrip()
    return f"{when}  {act.commit[:7]}  {line(act.by, 30):<8}  {what}{why}{gone}"


def stood(document: Document) -> Iterator[str]:
    """Which item stood in which state: the marks counted, then a line an item under the name of its section."""
    items = list(document.walk())
    counted = {mark: sum(item.mark is mark for item in items) for mark in Mark}
    yield " · ".join(f"{count} {mark.name.lower().replace('_', ' ')}" for mark, count in counted.items() if count)
    for kind in dict.fromkeys(item.section for item in items):
        there = (_item(item) for item in items if item.section is kind)
        yield from _block(kind.value if kind is not None else "elsewhere", there)


SIGNS = {"added": "+", "removed": "-"}


def change(one: Change) -> str:
    """One meant change of the spec."""
    return f"{SIGNS.get(one.kind, '~')} {line(one.words, 150)}"


def changed(found: Sequence[Change], before: bytes, after: bytes) -> Iterator[str]:
    """What an act changed, as somebody meant it; where it meant nothing that has a name, the lines."""
    yield from (f"    {change(one)}" for one in found)
    if not found:
        old, new = (clean(data).splitlines() for data in (before, after))
        lines = difflib.unified_diff(old, new, n=0, lineterm="")
        yield from (f"    {line(row, 150)}" for row in lines if not row.startswith(("---", "+++", "@@")))


def review(
    turn: Turn, found: Review, stale: str, borne: Sequence[Borne] = (), own: Turn | None = None
) -> Iterator[str]:
    """The verdict and the fourteen checks, each with its evidence and the decision that it bears out.

    `stale` says why it no longer holds; `own` is the run of another agent that gives an opinion of it, or gave one.
    """
    yield f"{line(turn.item, 40)}: {line(turn.dispatch.text, 120)}"
    yield f"{line(turn.dispatch.branch, 80)} {found.head[:12]} onto {found.base[:12]} · {line(found.stat, 60)}"
    yield f"recommendation: {found.recommendation}"
    if stale:
        yield f"stale: {line(stale, 160)}"
    yield ""
    yield from _checks(found, borne)
    yield from _opinion(own) if own is not None else ()
    yield from _printed(found)


def _opinion(own: Turn) -> Iterator[str]:
    """What another agent says, which decides nothing (R190)."""
    said = own.opinion
    yield ""
    yield line(said.told, 240) if said is not None else f"{line(own.dispatch.agent, 40)} looks at it"
    if said is not None:
        yield from (line(words, 1000) for words in [said.summary] if words)
        for note in said.notes:
            yield f"~ {line(note.path, 200)}{f':{note.line}' if note.line else ''}: {line(note.words, 600)}"


def reviewed(name: str, found: Review) -> Iterator[str]:
    """The same of a branch that was reviewed now."""
    yield f"{line(name, 80)} {found.head[:12]} onto {found.base[:12]} · {line(found.stat, 60)}"
    yield f"recommendation: {found.recommendation}"
    yield ""
    yield from _checks(found)
    yield from _printed(found)


def claimed(id: str, where: str, found: Sequence[Claim]) -> Iterator[str]:
    """What an item says of the code and what the tree at `where` says to it, what is stale first."""
    counts = ", ".join(f"{count} {state}" for state in CLAIMS if (count := sum(each.state == state for each in found)))
    yield f"{id} · {where} · {counts or 'it names nothing of the code'}"
    for claim in sorted(found, key=lambda claim: list(CLAIMS).index(claim.state)):
        source = f" ({line(claim.source, 80)})" if claim.source != "item" else ""
        told = f"{CLAIMS[claim.state]} {claim.state:10} {line(claim.what, 80)}{source}"
        yield f"{told}: {line(claim.evidence, 200)}" if claim.evidence else told
        if claim.suggestion:
            yield f"{'':13}did you mean {line(claim.suggestion, 160)}?"


def _checks(found: Review, borne: Sequence[Borne] = ()) -> Iterator[str]:
    for check in found.checks:
        room = 600 if check.bad else 200
        yield f"{GLYPHS[check.result]} {check.number:>2} {line(check.name, 30):<24} {line(check.evidence, room)}"
        yield from (f"{'':29}{line(quote.told, 300)}" for quote in found.limits if quote.check == check.number)
        yield from (f"{'':29}{line(one.told, 300)}" for one in borne if one.check == check.number)
    yield from (f"note: no longer true on the target: {line(note, 240)}" for note in found.notes)
    yield from (f"note: merging it makes stale {line(note, 240)}" for note in found.unsettles)
    yield from (f"it claims: {line(claim.words, 160)} ({line(claim.mark, 160)})" for claim in found.claims)
    yield from (f"{line(one.told, 300)} ({line(one.words, 200)})" for one in borne if not one.check)


def _printed(found: Review) -> Iterator[str]:
    """What the verification and the criteria that are red printed, verbatim but for what steers a terminal (R265)."""
    for title, text in (("verification", found.output), ("acceptance", found.acceptance)):
        rows = clean(text).rstrip().split("\n")
        if rows == [""]:
            continue
        cut = f", the last {PRINTED} of {len(rows):,} lines (all: --json)" if len(rows) > PRINTED else ""
        yield f"\n{title} printed{cut}:"
        yield from (f"    {row[:WIDE]}".rstrip() for row in rows[-PRINTED:])


TITLES = {
    "decision": "decisions that stand",
    "question": "questions for you",
    "offer": "offers: cockpit runbook KEY",
    "runbook": "runbooks",
    "failure": "known failures",
    "correction": "corrections that no delegate heard yet",
}


def lessons(found: Sequence[Lesson]) -> Iterator[str]:
    """All that was learned, by sort, each with its reason, how often it was seen, and where it stands."""
    if not found:
        yield "nothing was learned yet"
    sorts = dict.fromkeys(lesson.sort for lesson in found)
    for number, sort in enumerate(sorts):
        if number:
            yield ""
        yield TITLES[sort]
        for lesson in found:
            if lesson.sort == sort:
                because = f" ({lesson.because})" if lesson.because else ""
                seen = f" · seen {lesson.seen} times" if lesson.seen else ""
                where = f" · {lesson.where}" if lesson.where else ""
                yield f"  {lesson.id:<4} {lesson.words}{because}{seen}{where}"
                yield from (f"       caught: {words}" for words in lesson.caught[:CAUGHT])
                if len(lesson.caught) > CAUGHT:
                    yield f"       and {len(lesson.caught) - CAUGHT} more: cockpit explain {lesson.id}"


def ago(seconds: float) -> str:
    """A duration in its largest unit: `40s`, `12m`, `3h`, `5d`."""
    seconds = max(seconds, 0)
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds >= size:
            return f"{seconds // size:.0f}{unit}"
    return f"{seconds:.0f}s"


def _block(title: str, lines: Iterator[str]) -> Iterator[str]:
    rows = list(lines)
    if rows:
        yield ""
        yield title
        yield from (f"  {row}" for row in rows)


def _conflict(entry: Conflict) -> str:
    about = f"{line(entry.item.id, 40)}, " if entry.item else ""
    way = f"cockpit resolve {line(entry.item.id, 40)} --take ours or theirs" if entry.item else "edit that line away"
    return f"conflict: {about}line {entry.line}: {line(entry.words, 120)} ({way})"


def _item(item: Item, waits: str = "") -> str:
    """One item, with the first thing to know of it: what it `waits` for, else what its fields say."""
    said = ("permission", "asks", *(("scope",) if gates.at_scope(item) else ()), "why", "review")
    about = next((f" · {key}: {line(item.value(key), 100)}" for key in said if item.value(key)), "")
    about = f" · {line(waits, 120)}" if waits else about
    return f"[{item.mark}] {line(item.id, 40):<6} {line(item.text, 80)}{about}"


def _delegate(row: DelegateRow, now: float) -> str:
    state = f"{line(row.state, 20)} {ago(now - row.since)}"
    return f"{line(row.item, 40):<6} {state} · {line(row.agent, 30)} · {line(row.evidence, 100)}"


def _signal(signal: SignalView, now: float) -> str:
    why = f" ({line(', '.join(signal.reasons), 100)})" if signal.reasons else ""
    return f"{line(signal.what, 80)}: {line(signal.state, 20)} {ago(now - signal.since)}{why}"
