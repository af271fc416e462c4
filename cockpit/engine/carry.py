"""Carrying out one step of the plan. Each writes its intention first, then acts, and may be done twice safely."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

import msgspec

from cockpit import facts, persist, select, steer, verify
from cockpit.act import agents, tmux
from cockpit.act import dispatch as delegates
from cockpit.act.brief import brief
from cockpit.clean import line, redact
from cockpit.engine import briefing
from cockpit.engine.look import Look, goal_digest, under_way
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import branches, journal, worktrees
from cockpit.spec import Document, Item, Mark, criteria, edit, fields, parse

Edit = Callable[[bytes], bytes]


def carry(places: Places, seen: Look, step: select.Step) -> str:
    """Do one step; gives one line for the engine's log. Raises CockpitError with what stands in the way."""
    match step:
        case select.Name(item):
            return _name(places, item)
        case select.Dispatch(item, turn, note):
            return _dispatch(places, seen, item, turn, note)
        case select.Interrupt(turn):
            return f"{turn.item}: {delegates.interrupt(places, turn)}"
        case select.Deliver(turn, text):
            return _deliver(places, turn, text)
        case select.Park(turn, item, mark, key, words):
            return _park(places, turn, item, mark, key, words)
        case select.Review(turn, item):
            return _review(places, seen, turn, item)
        case select.Verdict(item, _, verb):
            return str(steer.steer(places, verb, item.id, {}, by="engine"))
        case select.Merge(turn, item):
            return _merge(places, seen, turn, item)


def _record(places: Places, verb: str, item: str, op: Edit, reason: str = "", subject: str = "") -> None:
    persist.record(places, op, persist.Act(verb=verb, target=item, by="engine", reason=reason, subject=subject))


def _if_mark(id: str, allowed: set[Mark], change: Edit) -> Edit:
    """The human goes first: an edit of ours lapses when the item was removed or re-marked meanwhile."""

    def op(data: bytes) -> bytes:
        item = parse(data).item(id)
        return change(data) if item is not None and item.mark in allowed else data

    return op


def _name(places: Places, item: Item) -> str:
    persist.exchange(places, lambda data: edit.ensure_id(data, item.id)[0])
    return f"gave {line(item.text, 40)!r} an id"


def _dispatch(places: Places, seen: Look, item: Item, number: int, note: str) -> str:
    """Intention, spec, worktree, session: each done only if the facts say it is still to do."""
    folder = places.turn(item.id, number)
    document = seen.document
    dispatch = facts.read(folder, facts.Dispatch)
    try:
        agent = agents.load(item.value("agent") or document.controls.agent, places.root)
        minutes = _minutes(item, document)
    except CockpitError as error:
        words = line(str(error), 300)
        op = _if_mark(item.id, {Mark.OPEN, Mark.RUNNING}, lambda data: _blocked(data, item.id, words))
        _record(places, "park", item.id, op, words)
        return f"{item.id}: {words}"
    previous = facts.load(places.turn(item.id, number - 1)) if number > 1 else None
    if dispatch is None:
        dispatch = facts.Dispatch(
            item=item.id,
            turn=number,
            text=item.text,
            agent=agent.name,
            model=item.value("model") or document.controls.model,
            branch=item.value("branch") or f"delegate/{item.id}",
            base=previous.dispatch.base if previous else seen.tip,
            target=seen.target,
            worktree=str(places.worktrees / item.id),
            session=tmux.name(item.id, number),
            timeout=minutes * 60,
            goal=goal_digest(document),
            note=note,
            verify=fields.commands(item, document.controls),
            at=time.time(),
        )
        facts.write(folder, dispatch)
    branch = dispatch.branch

    def begin(data: bytes) -> bytes:
        data = edit.set_mark(data, item.id, Mark.RUNNING)
        data = edit.set_field(data, item.id, "branch", branch)
        if document.controls.loop == "step" and parse(data).controls.loop == "step":
            data = edit.set_control(data, "loop", "hold")
        return data

    _record(places, "dispatch", item.id, _if_mark(item.id, {Mark.OPEN}, begin), f"turn {number}")
    data = persist.read(places)
    document = parse(data)
    now = document.item(item.id)
    if now is None or now.mark is not Mark.RUNNING:
        return f"{item.id}: not started, its item changed meanwhile"
    new = briefing.news(places, document, now, number)
    if dispatch.step == "intended":
        told = [correction.key for correction in new.corrections]
        dispatch = msgspec.structs.replace(dispatch, spec=journal.keep(places, data), told=told)
        facts.write(folder, dispatch)
    text = brief(now, document, places, dispatch, new)
    try:
        delegates.dispatch(places, dispatch, agent, text)
    except CockpitError as error:
        words = line(str(error), 200)
        op = _if_mark(item.id, {Mark.RUNNING}, lambda data: _blocked(data, item.id, f"not started: {words}"))
        _record(places, "park", item.id, op, words)
        facts.write(folder, facts.Sentinel(outcome="not-started", detail=words, at=time.time(), seconds=0.0))
        raise
    return f"{item.id}: turn {number} started with {agent.name}"


def _minutes(item: Item, document: Document) -> float:
    found = fields.minutes(item, document.controls)
    if found is None:
        words = line(item.value("timeout"), 60)
        raise CockpitError(f"timeout: {words} is no count of minutes", where=item.id, remedy="write timeout: 30")
    return found


def _blocked(data: bytes, id: str, words: str) -> bytes:
    return edit.set_field(edit.set_mark(data, id, Mark.BLOCKED), id, "why", words)


