"""What the loop comes to soon, announced before it happens (R36, R115), and too much at once (R119). Pure."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.persist.landing import Landing
from cockpit.select import budgets
from cockpit.select.budgets import Account
from cockpit.spec import Controls, Document, Item, Kind, Mark


def ahead(
    controls: Controls,
    account: Account,
    *,
    queue: Sequence[Item],
    ready: Sequence[Item],
    running: Sequence[Item],
    busy: int,
    landing: Landing | None,
    under_way: Sequence[str],
) -> dict[str, str]:
    """By name, each transition that is one step away, in words; nothing while the loop holds.

    `queue` are the items not begun, `ready` those of them that could run now, `busy` counts the results that wait for
    the human or are being made, `under_way` are the items whose results go to the feature branch.
    """
    if controls.loop == "hold":
        return {}
    found = {
        name: f"budget: {words}, then the loop stops" for name, words in budgets.near(controls.budget, account.loop)
    }
    found |= {
        f"day-{name}": f"budget of the day: {words}, then the loop stops"
        for name, words in budgets.near(controls.budget.day, account.day)
    }
    if ready and controls.review - busy == 1 < controls.review:
        found["capacity"] = f"{busy} of {controls.review} reviews are taken: after one more nothing is begun"
    if landing is not None and not queue and len(under_way) == 1:
        found["whole"] = f"{landing.name} is whole with the merge of {under_way[0]}: then it can land"
    elif len(queue) + len(running) == 1 and len(ready) == len(queue):
        found["drained"] = f"{(*queue, *running)[0].id} is the last of the queue: nothing waits behind it"
    elif len(queue) == len(ready) == 1:
        found["drained"] = f"{queue[0].id} is the last that can begin: nothing waits behind it"
    return found


def mud(document: Document, *, running: int, waiting: int, prepared: int) -> str:
    """Why too much is alive at once, in words; empty while it is no more than `layers:` (R119)."""
    parts = (
        (running, "running"),
        (waiting, "waiting for you"),
        (prepared, "briefs"),
        (len(document.pins), "pins"),
        (len(document.mutes), "mutes"),
        (sum(item.mark in (Mark.OPEN, Mark.NEEDS_YOU) for item in document.of(Kind.DECISIONS)), "open decisions"),
    )
    total = sum(count for count, _ in parts)
    if total <= document.controls.layers:
        return ""
    said = ", ".join(f"{count} {words}" for count, words in sorted(parts, key=lambda part: -part[0]) if count)
    return f"mud: {total} layers are alive, over {document.controls.layers}: {said}"
