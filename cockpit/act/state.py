"""What state a turn is in, with its evidence and since when (law 4; design, section 6).

The ladder: sentinel > exit of the runner > its event stream and output > tmux and dispatch facts > silence.
"""

from __future__ import annotations

import re
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cockpit import facts
from cockpit.act import tmux
from cockpit.facts import Sentinel, Turn
from cockpit.troubles import clock

Name = Literal[
    "launching",
    "working",
    "silent",
    "rings",
    "asks",
    "blocked",
    "finished",
    "failed",
    "limited",
    "crashed",
    "timeout",
    "interrupted",
    "not started",
    "lost",
    "malformed answer",
    "no answer",
    "reviewed",
    "merged",
]

_WAYS = re.compile(r"status=(?P<status>\d{0,3}) signal=(?P<signal>\d{0,3})\n")
STILL = 3.0
"""Seconds without output after its bell from which a delegate is taken to wait: it rings for other things too."""
SILENCE = 180.0
"""Seconds without output after which a working delegate is called silent."""
LAUNCH = 30.0
"""Seconds that a session may take until its runner has written its first fact."""


@dataclass(frozen=True, slots=True)
class State:
    """A state, the fact that says so, and since when (epoch seconds)."""

    name: Name
    evidence: str
    since: float

    @property
    def over(self) -> bool:
        """Whether the turn has ended, well or not."""
        return self.name not in ("launching", "working", "silent", "rings")


def state(turn: Turn, now: float | None = None) -> State:
    """The state of a turn now: `derive` after a look at the runner's process and the times of two files."""
    return derive(
        turn,
        time.time() if now is None else now,
        alive=turn.running is not None and facts.alive(turn.running),
        output=_mtime(turn, tmux.LOG),
        bell=_mtime(turn, tmux.BELL),
        died=_died(turn.folder / tmux.DIED),
        moved=_mtime(turn, facts.NAMES[facts.Dispatch]) or turn.dispatch.at,
    )


def derive(
    turn: Turn,
    now: float,
    *,
    alive: bool,
    output: float | None,
    moved: float,
    bell: float | None = None,
    died: str = "",
) -> State:
    """Pure. `alive`: the runner lives; `output`, `bell`: time of its last; `moved`: of the dispatch's last step;
    `died`: how the runner ended, in words.
    """
    if turn.merge is not None:
        return State("merged", f"merge.json: {turn.merge.commit[:9]} for {_branch(turn.merge.target)}", turn.merge.at)
    if turn.review is not None:
        return State("reviewed", f"review.json: {turn.review.recommendation}", turn.review.at)
    if turn.sentinel is not None:
        return _ended(turn, turn.sentinel)
    if "sentinel" in turn.broken and not alive:
        return State("lost", f"sentinel: {turn.broken['sentinel']}", moved)
    if turn.running is None:
        if turn.dispatch.step == "session" and now - moved > LAUNCH:
            return State("lost", "session started, runner.json never written", moved)
        return State("launching", f"dispatch.json: {turn.dispatch.step}", moved)
    if not alive:
        how = f" ({died})" if died else ""
        return State("lost", f"runner {turn.running.pid} is gone, no sentinel{how}", output or turn.running.at)
    last = max(output or 0.0, turn.running.at)
    if bell is not None and last <= bell + STILL < now:
        return State("rings", "tmux: its bell rang, no output since", bell)
    if now - last > SILENCE:
        return State("silent", "pane.log: no output", last)
    return State("working", f"runner {turn.running.pid} is alive", turn.running.at)


def _ended(turn: Turn, sentinel: Sentinel) -> State:
    detail = f": {sentinel.detail}" if sentinel.detail else ""
    evidence = f"sentinel: {sentinel.outcome}{detail}"
    if sentinel.outcome == "not-started":
        return State("not started", evidence, sentinel.at)
    if sentinel.outcome == "failed" and sentinel.trouble:
        until = f" until {clock(sentinel.until)}" if sentinel.until else ""
        return State("limited", f"sentinel: {sentinel.trouble}{until}{detail}", sentinel.at)
    if sentinel.outcome != "finished":
        return State(sentinel.outcome, evidence, sentinel.at)
    if "answer.json" in turn.broken:
        return State("malformed answer", f"answer.json: {turn.broken['answer.json']}", sentinel.at)
    if turn.answer is None:
        return State("no answer", "sentinel: finished, but no answer.json", sentinel.at)
    match turn.answer.status:
        case "asks":
            return State("asks", f"answer.json: {turn.answer.question or turn.answer.summary}", sentinel.at)
        case "blocked" | "escalate":
            return State("blocked", f"answer.json: {turn.answer.status}: {turn.answer.summary}", sentinel.at)
        case "done":
            return State("finished", f"{evidence}; answer.json: done", sentinel.at)


def _branch(ref: str) -> str:
    return ref.removeprefix("refs/heads/")


def _died(path: Path) -> str:
    """What tmux says of the runner's end: `killed by SIGKILL`, `exit status 1`; empty when it says nothing."""
    try:
        found = _WAYS.fullmatch(path.read_text())
    except (OSError, UnicodeDecodeError):
        return ""
    if found is None:
        return ""
    if found["signal"]:
        number = int(found["signal"])
        return f"killed by {signal.Signals(number).name if number in set(signal.Signals) else number}"
    return f"exit status {found['status']}" if found["status"] else ""


def _mtime(turn: Turn, name: str) -> float | None:
    try:
        return (turn.folder / name).stat().st_mtime
    except OSError:
        return None
