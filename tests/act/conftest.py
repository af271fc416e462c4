"""Delegates for the tests of this room: a rehearsal script, the facts of a turn, and a wait that has an end."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from cockpit import facts
from cockpit.facts import Dispatch, Turn
from cockpit.paths import Places

DONE = '{answer = {status = "done", summary = "made it", claims = ["it works"]}}'
Found = TypeVar("Found")


def until(look: Callable[[], Found | None], what: str, seconds: float = 20.0) -> Found:
    """What `look` gives as soon as it gives something; fails when that takes too long."""
    limit = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < limit, f"waited {seconds:g} s for {what}"
        time.sleep(0.02)
    return found


def ended(folder: Path) -> Turn:
    """The turn in `folder` once it has its sentinel."""

    def look() -> Turn | None:
        turn = facts.load(folder)
        return turn if turn is not None and turn.sentinel is not None else None

    return until(look, f"the sentinel in {folder}")


def running(folder: Path) -> Turn:
    """The turn in `folder` once its runner has written its first fact."""

    def look() -> Turn | None:
        turn = facts.load(folder)
        return turn if turn is not None and turn.running is not None else None

    return until(look, f"the runner of {folder}")


@pytest.fixture
def script(places: Places) -> Callable[..., None]:
    """Write the rehearsal script of item q1: each argument is the steps of one turn, as TOML inline tables."""

    def write(*turns: str, item: str = "q1") -> None:
        folder = places.local / "rehearsal"
        folder.mkdir(exist_ok=True)
        (folder / f"{item}.toml").write_text("".join(f"[[turn]]\nsteps = [{steps}]\n" for steps in turns))

    return write


@pytest.fixture
def intend(places: Places) -> Callable[..., Dispatch]:
    """The dispatch of item q1 that nothing has been done for yet."""

    def make(turn: int = 1, item: str = "q1", agent: str = "rehearsal", timeout: float = 60.0, **more: str) -> Dispatch:
        base = subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=places.root, check=True, capture_output=True, text=True
        ).stdout.strip()
        return Dispatch(
            item=item,
            turn=turn,
            text="Do it",
            agent=agent,
            branch=f"delegate/{item}",
            base=base,
            target="refs/heads/main",
            worktree=str(places.worktrees / item),
            session=f"ck-{item}-{turn}",
            timeout=timeout,
            at=time.time(),
            **more,
        )

    return make
