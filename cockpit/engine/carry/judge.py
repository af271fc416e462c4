"""The review of a result, and what becomes of a yes that was given before."""

from __future__ import annotations

import msgspec

from cockpit import facts, rounds, verify
from cockpit.engine import briefing, claiming, proving
from cockpit.engine.carry.acts import if_mark, record
from cockpit.engine.carry.end import harvest
from cockpit.engine.carry.states import state_of
from cockpit.engine.limiting import limiting
from cockpit.engine.look import Look, under_way
from cockpit.paths import Places
from cockpit.persist import git, sides
from cockpit.spec import Document, Item, Mark, criteria, edit, fields, nested, parse
from cockpit.spec.phases import parent
from cockpit.spec.sizes import limit, lines_of

MOST = 4_000_000
"""Bytes of a diff that are compared with the one before."""


def review(places: Places, seen: Look, turn: facts.Turn, item: Item) -> str:
    """The fourteen checks on what the merge would give; their outcome into the spec."""
    harvest(places, turn)
    if fields.worldly(item):
        return _write(places, seen.document, turn, item, state_of(places, seen.document, turn, item))
    others = [other for other in seen.turns.values() if other.item != turn.item and under_way(seen.document, other)]
    wanted = criteria(seen.document)
    review = verify.review(
        places,
        turn,
        item,
        seen.document.controls,
        others,
        turn.dispatch.target,
        wanted,
        lambda base: proving.red_on(places, seen.document, base),
        lambda tree: proving.greens(places, tree),
    )
    proving.keep(places, review)
    review = msgspec.structs.replace(
        review,
        notes=claiming.lost(places, seen.document, item, turn.number, review),
        limits=verify.quotes(review.checks, limiting(places, seen.document, item, review.base)),
        unsettles=claiming.unsettles(places, seen.document, item, review),
        claims=claiming.answered(places, turn, review),
    )
    return _write(places, seen.document, turn, item, _compared(places, turn, review))


def _write(places: Places, document: Document, turn: facts.Turn, item: Item, review: facts.Review) -> str:
    """Keep the verdict, then say it in the spec."""
    before = turn.review
    facts.write(turn.folder, review)
    words = verify.summary(review) + _sized(document, item, review) + _steps(places, turn, item) + _left(turn)

    def judge(data: bytes) -> bytes:
        now = parse(data).item(item.id)
        keep = now is not None and _still_meant(now, before, review)
        data = edit.set_mark(data, item.id, Mark.NEEDS_YOU)
        data = edit.set_field(data, item.id, "review", words)
        return data if keep else edit.drop_field(data, item.id, "verdict")

    marks = {Mark.RUNNING, Mark.NEEDS_YOU}
    record(places, "review", item.id, if_mark(item.id, marks, judge), words)
    return f"{item.id}: {words}"


def _compared(places: Places, turn: facts.Turn, review: facts.Review) -> facts.Review:
    """With how much of the round before this one takes back (R162); a round that brought the target in is not compared,
    for its lines are not the delegate's.
    """
    heads = [entry.review.head for entry in briefing.earlier(places, turn.item, turn.number) if entry.review]
    if not heads or sides.fork(places, review.base, review.head) != sides.fork(places, review.base, heads[-1]):
        return review
    base = heads[-2] if len(heads) > 1 else turn.dispatch.base
    undone, touched = rounds.undone(_diff(places, base, heads[-1]), _diff(places, heads[-1], review.head))
    return msgspec.structs.replace(review, undone=undone, touched=touched)


def _diff(places: Places, old: str, new: str) -> bytes:
    """The lines between two commits, nothing where that would be more than anybody reads."""
    words = ("diff", "--no-color", "--no-ext-diff", "--no-textconv", "--no-renames", "-U0", old, new, "--")
    done = git.call(places, *words)
    return done.stdout if done.returncode == 0 and len(done.stdout) <= MOST else b""


def _sized(document: Document, item: Item, review: facts.Review) -> str:
    """How large it is, for a phase; and for all whether that is more than one delegate should hand in (R270)."""
    lines, most = lines_of(review.stat), limit(item, document.controls)
    words = f"; {review.stat}" if review.stat and parent(document, item) is not None else ""
    return words + (f"; {lines:,} lines: over {most:,}, phase it next time" if most and lines > most else "")


def _steps(places: Places, turn: facts.Turn, item: Item) -> str:
    """How many of the item's own steps no answer says are done; they stay open after the merge (R186)."""
    steps = nested.own(item)
    left = len(steps) - len(nested.said_done(item, briefing.steps_done(places, turn)))
    return f"; {left} of {len(steps)} steps not said done" if left else ""


def _left(turn: facts.Turn) -> str:
    """What the answer left to be done, and the key that takes it into the spec (R170)."""
    count = len(turn.answer.follow_ups) if turn.answer is not None else 0
    return f"; {count} follow-up{'s' * (count > 1)} (P)" if count else ""


def _still_meant(item: Item, before: facts.Review | None, now: facts.Review) -> bool:
    """A yes to this head outlives a moved target only when the new review finds nothing more against it."""
    return item.value("verdict").startswith("accept") and no_worse(before, now)


def no_worse(before: facts.Review | None, now: facts.Review) -> bool:
    """Whether a new review of the same head finds nothing more against it than the one before."""
    if before is None:
        return False
    bad = {check.number for check in now.checks if check.bad}
    known = {check.number for check in before.checks if check.bad}
    return before.head == now.head and bad <= known and set(now.notes) <= set(before.notes)
