"""The review of a result, and what becomes of a yes that was given before."""

from __future__ import annotations

import msgspec

from cockpit import facts, verify
from cockpit.engine import claiming
from cockpit.engine.carry.acts import if_mark, record
from cockpit.engine.carry.end import harvest
from cockpit.engine.look import Look, under_way
from cockpit.paths import Places
from cockpit.spec import Item, Mark, criteria, edit, parse


def review(places: Places, seen: Look, turn: facts.Turn, item: Item) -> str:
    """The fourteen checks on what the merge would give; their outcome into the spec."""
    harvest(places, turn)
    others = [other for other in seen.turns.values() if other.item != turn.item and under_way(seen.document, other)]
    wanted = criteria(seen.document)
    review = verify.review(places, turn, item, seen.document.controls, others, turn.dispatch.target, wanted)
    review = msgspec.structs.replace(review, notes=claiming.lost(places, seen.document, item, turn.number, review.base))
    before = turn.review
    facts.write(turn.folder, review)
    words = verify.summary(review)

    def judge(data: bytes) -> bytes:
        now = parse(data).item(item.id)
        keep = now is not None and _still_meant(now, before, review)
        data = edit.set_mark(data, item.id, Mark.NEEDS_YOU)
        data = edit.set_field(data, item.id, "review", words)
        return data if keep else edit.drop_field(data, item.id, "verdict")

    marks = {Mark.RUNNING, Mark.NEEDS_YOU}
    record(places, "review", item.id, if_mark(item.id, marks, judge), words)
    return f"{item.id}: {words}"


def _still_meant(item: Item, before: facts.Review | None, now: facts.Review) -> bool:
    """A yes to this head outlives a moved target only when the new review finds nothing more against it."""
    verdict = item.value("verdict")
    if not verdict.startswith("accept") or before is None:
        return False
    bad = {check.number for check in now.checks if check.result in ("fail", "broken")}
    known = {check.number for check in before.checks if check.result in ("fail", "broken")}
    return before.head == now.head and bad <= known
