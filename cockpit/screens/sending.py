"""What a delegate is told, as the brief's screen shows it: the text, and what is to be said of it."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from cockpit import facts
from cockpit.clean import clean, line
from cockpit.errors import CockpitError
from cockpit.panes.view import View, age
from cockpit.paths import Places
from cockpit.plain import plain
from cockpit.spec import LIMIT, Item, Mark, gates, globs
from cockpit.spec.interview import interview, unsaid
from cockpit.spec.openspec import LISTED, changes
from cockpit.verbs import BY_NAME
from widgets.status_line import Segment

PATIENCE = 30.0
"""Seconds that a preview may take: git is asked for what the item says of the tree."""
CLAIMS = {"holds": "ok", "stale": "alert", "to be made": "", "unknown": "dim"}
"""State of a claim to its tone, in the order they are told."""


@dataclass(frozen=True, slots=True)
class Sending:
    """One brief."""

    kind: Literal["waits", "accepted", "sent", "next"]
    """Waits for the human's word; has it; was sent; would be sent now."""
    text: str = ""
    fresh: str = ""
    """What the spec would give now, beside a brief that the human edited before it changed."""
    scope: facts.Scope | None = None
    """What was told of it; None where nothing was, or while it is made or read again."""
    claims: Sequence[facts.Claim] = ()
    turn: facts.Turn | None = None
    trouble: str = ""
    """Why there is no text."""
    changes: tuple[str, ...] = ()
    """The OpenSpec changes of the repository, where the brief waits: the item may go by one."""


def kind_of(view: View, item: str) -> Literal["waits", "accepted", "sent", "next"]:
    """Which brief of the item is the one to look at now."""
    found, turn = view.document.item(item), view.known.turns.get(item)
    if found is not None and gates.at_scope(found):
        return "waits"
    if turn is not None and (found is None or found.mark is not Mark.OPEN):
        return "sent"
    return "accepted" if turn is None and found is not None and gates.accepted(found) else "next"


def read(places: Places, view: View, item: str) -> Sending:
    """The brief to look at now. Reads files, and for a preview asks the command line: call it in a thread."""
    kind, turn = kind_of(view, item), view.known.turns.get(item)
    if kind == "sent" and turn is not None:
        return _on_disk(kind, turn.folder, turn=turn)
    if kind == "next":
        return _preview(places, item)
    folder = places.turn(item, 1)
    made = facts.prepared(folder)
    scope = made[0] if made is not None and facts.digest(made[1]) == made[0].digest else None
    found = _on_disk(kind, folder, scope=scope, behind=made is not None and made[0].behind)
    return replace(found, changes=changes(globs.files(places.root, LISTED))) if kind == "waits" else found


def _on_disk(
    kind: Literal["waits", "accepted", "sent"],
    folder: Path,
    *,
    turn: facts.Turn | None = None,
    scope: facts.Scope | None = None,
    behind: bool = False,
) -> Sending:
    try:
        text, trouble = _words(folder / facts.BRIEF), ""
    except (OSError, CockpitError):
        text, trouble = "", "it is being made" if kind == "waits" else "it is gone"
    fresh = ""
    try:
        fresh = _words(folder / facts.FRESH) if behind else ""
        claims = facts.read(folder, facts.Claims)
    except (OSError, CockpitError):
        claims = None
    return Sending(kind, text, fresh, scope, claims.claims if claims is not None else (), turn, trouble)


def _words(file: Path) -> str:
    return clean(plain(file, LIMIT)).expandtabs(4)


def _preview(places: Places, item: str) -> Sending:
    """The screen knows no station; the command does."""
    asks = [
        sys.executable,
        "-P",
        "-m",
        "cockpit",
        "-C",
        str(places.root),
        "--spec",
        str(places.spec),
        "brief",
        "--next",
    ]
    try:
        done = subprocess.run([*asks, "--", item], capture_output=True, timeout=PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return Sending("next", trouble=line(str(error), 200))
    if done.returncode != 0:
        return Sending("next", trouble=line(clean(done.stderr), 200))
    return Sending("next", clean(done.stdout))


def told(sending: Sending, view: View, item: Item | None = None) -> list[Segment]:
    """The line above the text: what becomes of it, for whom, how long, what it stands on, what nobody said."""
    scope, turn = sending.scope, sending.turn
    found = [_state(sending, view)]
    if scope is not None:
        found.append(Segment(line(f"{scope.agent} {scope.model}", 30).strip(), "", 5))
    if sending.text:
        found.append(Segment(f"{len(sending.text.split())} words", "", 6))
    if turn is not None:
        since = age(view.now - turn.dispatch.at)
        found.append(Segment(since if since == "now" else f"{since} ago", "dim", 2))
    if scope is not None and scope.edited:
        found.append(Segment("edited by you", "warn", 7))
    if scope is not None and scope.findings:
        many = f" and {len(scope.findings) - 1} more" if len(scope.findings) > 1 else ""
        found.append(Segment(f"✗ {line(scope.findings[0], 60)}{many}", "alert", 8))
    if sending.fresh:
        found.append(Segment("the spec has changed since", "alert", 8))
    open = unsaid(interview(view.document, item, sending.changes)) if item and sending.kind == "waits" else []
    if open:
        found.append(Segment(f"not said: {', '.join(open)} ({BY_NAME['give'].key})", "dim", 3))
    counts = Counter(claim.state for claim in sending.claims)
    found += [Segment(f"{counts[state]} {state}", tone, 4) for state, tone in CLAIMS.items() if counts[state]]
    return found


def _state(sending: Sending, view: View) -> Segment:
    match sending.kind:
        case "waits" if sending.scope is None:
            late = "" if view.engine == "up" else ", once the engine runs"
            return Segment(f"is made or read again{late}", "warn", 9)
        case "waits":
            return Segment("waits for your word", "warn", 9)
        case "accepted":
            return Segment("accepted: sent as it is", "ok", 9)
        case "sent":
            turn = sending.turn
            name = f" to {line(turn.dispatch.agent, 20)}, turn {turn.number}" if turn is not None else ""
            return Segment(f"sent{name}", "", 9)
        case "next":
            return Segment("as it would be now", "dim", 9)
