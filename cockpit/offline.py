"""The state as spec and facts tell it, for `cockpit status` when no engine runs. Reads only; nothing is ranked."""

from __future__ import annotations

import time

from cockpit import select
from cockpit.clean import line
from cockpit.engine.look import Look, look
from cockpit.facts import Turn
from cockpit.paths import Places
from cockpit.wire import DelegateRow, Snapshot


def snapshot(places: Places) -> Snapshot:
    """What the engine would plan and where each delegate stands; `pid` is 0 and `signals` are empty."""
    seen = look(places, None, time.time())
    controls, plan = seen.document.controls, seen.plan
    return Snapshot(
        state=plan.state,
        branch=line(seen.target.removeprefix("refs/heads/"), 80),
        loop=controls.loop,
        mode=controls.mode,
        head=plan.head.id if plan.head else "",
        why=plan.why,
        fence=plan.fence.name if plan.fence else "",
        running=plan.running,
        wip=controls.wip,
        waiting=plan.waiting,
        review=controls.review,
        budget=select.budget_words(controls, seen.spent),
        notes=list(seen.notes),
        delegates=[_delegate(seen, turn) for turn in reversed(list(seen.turns.values()))],
    )


def _delegate(seen: Look, turn: Turn) -> DelegateRow:
    state = seen.states[turn.item]
    return DelegateRow(
        item=turn.item,
        turn=turn.number,
        text=line(turn.dispatch.text, 200),
        agent=turn.dispatch.agent,
        state=state.name,
        evidence=line(state.evidence, 300),
        since=state.since,
        log=str(turn.log),
        branch=line(turn.dispatch.branch, 120),
        session=turn.dispatch.session,
    )
