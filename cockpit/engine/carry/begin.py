"""Beginning a turn: a name for the item, the intention, the spec, the worktree, the session."""

from __future__ import annotations

import time
from pathlib import Path

import msgspec

from cockpit import facts, persist
from cockpit.act import agents
from cockpit.act import dispatch as delegates
from cockpit.act.brief import brief
from cockpit.act.lint import lint, listed
from cockpit.act.mending import mending
from cockpit.clean import line
from cockpit.engine import briefing
from cockpit.engine.carry import states
from cockpit.engine.carry.acts import blocked, if_mark, record
from cockpit.engine.carry.claims import stopped
from cockpit.engine.look import Look
from cockpit.engine.scoping import agent_of, intention
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import exits, git, journal, ownhooks
from cockpit.select import budgets
from cockpit.spec import Document, Item, Mark, edit, gates, parse
from cockpit.spec.phases import whole


def name(places: Places, item: Item) -> str:
    """Give the item an id."""
    persist.exchange(places, lambda data: edit.ensure_id(data, item.id)[0])
    return f"gave {line(item.text, 40)!r} an id"


def dispatch(places: Places, seen: Look, item: Item, number: int, note: str) -> str:
    """Intention, spec, worktree, session: each done only if the facts say it is still to do."""
    folder = places.turn(item.id, number)
    document = seen.document
    dispatch = facts.read(folder, facts.Dispatch)
    yes = gates.accepted(item) if number == 1 else None
    agreed = facts.prepared(folder) if yes is not None else None
    if yes and dispatch is None and (agreed is None or facts.digest(agreed[1]) != yes):
        return f"{item.id}: not started, its brief changed meanwhile"
    turns = seen.turns.values()
    try:
        agent = agents.load(agent_of(item, document), places.root)
        meant = intention(places, document, item, number, note, agent.name, "", "")
    except CockpitError as error:
        return refuse(places, item, error)
    if dispatch is not None and dispatch.step == "intended":
        to = exits.begin(places, document, turns)
        dispatch = dispatch if dispatch.target == to.target else None  # that branch was landed before it began
    if dispatch is None:
        if words := stopped(places, seen, item, number):
            return f"{item.id}: {words}"
        if words := states.held(places, seen, item, number, seen.tip):
            return f"{item.id}: {words}"
        to = exits.begin(places, document, turns)
        where = {"base": meant.base or to.tip, "target": to.target, "home": to.home}
        held = {"hooks": ownhooks.own(places), "precommit": _held_from(places, document, meant, where["base"])}
        dispatch = msgspec.structs.replace(meant, timeout=_bounded(item, seen, meant.timeout), **where, **held)
        facts.write(folder, dispatch)
    branch = dispatch.branch

    def begin(data: bytes) -> bytes:
        if seen.landing is not None and parse(data).controls.land:
            return data  # the whole is about to be landed: what begins now would miss it
        data = edit.set_mark(data, item.id, Mark.RUNNING)
        data = edit.drop_field(edit.set_field(data, item.id, "branch", branch), item.id, "waits")
        if was := states.before_words(places, item):
            data = edit.set_field(data, item.id, "before", was)
        if document.controls.loop == "step" and parse(data).controls.loop == "step":
            data = edit.set_control(data, "loop", "hold")
        return data

    record(places, "dispatch", item.id, if_mark(item.id, {Mark.OPEN}, begin), f"turn {number}")
    data = persist.read(places)
    document = parse(data)
    now = document.item(item.id)
    if now is None or now.mark is not Mark.RUNNING:
        return f"{item.id}: not started, its item changed meanwhile"
    now = whole(document, now)
    new = briefing.news(places, document, now, number)
    if dispatch.step == "intended":
        told = agreed[0].told if agreed else [correction.key for correction in new.corrections]
        kept = agreed[0].spec if agreed else journal.keep(places, data)
        comments = list(new.comments)
        # An agent that asks for each permission is granted what its plan says, and that is more after some findings.
        way = mending(new.judged, dispatch.target, new.fork)
        granted = list(dict.fromkeys([*dispatch.verify, *way.commands]))
        dispatch = msgspec.structs.replace(dispatch, spec=kept, told=told, comments=comments, verify=granted)
        facts.write(folder, dispatch)
    # What the human said yes to is what is sent, to the letter.
    text = agreed[1] if agreed else brief(now, document, places, dispatch, new)
    try:
        delegates.dispatch(places, dispatch, agent, text)
    except CockpitError as error:
        words = line(str(error), 200)
        op = if_mark(item.id, {Mark.RUNNING}, lambda data: blocked(data, item.id, f"not started: {words}"))
        record(places, "park", item.id, op, words)
        facts.write(folder, facts.Sentinel(outcome="not-started", detail=words, at=time.time(), seconds=0.0))
        raise
    found = [] if agreed else [finding.words for finding in lint(text, str(places.root))]  # told at the gate else
    return "; ".join([f"{item.id}: turn {number} started with {agent.name}", *([listed(found)] if found else [])])


def refuse(places: Places, item: Item, error: CockpitError) -> str:
    """An item that cannot begin as it stands: blocked, with the reason."""
    words = line(str(error), 300)
    op = if_mark(item.id, {Mark.OPEN, Mark.RUNNING}, lambda data: blocked(data, item.id, words))
    record(places, "park", item.id, op, words)
    return f"{item.id}: {words}"


def _held_from(places: Places, document: Document, meant: facts.Dispatch, base: str) -> str:
    """Commit from which on the commit hook is to see the delegate's; empty where the spec does not ask for it."""
    if document.controls.precommit == "off":
        return ""
    previous = facts.load(places.turn(meant.item, meant.turn - 1)) if meant.turn > 1 else None
    if previous and previous.dispatch.precommit and delegates.recorded(Path(meant.worktree)):
        return previous.dispatch.precommit
    return git.tip(places, f"refs/heads/{meant.branch}") or base  # what went before it never saw


def _bounded(item: Item, seen: Look, seconds: float) -> float:
    """No longer than the item's own budget leaves it: the runner holds that even while no engine lives."""
    left = budgets.left(item, seen.spending.account)
    return seconds if left is None else min(seconds, max(left, 0.01) * 60)