def _deliver(places: Places, turn: facts.Turn, text: str) -> str:
    done = delegates.steer(places, turn, text)
    return f"{turn.item}: steer {'queued for its next boundary' if done else 'waits: its screen is not ready'}"


def catch_up(places: Places, seen: Look) -> None:
    """Commit what a rebase held up, and write into the spec when a steer message was delivered (design, section 5)."""
    persist.settle(places)
    if not seen.readable:
        return
    for item in seen.document.walk():
        turn = seen.turns.get(item.id)
        waiting = fields.steers(item)
        if turn is None or not waiting:
            continue
        for text, at in delegates.delivered(turn):
            if text in waiting:
                stamp = f"{text} (delivered {datetime.fromtimestamp(at):%Y-%m-%d %H:%M})"
                _record(places, "delivered", item.id, _stamp(item.id, text, stamp))


def _stamp(id: str, text: str, stamp: str) -> Edit:
    return lambda data: edit.replace_field(data, id, "steer", text, stamp)


def _park(places: Places, turn: facts.Turn | None, item: Item, mark: Mark, key: str, words: str) -> str:
    """An end that is not a review. What the agent left uncommitted is committed first: nothing is lost."""
    if turn is not None:
        if turn.sentinel is None:
            delegates.interrupt(places, turn)  # a lost one may have left processes behind
        _harvest(places, turn)
    words = line(redact(words), 300)

    def end(data: bytes) -> bytes:
        return edit.set_field(edit.set_mark(data, item.id, mark), item.id, key, words)

    _record(places, "ask" if key == "asks" else "park", item.id, _if_mark(item.id, {Mark.RUNNING}, end), words)
    return f"{item.id}: {words}"


def _harvest(places: Places, turn: facts.Turn) -> None:
    message = f"{line(turn.dispatch.text, 60)}\n\nLeft uncommitted by the delegate; harvested by cockpit."
    worktrees.harvest(places, turn.dispatch.worktree, message, by=f"delegate/{turn.item}")


def _review(places: Places, seen: Look, turn: facts.Turn, item: Item) -> str:
    _harvest(places, turn)
    others = [other for other in seen.turns.values() if other.item != turn.item and under_way(seen.document, other)]
    wanted = criteria(seen.document)
    review = verify.review(places, turn, item, seen.document.controls, others, seen.target, wanted)
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
    _record(places, "review", item.id, _if_mark(item.id, marks, judge), words)
    return f"{item.id}: {words}"


def _still_meant(item: Item, before: facts.Review | None, now: facts.Review) -> bool:
    """A yes to this head outlives a moved target only when the new review finds nothing more against it."""
    verdict = item.value("verdict")
    if not verdict.startswith("accept") or before is None:
        return False
    bad = {check.number for check in now.checks if check.result in ("fail", "broken")}
    known = {check.number for check in before.checks if check.result in ("fail", "broken")}
    return before.head == now.head and bad <= known


def _merge(places: Places, seen: Look, turn: facts.Turn, item: Item) -> str:
    """Move the target, then tick the item. After a kill between the two the branch is found merged and only ticked."""
    review = turn.review
    if review is None:
        raise CockpitError("nothing was reviewed", where=item.id)
    dispatch = turn.dispatch
    if review.head == dispatch.base or not branches.changed_files(places, dispatch.base, review.head):
        _proved(places, review, review.base[:12])
        return _tick(places, item, "proof", f"{verify.summary(review)} at {review.base[:12]}", "")
    done = branches.is_merged(places, review.head, seen.target)
    commit = turn.merge.commit if done and turn.merge is not None else ""
    if not done:
        tip = persist.tip(places, seen.target) or ""
        tree = branches.merge_tree(places, tip, review.head)
        if tree.conflicts:
            raise CockpitError(f"conflicts in {', '.join(tree.conflicts[:3])}", where=item.id)
        message = f"Merge {dispatch.branch}: {line(item.text, 60)}\n\nCockpit-Target: {item.id}\nCockpit-By: engine\n"
        commit = branches.commit_merge(places, tree.tree, [tip, review.head], message)
        facts.write(
            turn.folder,
            facts.Merge(target=seen.target, old=tip, head=review.head, commit=commit, at=time.time()),
        )
        moved = branches.merge(places, seen.target, tip, commit)
        if moved.state == "moved":
            return f"{item.id}: the target moved meanwhile, again"
        if moved.state == "overwrites":
            names = ", ".join(line(name, 60) for name in moved.files[:3])
            words = f"waits: the merge would overwrite your changes in {names}; commit or stash them"
            if item.value("why") != words:
                wait = _if_mark(item.id, {Mark.NEEDS_YOU}, lambda data: edit.set_field(data, item.id, "why", words))
                _record(places, "wait", item.id, wait, words)
            return f"{item.id}: {words}"
    _proved(places, review, commit[:12] or review.head[:12])
    return _tick(places, item, "merged", commit[:12] or review.head[:12], commit)


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
        _record(places, "proved", next(iter(review.green)), tick, f"{names} by {proof}", f"Proved {names} by {proof}")


def _tick(places: Places, item: Item, key: str, value: str, commit: str) -> str:
    def done(data: bytes) -> bytes:
        data = edit.drop_field(data, item.id, "why")
        data = edit.set_field(edit.set_mark(data, item.id, Mark.DONE), item.id, key, value)
        return edit.drop_field(data, item.id, "verdict")

    # The reason is the merge's full id: undo of the accept names it for git revert.
    subject = f"Done {item.id}: {key} {value}"
    _record(places, "merge", item.id, _if_mark(item.id, {Mark.NEEDS_YOU, Mark.DONE}, done), commit, subject)
    return f"{item.id}: {key} {value}"
