"""Bringing an accepted result into the target, and what that proves."""

from __future__ import annotations

import time
from typing import Literal

from cockpit import facts, persist, steer, verify
from cockpit.clean import line
from cockpit.engine import briefing
from cockpit.engine.carry.acts import if_mark, record
from cockpit.engine.carry.bring import bring
from cockpit.engine.carry.decided import message
from cockpit.errors import Refused
from cockpit.paths import Places
from cockpit.persist import branches
from cockpit.select.states import agreed
from cockpit.spec import Item, Mark, criteria, edit, fields, nested, parse


def merge(places: Places, turn: facts.Turn, item: Item) -> str:
    """Move the target, then tick the item. After a kill between the two the branch is found merged and only ticked."""
    review = _agreed(places, turn, item)
    dispatch = turn.dispatch
    if fields.worldly(item):
        proof = next((check.evidence for check in review.checks if check.name == "verification"), "")
        return _prove(places, turn, item, line(proof, 200))
    if review.head == dispatch.base or not branches.changed_files(places, dispatch.base, review.head):
        _proved(places, review, review.base[:12])
        return _prove(places, turn, item, f"{verify.summary(review)} at {review.base[:12]}")
    done = branches.is_merged(places, review.head, dispatch.target)
    meant = turn.merge.commit if turn.merge is not None else ""
    ours = done and meant and branches.is_merged(places, meant, dispatch.target)  # else it was merged by hand
    commit = meant if ours else ""
    if not done:
        subject = f"Merge {dispatch.branch}: {line(item.text, 60)}"
        words = message(places, subject, "", review, item.id, "accept", dispatch.at)
        brought = bring(places, turn.folder, dispatch.target, review.head, words)
        if brought.overwrites and item.value("why") != brought.waits:
            wait = if_mark(item.id, {Mark.NEEDS_YOU}, lambda data: edit.set_field(data, item.id, "why", brought.waits))
            record(places, "wait", item.id, wait, brought.waits)
        if not brought.commit:
            return f"{item.id}: {brought.waits}"
        commit = brought.commit
    _proved(places, review, commit[:12] or review.head[:12])
    # The reason is the merge's full id: undo of the accept names it for git revert.
    return _tick(places, turn, item, "merge", "merged", commit[:12] or review.head[:12], commit)


def _prove(places: Places, turn: facts.Turn, item: Item, words: str) -> str:
    """Tick what needs no merge, by what proves it."""
    facts.write(turn.folder, facts.Proved(words=words, at=time.time()))
    return _tick(places, turn, item, "prove", "proof", words, "")


def _agreed(places: Places, turn: facts.Turn, item: Item) -> facts.Review:
    """The review as the facts have it now, with a yes to exactly that commit in the spec as it is now (R62).

    Here is the one way into a target. Raises Refused when a word or a fact changed since the plan was made.
    """
    now, word = facts.load(turn.folder), parse(persist.read(places)).item(item.id)
    review = now.review if now is not None else None
    if review is None or turn.review is None or review.head != turn.review.head:
        raise Refused("what was reviewed is another result meanwhile", where=item.id)
    if word is None or not (agreed(word, review) or steer.joined(places, turn)):
        raise Refused("nobody said yes to exactly what was reviewed", where=item.id, remedy="accept it, or iterate")
    return review


def _proved(places: Places, review: facts.Review, proof: str) -> None:
    """Tick the criteria that the merged result meets, if they ask the same as when they were run."""

    def tick(data: bytes) -> bytes:
        for entry in criteria(parse(data)):
            if not entry.ticked and review.green.get(entry.item.id) == entry.command:
                data, id = edit.ensure_id(data, entry.item.id)
                data = edit.set_field(edit.set_mark(data, id, Mark.DONE), id, "proof", proof)
        return data

    if review.green:
        names = ", ".join(review.green)
        record(places, "proved", next(iter(review.green)), tick, f"{names} by {proof}", f"Proved {names} by {proof}")


def _tick(
    places: Places,
    turn: facts.Turn,
    item: Item,
    verb: Literal["merge", "prove"],
    key: Literal["merged", "proof"],
    value: str,
    why: str,
) -> str:
    """Tick the item, and of its own steps those that its answers say are done: what was not said stays open (R186)."""
    said = briefing.steps_done(places, turn)

    def done(data: bytes) -> bytes:
        now = parse(data).item(item.id)
        for step in nested.said_done(now, said) if now is not None else ():
            data = edit.set_mark(data, step.id, Mark.DONE)
        data = edit.drop_field(data, item.id, "why")
        data = edit.set_field(edit.set_mark(data, item.id, Mark.DONE), item.id, key, value)
        return edit.drop_field(data, item.id, "verdict")

    subject = f"Done {item.id}: {key} {value}"
    record(places, verb, item.id, if_mark(item.id, {Mark.NEEDS_YOU, Mark.DONE}, done), why, subject)
    return f"{item.id}: {key} {value}"
