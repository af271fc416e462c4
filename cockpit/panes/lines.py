"""The lines around the panes: what the header says, and which keys the key bar shows."""

from __future__ import annotations

from rich.cells import cell_len

from cockpit.clean import line
from cockpit.panes.view import View
from cockpit.spec import Document, Kind, Mark, gates
from cockpit.troubles import clock
from cockpit.verbs import Verb
from widgets.status_line import Segment

DOWN = "engine down; keys still steer"
LABELS = {"loop on": "go on", "loop step": "step", "loop hold": "hold", "defer": "defer", "strike": "strike"}
"""A verb's short label on the key bar, where its name is not the best one."""
ANSWERS = ("allow", "deny", "accept", "reject", "iterate", "interrupt", "steer")
"""What one says to a delegate: its terminal comes behind them."""
LIKELY = (
    *("allow", "deny", "accept", "reject", "iterate", "resolve", "interrupt", "steer", "unmute", "reword", "move"),
    *("defer", "strike"),
    *("add", "undo", "loop on", "loop step", "loop hold", "mute", "pin", "dismiss", "reframe", "split", "tick"),
)
"""The verbs of the key bar, the likeliest next key first: a narrow bar shows the first of them. The others are seldom
the next key: help and palette have them."""


def header(view: View, width: int) -> tuple[list[Segment], list[Segment]]:
    """Left: repository, branch, and the goal as far as it fits. Right: what the loop does, wip, reviews, budget."""
    left, right = [Segment(line(view.name, 30), "accent", 9)], _loop(view)
    left.append(Segment(line(view.snapshot.branch or view.branch, 40) or "no branch", "", 6))
    if view.snapshot.target:
        left.append(Segment(f"→ {line(view.snapshot.target, 40)}", "", 5))
    room = width - 4 - sum(cell_len(segment.text) + 2 for segment in (*left, *right))
    goal = " · ".join([*(row.words for row in view.snapshot.measured), view.document.goal.split("\n\n")[0]])
    if goal and room > 12:
        left.append(Segment(line(goal, room), "dim", 0))
    return left, right


def _loop(view: View) -> list[Segment]:
    snapshot, controls = view.snapshot, view.document.controls
    loop = f"loop {controls.loop}"
    if view.engine != "up":
        words = DOWN if view.engine == "down" else "waiting for the engine"
        return [Segment(words, "warn", 8), Segment(loop, "dim", 4)]
    waiting = snapshot.waiting
    fenced = snapshot.fence not in ("", "hold")
    full = waiting >= snapshot.review > 0
    right = [
        Segment(line(snapshot.state, 20), "alert" if fenced else "accent", 8),
        Segment(f"{loop} · {line(snapshot.mode, 10)}", "", 5),
        Segment(f"{snapshot.running}/{snapshot.wip} run", "", 3),
        Segment(f"{waiting}/{snapshot.review} review", "warn" if waiting else "", 7 if full else 4),
    ]
    if fenced:
        until = f" until {clock(snapshot.until)}" if snapshot.until else ""
        right.insert(1, Segment(f"{line(snapshot.fence, 30)}{until}", "alert", 7))
    if snapshot.budget:
        right.append(Segment(line(snapshot.budget, 40), "dim", 2))
    return right


def keys(verbs: list[tuple[Verb, str]], document: Document, item: str, *, attach: bool) -> list[tuple[str, str, bool]]:
    """The keys that do something for the selected row now, the likeliest first; `?` and `q` always (B1, B5)."""
    found = document.item(item) if item else None
    shown = [verb for verb, why in verbs if not why and verb.name in LIKELY]
    ahead = ("mute", "unmute", "pin", "dismiss") if found is None else ()  # what one does with a signal
    if found is not None and found.section in (Kind.PENDING, Kind.ACCEPTANCE):
        ahead = ("tick",)
    shown.sort(key=lambda verb: (verb.name not in ahead, LIKELY.index(verb.name)))
    made = [(verb.key, LABELS.get(verb.name, verb.name), True) for verb in shown]
    if attach:
        answers = sum(verb.name in ANSWERS for verb in shown)
        made.insert(answers, ("t", "attach", True))
    if found is not None and found.mark is Mark.NEEDS_YOU:
        made.insert(0, ("enter", "brief" if gates.at_scope(found) else "review", True))
    return [*made, ("?", "help", True), ("q", "quit", True)]


def notes(view: View) -> list[str]:
    """What the human must know now, the worst first."""
    problems = view.document.problems
    odd = [f"line {problems[0].line}: {problems[0].what}"] if problems else []
    return [line(note, 160) for note in (view.trouble, *view.snapshot.notes, *odd) if note]
