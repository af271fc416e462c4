"""The command that tells the cockpit of something that happened."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from cockpit.clean import line
from cockpit.commands.given import Given, here
from cockpit.errors import CockpitError


def push(given: Given) -> int:
    """An event on the spool; the engine reads it when it runs."""
    from cockpit.sense import events, spool

    if given.sh:
        print(spool.sh_line(here(given, spec=False)))
        return 0
    # A delegate's shell stands in a worktree; the spool that counts is the repository's, named by its environment.
    named = os.environ.get("COCKPIT_SPOOL")
    path = Path(named) if named else here(given, spec=False).spool
    if not given.ndjson:
        words = sys.stdin.read() if given.words == ["-"] else " ".join(given.words)
        options = {
            name: getattr(given, name) for name in ("source", "key", "state", "level", "item", "evidence", "action")
        }
        spool.push(path, events.parse_push(words, **options, at=time.time()))
        return 0
    bad = 0
    for number, data in enumerate(sys.stdin.buffer, 1):  # as it comes: `tail -f log | cockpit push --ndjson`
        if data.strip():
            try:
                spool.push(path, events.decode(data, time.time()))
            except CockpitError as error:
                bad += 1
                print(f"cockpit: line {number}: {line(str(error), 300)}", file=sys.stderr)
    return 1 if bad else 0
