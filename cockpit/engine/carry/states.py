"""Ops and data items: the state is looked at before the delegate begins and after it has ended (R281, R282)."""

from __future__ import annotations

from cockpit import facts, persist, verify
from cockpit.clean import line
from cockpit.engine.carry.acts import asking, blocked, if_mark, record
from cockpit.engine.look import Look
from cockpit.paths import Places
from cockpit.spec import Document, Item, Mark, fields


def held(places: Places, seen: Look, item: Item, number: int, commit: str) -> str:
    """Why an ops or data item does not begin, written into the spec: no state check, or it passes already.

    Empty when it may begin; the first turn's `before.json` says then how the state was.
    """
    if number > 1 or not fields.worldly(item):
        return ""
    steps = fields.steps(item, seen.document.controls)
    if not steps:
        words = f"kind: {line(item.value('kind'), 10)} needs state: with the command that tells when it is done"
        op = if_mark(item.id, {Mark.OPEN}, lambda data: blocked(data, item.id, words))
        record(places, "park", item.id, op, words)
        return words
    folder = places.turn(item.id, number)
    before = facts.read(folder, facts.Before)
    if before is None or before.command != verify.joined(steps) or before.code == 0:
        before = verify.look_before(places, steps, commit, item.id, _seconds(item, seen.document))
        facts.write(folder, before)
    if before.code != 0:
        return ""
    words = f"already so: {line(before.command, 120)} passes before anything was done; tick it, or write another state:"
    op = if_mark(item.id, {Mark.OPEN}, lambda data: asking(data, item.id, words))
    record(places, "ask", item.id, op, words)
    return words


def state_of(places: Places, document: Document, turn: facts.Turn, item: Item) -> facts.Review:
    """Look at the state again, keep what it said, and judge it."""
    target = turn.dispatch.target
    base = persist.tip(places, target) or turn.dispatch.base
    head = persist.tip(places, f"refs/heads/{turn.dispatch.branch}") or turn.dispatch.base
    steps = fields.steps(item, document.controls)
    after = verify.look_after(places, steps or [fields.Step("false")], base, item.id, _seconds(item, document))
    facts.write(turn.folder, after)
    return verify.review_state(turn, facts.read(places.turn(item.id, 1), facts.Before), after, base, head)


def before_words(places: Places, item: Item) -> str:
    """How the state was before the first turn, for the item's `before:`."""
    before = facts.read(places.turn(item.id, 1), facts.Before) if fields.worldly(item) else None
    return f"{before.words}: {line(before.command, 120)}" if before is not None else ""


def _seconds(item: Item, document: Document) -> float:
    return 60 * (fields.minutes(item, document.controls) or document.controls.timeout)
