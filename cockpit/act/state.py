"""What state a turn is in, with its evidence and since when: the ladder after a look at processes and files."""

from __future__ import annotations

import re
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from cockpit import facts
from cockpit.act import tmux
from cockpit.act.ladder import Heard, Name, Rung, Seen, deciding, rungs
from cockpit.facts import Turn

_WAYS = re.compile(r"status=(?P<status>\d{0,3}) signal=(?P<signal>\d{0,3})\n")


@dataclass(frozen=True, slots=True)
class State:
    """A state, the fact that says so, since when (epoch seconds), and all that the sources say, the highest first."""

    name: Name
    evidence: str
    since: float
    over: bool = False
    """The turn has ended, well or not."""
    gone: bool = False
    """It ended without a sentinel: nobody is left who could write one."""
    rungs: tuple[Rung, ...] = ()


def state(turn: Turn, now: float | None = None, heard: Heard | None = None) -> State:
    """The state of a turn now; `heard` is what its agent said last, when somebody listened."""
    return derive(
        turn,
        time.time() if now is None else now,
        Seen(
            alive=turn.running is not None and facts.alive(turn.running),
            moved=_mtime(turn, facts.NAMES[facts.Dispatch]) or turn.dispatch.at,
            output=_mtime(turn, tmux.LOG),
            bell=_mtime(turn, tmux.BELL),
            died=_died(turn.folder / tmux.DIED),
            heard=heard,
        ),
    )


def derive(turn: Turn, now: float, seen: Seen) -> State:
    """What the first rung that decides says. Pure."""
    ladder = rungs(turn, seen, now)
    rung = deciding(ladder)
    evidence = f"{rung.file}: {rung.says}" if rung.file else rung.says
    ended = rung.source in ("verdict", "sentinel")
    gone = not ended and rung.state in ("lost", "dead")
    return State(rung.state or "unknown", evidence, rung.since or rung.at, ended or gone, gone, ladder)


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
