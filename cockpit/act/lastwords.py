"""The last line that an agent showed before it failed: an exit status alone tells nobody what went wrong (R195)."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

from cockpit.clean import clean, line
from cockpit.facts import Turn

TAIL = 16 * 1024
"""Bytes of the log that are looked at."""
LONGEST = 160
"""Characters of the line."""
PATIENCE = 1.0
"""Seconds for the runner's own last line to reach the log through the terminal; what the agent showed is before it."""


def last_words(turn: Turn) -> str:
    """What the agent of a failed turn showed last, cleaned; empty for one that told itself why, or showed nothing."""
    end = turn.sentinel
    if end is None or end.outcome != "failed" or end.detail not in ("", f"exit status {end.exit}"):
        return ""
    limit = time.monotonic() + PATIENCE
    while not (found := _lines(turn.log))[1] and time.monotonic() < limit:
        time.sleep(0.02)
    return line(found[0][-1], LONGEST) if found[0] else ""


def _lines(log: Path) -> tuple[list[str], bool]:
    """The agent's lines at the end of the log, and whether the runner's closing line was there."""
    try:
        with log.open("rb") as file:
            file.seek(-min(TAIL, os.fstat(file.fileno()).st_size), os.SEEK_END)
            text = clean(file.read())
    except OSError:
        return [], True
    told = re.split(r"(?m)^\[failed(?:: .*)?, \d+\.\d s\]\s*$", text)
    rows = [row.split("\r")[-1].strip() for row in told[0].split("\n")]
    return [row for row in rows if re.search(r"\w", row)], len(told) > 1
