"""What a Stop hook runs: the verification of the task, so that an agent can neither skip nor forget it (R181)."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.commands.given import Given, here
from cockpit.errors import CockpitError

if TYPE_CHECKING:
    from cockpit.paths import Places

LONGEST = 840.0
"""Seconds the commands may take; the hook's own time-out is a little more."""
LINES = 40
"""Of the output, the last ones that go back to the agent."""
MOST = 1_000_000


def stop(given: Given) -> int:
    """Print the answer of a Stop hook: nothing lets the agent stop, a block sends it back, once, with what failed.

    Never in the way: trouble of ours lets it stop, for the checks are run again outside.
    """
    from cockpit.loose import table

    asked = table(sys.stdin.buffer.read(MOST)) or {}
    if asked.get("stop_hook_active") is True:  # it was sent back once already
        return 0
    try:
        words = failing(here(given))
    except (CockpitError, OSError) as error:
        print(f"cockpit: the checks were not run: {error}", file=sys.stderr)
        return 0
    if words:
        print(json.dumps({"decision": "block", "reason": words}))
    return 0


def failing(found: Places) -> str:
    """What the agent must mend before it stops, in words; empty when nothing is.

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
    return first_failing(*demanded(found), folder)


def demanded(found: Places) -> tuple[list[str], float]:
    """The commands that prove the delegate's item, or the spec's outside of one, and the seconds they may take."""
    from cockpit import persist
    from cockpit.spec import SpecError, fields, parse

    try:
        document = parse(persist.read(found))
    except SpecError as error:
        raise CockpitError(f"the spec cannot be read: {error}") from error
    id = os.environ.get("COCKPIT_ITEM", "")
    item = document.item(id) if id else None
    minutes = fields.minutes(item, document.controls) or 1 if item else document.controls.timeout
    return fields.commands(item, document.controls), min(LONGEST, 60 * minutes)


def first_failing(commands: list[str], seconds: float, folder: Path) -> str:
    """The first of these that does not pass in that folder, with the end of its output; empty when all do."""
    from cockpit.verify.steps import run_all

    if not commands:
        return ""
    ran = run_all(commands, folder, seconds)
    if ran.green:
        return ""
    tail = "\n".join(ran.last.output.rstrip().split("\n")[-LINES:])
    return f"`{ran.decisive}` does not pass ({ran.last.words}). Mend the cause, not the check.\n\n{tail}"


def _gave_up() -> bool:
    """Whether the delegate's answer is there and says that it could not go on."""
    from cockpit.loose import table

    try:
        said = table(Path(os.environ.get("COCKPIT_ANSWER", "")).read_bytes()[:MOST]) or {}
    except OSError:
        return False
    return said.get("status") in ("blocked", "escalate", "asks")
