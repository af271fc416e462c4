"""What a Stop hook runs: the verification of the task, so that an agent can neither skip nor forget it (R181)."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.commands.given import Given, here
from cockpit.errors import CockpitError

if TYPE_CHECKING:
    from cockpit.paths import Places
    from cockpit.spec.fields import Step

SENT_BACK = "cockpit-stop"
"""In git's folder of a worktree: the session that was sent back, of an agent that does not say so itself."""
LINES = 40
"""Of the output, the last ones that go back to the agent."""
MOST = 1_000_000


def stop(given: Given) -> int:
    """Print the answer of a Stop hook: nothing lets the agent stop, a block sends it back, once, with what failed.

    Never in the way: trouble of ours lets it stop, for the checks are run again outside.
    """
    from cockpit.hooks import STOPS
    from cockpit.loose import table

    asked = table(sys.stdin.buffer.read(MOST)) or {}
    agent = STOPS.get(given.agent, STOPS["claude"])
    try:
        kept = _kept() if agent.silent else None
        session = str(asked.get("session_id", ""))
        back = _taken(kept) == session if kept is not None else asked.get("stop_hook_active") is True
        words = "" if back else failing(here(given), agent.waits)
        if words and kept is not None:
            kept.write_text(session, encoding="utf-8")
    except (CockpitError, OSError) as error:
        print(f"cockpit: the checks were not run: {error}", file=sys.stderr)
        return 0
    if words:
        print(json.dumps({"decision": "block", "reason": words}))
    return 0


def _kept() -> Path:
    from cockpit.persist import git

    return git.folder_of(Path.cwd()) / SENT_BACK


def _taken(kept: Path) -> str | None:
    """The session that was sent back last; it is so once."""
    try:
        session = kept.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return None
    kept.unlink()
    return session


def failing(found: Places, most: float) -> str:
    """What the agent must mend before it stops, in words; empty when nothing is. Checks take `most` seconds at most.

    A delegate that says it is blocked, escalates or asks may stop (R192); a session of your own that changed nothing
    too.
    """
    from cockpit.persist import git

    id = os.environ.get("COCKPIT_ITEM", "")
    folder = Path.cwd()
    if id and _gave_up():
        return ""
    if not id and not git.run(folder, "status", "--porcelain", "--untracked-files=normal").strip():
        return ""
    steps, seconds = demanded(found)
    begun = time.monotonic()
    words = first_failing(steps, min(seconds, most), folder)
    if words and most < seconds and time.monotonic() - begun >= most:
        raise CockpitError(f"they take longer than the {most:.0f} s that the agent waits")
    return words


def demanded(found: Places) -> tuple[list[Step], float]:
    """What proves the delegate's item, or the spec's outside of one, and the seconds they may take."""
    from cockpit import persist
    from cockpit.spec import SpecError, fields, parse

    try:
        document = parse(persist.read(found))
    except SpecError as error:
        raise CockpitError(f"the spec cannot be read: {error}") from error
    id = os.environ.get("COCKPIT_ITEM", "")
    item = document.item(id) if id else None
    minutes = fields.minutes(item, document.controls) or 1 if item else document.controls.timeout
    return fields.steps(item, document.controls), 60 * minutes


def first_failing(steps: list[Step], seconds: float, folder: Path) -> str:
    """The first of these that does not pass in that folder, with the end of its output; empty when all do."""
    from cockpit.verify.steps import run_all

    if not steps:
        return ""
    ran = run_all(steps, folder, seconds)
    if ran.green:
        return ""
    tail = "\n".join(ran.last.output.rstrip().split("\n")[-LINES:])
    return f"{ran.decisive.title} does not pass ({ran.last.words}). Mend the cause, not the check.\n\n{tail}"


def _gave_up() -> bool:
    """Whether the delegate's answer is there and says that it could not go on."""
    from cockpit.loose import table

    try:
        said = table(Path(os.environ.get("COCKPIT_ANSWER", "")).read_bytes()[:MOST]) or {}
    except OSError:
        return False
    return said.get("status") in ("blocked", "escalate", "asks")
