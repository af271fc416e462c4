"""How a run of an agent ended, and the sentinel that says so."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cockpit import facts
from cockpit.errors import CockpitError
from cockpit.facts import Outcome, Sentinel
from cockpit.troubles import judge


@dataclass(slots=True)
class Ending:
    """How one run of the agent ended."""

    outcome: Outcome
    exit: int | None = None
    signal: int | None = None
    detail: str = ""


def of_exit(status: int, stop: Ending | None, failure: str) -> Ending:
    """The ending of an exit: what we did to it goes first, then its signal, its status, its own terminal event."""
    code, number = (status, None) if status >= 0 else (None, -status)
    if stop is not None:
        return Ending(stop.outcome, code, number if stop.signal is None else stop.signal, stop.detail)
    if number is not None:
        name = signal.Signals(number).name if number in set(signal.Signals) else str(number)
        return Ending("crashed", None, number, f"killed by {name}")
    if status != 0:
        return Ending("failed", code, None, failure or f"exit status {status}")
    return Ending("failed", 0, None, failure) if failure else Ending("finished", 0)


def conclude(folder: Path, ending: Ending, began: float, say: Callable[[str], None], session: str = "") -> bool:
    """Write the sentinel and show it. False when it could not be written; the delegate is then seen as lost."""
    now = time.time()
    trouble = judge(ending.detail, 0, now) if ending.outcome == "failed" else None
    sentinel = Sentinel(
        outcome=ending.outcome,
        exit=ending.exit,
        signal=ending.signal,
        detail=ending.detail[:2000],
        at=now,
        seconds=round(now - began, 3),
        session=session,
        trouble=trouble.what if trouble else "",
        until=trouble.until if trouble else 0.0,
        pause=trouble.pause if trouble else 0.0,
    )
    try:
        facts.write(folder, sentinel)
    except CockpitError as error:
        say(f"\n{error}\n")
        return False
    say(f"\n[{ending.outcome}{f': {ending.detail}' if ending.detail else ''}, {sentinel.seconds:.1f} s]\n")
    return True


def why_not(error: OSError | ValueError, argv: list[str], worktree: str) -> str:
    """Words for a program that did not start."""
    if not Path(worktree).is_dir():
        return f"the worktree is gone: {worktree}"
    if isinstance(error, FileNotFoundError) and error.filename == argv[0]:
        return f"command not found: {argv[0]}"
    return f"cannot start {argv[0]}: {error}"
