"""Things that hold or don't, as their source tells them: checks, findings, delegates, reviews, conflicts, edits."""

from __future__ import annotations

import math
from dataclasses import dataclass

from cockpit.sense.events import LEVELS, Event, Level
from cockpit.sense.ranker.board import Board
from cockpit.sense.ranker.kept import Kept
from cockpit.sense.ranker.lanes import Lanes
from cockpit.sense.ranker.masks import environment, grade, mask


@dataclass(frozen=True, slots=True)
class Sort:
    """How a kind of event weighs when it is open."""

    needs: float = 0.0
    """How much it waits for the human."""
    words: str = ""
    level: Level = "info"
    """At least this."""
    half: float = 3600.0
    told: bool = False
    """It only informs: gone after a while by itself."""
    closes: str = "word from its source"


FADES = 1200.0
"""Seconds after which what nobody closes weighs half."""
_DIED = Sort(0.8, "ended without a result", "error", closes="another turn")
DELEGATE: dict[str, Sort] = {
    "asks": Sort(0.8, "asks a question", "error", closes="an answer"),
    "permission": Sort(1.0, "waits for your permission", "error", closes="your answer"),
    "denied": Sort(0.8, "was denied a permission", "error", closes="an answer"),
    "blocked": Sort(0.8, "cannot go on", "error", closes="an answer or another turn"),
    "limited": Sort(0.4, "the model's service holds it up", "warning", closes="its next step"),
    "failed": _DIED, "crashed": _DIED, "timeout": _DIED, "lost": _DIED, "not started": _DIED, "died": _DIED,
    "dead": _DIED, "malformed answer": _DIED, "no answer": _DIED,
    "unknown": Sort(0.3, "its facts do not tell", "warning", closes="a fact"),
    "reviewed": Sort(0.6, "waits for your verdict", "warning", closes="a verdict"),
    "brief": Sort(0.6, "waits for your word on its brief", "warning", closes="your word"),
    "rings": Sort(0.6, "its bell rang", "warning", closes="output"),
    "silent": Sort(0.3, "no output", "warning", closes="output"),
    "finished": Sort(0.15, "finished, review follows", told=True, half=1200.0),
}  # fmt: skip
"""States of a delegate that the human should know of; any other closes them."""
_BY_KIND = {
    "asks": "asks",
    "blocked": "blocked",
    "died": "died",
    "review": "reviewed",
    "silent": "silent",
    "finished": "finished",
}
SORTS: dict[str, Sort] = {
    "outside": Sort(1.2, "work outside its worktree", "error", closes="a clean path"),
    "conflict": Sort(0.9, "both sides changed it", "error", closes="a clean merge"),
    "verification": Sort(0.5, "verification fails", "error", closes="a passing verification"),
    "checks": Sort(0.5, "checks fail", "warning", closes="passing checks"),
    "correction": Sort(0.4, "corrected, not told yet", "warning", closes="a brief that tells it"),
    "loop": Sort(0.0, "goes round", "warning", closes="a turn that gets on"),
    "stuck": Sort(0.4, "only an edit of the spec lets it run", "warning", closes="an edit of the spec"),
    "fence": Sort(0.15, "holds the loop", "info", closes="the end of the fence"),
    "ahead": Sort(0.12, "comes soon", closes="its coming, or its end"),
    "measure": Sort(0.9, "a measured goal: look", "warning", closes="the next measurement, or your word"),
    "failure": Sort(0.15, "a known failure", "warning", closes="green, or being taken away"),
    "goal": Sort(0.3, "the goal was edited", told=True, half=1200.0, closes="time"),
    "edit": Sort(0.2, "edited by somebody else", told=True, half=1200.0, closes="time"),
    "offer": Sort(0.2, "an offer: take it or mute it", closes="being taken or muted"),
    "commits": Sort(0.2, "new on the branch", told=True, half=1200.0, closes="time"),
    "environment": Sort(
        0.6, "no change of the code mends it", "error", FADES, told=True, closes="proof that it works, or time"
    ),
    "preflight": Sort(0.0, closes="a passing check"),
    "session.check": Sort(0.0, closes="a passing check"),
}
UNABLE = Sort(0.3, "the verification could not run", "warning", closes="a verification that runs")
"""The verification in the state broken: nothing is known of the work."""
_FAILING = frozenset({"failing", "failed", "fail", "fails", "red", "broken", "error", "down"})
_WARNS = frozenset({"warn", "warning", "degraded", "yellow", "slow"})
_QUIET = frozenset({"working", "running", "ready", "started", "idle", "queued", "pending"})


