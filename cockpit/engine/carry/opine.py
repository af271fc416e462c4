"""Another agent's look at a result (R190): asked in a copy that is thrown away, heard when it is over."""

from __future__ import annotations

import time
from pathlib import Path

from cockpit import facts
from cockpit.act import agents, opinion, tmux
from cockpit.act import dispatch as delegates
from cockpit.act.agents import Agent
from cockpit.clean import clean
from cockpit.engine.look import Look
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import copies, sides
from cockpit.select import budgets
from cockpit.spec import Document, Item, fields


def opine(places: Places, seen: Look, turn: facts.Turn, item: Item, name: str) -> str:
    """Intention, copy, session: each done only if the facts say it is still to do. An agent that cannot, says so."""
    review = turn.review
    if review is None:
        return f"{item.id}: no result to look at"
    folder = facts.aside(turn, review.head)
    meant = facts.read(folder, facts.Dispatch)
    if meant is None:
        meant = _intention(seen, turn, item, name, places.worktrees / f"{copies.PREFIX}{item.id}-{review.head[:12]}")
        facts.write(folder, meant)
    try:
        agent = agents.load(name, places.root)
        _alone(agent)
    except CockpitError as error:
        none = facts.Opinion(head=review.head, agent=name, trouble=f"none, {error}", at=time.time())
        facts.write(folder, none)
        return f"{item.id}: {none.told}"
    base = sides.fork(places, review.base, review.head)
    diff = clean(sides.between(places, base, review.head)[0])
    delegates.dispatch(places, meant, agent, opinion.brief(item, seen.document, turn, base, diff), folder)
    return f"{item.id}: {name} is asked for its opinion of {review.head[:12]}"


def hear(places: Places, own: facts.Turn) -> str:
    """Keep what it came to, and throw its copy away with all that was done there."""
    own = facts.load(own.folder) or own  # it may have ended since
    if own.sentinel is None:
        delegates.interrupt(places, own)  # it may have left processes behind
    tmux.end(places, own.dispatch.session)
    copies.throw_away(places, Path(own.dispatch.worktree))
    found = opinion.hear(own, time.time())
    facts.write(own.folder, found)
    return f"{own.item.removesuffix(facts.WHO)}: {found.told}"


def _intention(seen: Look, turn: facts.Turn, item: Item, name: str, folder: Path) -> facts.Dispatch:
    document: Document = seen.document
    head = turn.review.head if turn.review is not None else ""
    left = budgets.left(item, seen.spending.account)
    minutes = fields.minutes(item, document.controls) or document.controls.timeout
    return facts.Dispatch(
        item=f"{item.id}{facts.WHO}",
        turn=turn.number,
        text=item.text,
        agent=name,
        model=document.controls.model if name == document.controls.agent else "",
        branch="",
        base=head,
        target=turn.dispatch.target,
        home=turn.home,
        worktree=str(folder),
        session=f"{tmux.name(item.id, turn.number)}-{head[:7]}",
        timeout=60 * (minutes if left is None else min(minutes, max(left, 0.01))),
        verify=fields.commands(item, document.controls),
        at=time.time(),
    )


def _alone(agent: Agent) -> None:
    """Raises CockpitError for an agent that needs somebody to answer it: nobody would."""
    if agent.kind != "stream" or agent.stdin == "open":
        raise CockpitError(
            "it asks somebody while it works", where=agent.name, remedy="name an agent that runs by itself"
        )
