"""The command that an agent's hook calls where a line of sh won't do: it loads little, for the agent waits."""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import sys
from pathlib import Path

from cockpit.errors import CockpitError
from cockpit.paths import HOOK_FILES, places


def hook(given: argparse.Namespace) -> int:
    """Put stdin where the engine finds it, as the line of sh does. Always 0: a hook must not stop its agent."""
    with contextlib.suppress(OSError, CockpitError, ValueError):
        data = sys.stdin.buffer.read()
        folder = _folder(given)
        if folder.is_dir() and re.fullmatch(r"[a-z][a-z0-9_]{0,30}", given.agent):
            event = given.event if re.fullmatch(r"[A-Za-z]{1,40}", given.event) else ""
            whose = f"{os.environ.get('COCKPIT_ITEM', '')} {event}".rstrip()
            path = folder / f"{given.agent}-{os.getpid() & (HOOK_FILES - 1)}"
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(whose.encode() + b"\n" + data)
    return 0


def _folder(given: argparse.Namespace) -> Path:
    """Where the engine looks: beside the spool that the environment names, else in the repository around."""
    named = os.environ.get("COCKPIT_SPOOL")
    if named:
        return Path(named).parent / "hooks"
    found = places(cwd=Path(given.directory))
    linked = found.git_dir != found.common_dir  # the engine is at home in the repository's own work tree
    return places(cwd=found.common_dir.parent).hooks if linked else found.hooks