class Standing:
    """Takes in events whose state says all."""

    def __init__(self, board: Board, lanes: Lanes) -> None:
        self.board = board
        self.lanes = lanes
        self.told: Kept[str, int] = Kept(5000)

    def check(self, event: Event) -> None:
        """A preflight or session check."""
        if event.closes or event.state in _QUIET:
            self.board.families.close(f"{event.kind}:{event.key}", event.at, "ok")
            self.told.pop(event.key, None)
            return
        level: Level = (
            "warning" if event.state.lower() in _WARNS else "critical" if event.level == "critical" else "error"
        )
        count = self.told[event.key] = self.told.get(event.key, 0) + 1
        self._open(event, SORTS[event.kind], level)
        family = self.board.families[f"{event.kind}:{event.key}"]
        family.signature = mask(event.what)
        broken = environment(event.what)
        family.under = f"environment:{broken}" if broken else ""
        family.mark("streak", min(1.0, (count - 1) / 12), f"failed {count} times in a row")

    def delegate(self, event: Event) -> None:
        """The state a delegate is in."""
        if not event.key and not event.delegate:
            return
        name = event.key or f"delegate/{event.delegate}"
        sort = DELEGATE.get(_BY_KIND.get(event.kind, event.state))
        if sort is None or event.closes:
            self.board.families.close(f"delegate.state:{name}", event.at, event.state or "closed")
            return
        self._open(event, sort, event.level, kind="delegate.state", name=name)

    def kind(self, event: Event) -> None:
        """One of the kinds that a source opens and closes."""
        if event.closes:
            self.board.families.close(f"{event.kind}:{event.key}", event.at, event.state or "closed")
            return
        unable = event.kind == "verification" and event.state == "broken"
        self._open(event, UNABLE if unable else SORTS[event.kind], event.level)
        if event.kind == "loop":
            rounds = event.attrs.get("rounds")
            words = event.evidence or (f"goes round, {rounds} rounds" if rounds else "goes round")
            self.board.families[f"loop:{event.key}"].mark("loop", 1.0, words)

    def finding(self, event: Event) -> None:
        """A bot, a linter, an analyser found something."""
        families = self.board.families
        if event.closes:
            families.close(f"finding:{event.key}", event.at, event.state)
            return
        said = str(event.attrs.get("level", "")).lower()
        level: Level = _FINDING.get(said) or grade(event.what, event.level)
        family = families.of(event, "finding", event.key)
        family.what = event.what
        family.item = event.item
        family.evidence = event.evidence
        family.action = "open" if event.action == "inspect" else event.action
        family.closes = "the tool's next clean report"
        family.signature = mask(event.what)
        family.tool = str(event.attrs.get("tool") or event.source)
        rule = str(event.attrs.get("rule") or "")
        family.rule = f"{family.tool}/{rule}" if rule else family.tool
        families.tell(family, event)
        grave = LEVELS.index(level) >= 3
        family.half = 3600.0 if grave else FADES
        if level not in ("info", "debug"):
            families.show(
                family,
                event.at,
                state=event.state or "found",
                level=level,
                once=family.status not in ("open", "once") and not grave,
            )
        round = event.attrs.get("round")
        if isinstance(round, int) and round >= 3 and family.count > 1:
            family.mark("repeat", min(1.0, math.log2(round) / 3) * 0.5, f"found again in round {round}")

    def other(self, event: Event) -> None:
        """A plain finding: by its level and state."""
        families = self.board.families
        if event.closes:
            for kind in (event.kind or "event", "event"):
                families.close(f"{kind}:{event.key}", event.at, event.state)
            return
        state = event.state.lower()
        if state in ("", "open"):
            sort = Sort(told=True, half=FADES if event.level == "info" else 3600.0)
        else:  # its source said what state it is in, and will say when that ends
            sort = Sort(0.2, f"{state}, says {event.source}", "error" if state in _FAILING else "debug")
        self._open(event, sort, event.level, kind=event.kind or "event")

    def _open(self, event: Event, sort: Sort, level: Level, *, kind: str = "", name: str = "") -> None:
        families = self.board.families
        family = families.of(event, kind or event.kind, name or event.key)
        if (
            family.status == "open"
            and family.what == event.what
            and family.last >= event.at
            and family.state == event.state
        ):
            return  # told again by a source that tells level by level
        level = level if LEVELS.index(level) > LEVELS.index(sort.level) else sort.level
        changed = family.status != "open" or family.what != event.what
        family.what = event.what
        family.item = event.item
        family.action = event.action
        family.evidence = event.evidence
        family.closes = sort.closes
        family.half = sort.half
        family.signature = mask(event.what)
        families.tell(family, event)
        families.show(family, event.at, state=event.state or "open", level=level)
        if changed:
            family.since = event.at
        mark, before = ("told", "needs") if sort.told else ("needs", "told")
        family.mark(
            before, 0.0, ""
        )  # a delegate that finished and was reviewed waits for a verdict, and for nothing else
        family.mark(mark, sort.needs, sort.words)
        self.lanes.relate(family)


_FINDING: dict[str, Level] = {
    "critical": "critical", "blocker": "critical", "high": "error", "major": "error", "error": "error",
    "medium": "warning", "moderate": "warning", "warning": "warning", "low": "info", "minor": "info", "note": "info",
    "info": "info",
}  # fmt: skip
