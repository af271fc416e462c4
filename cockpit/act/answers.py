"""The agent's answer file on its way into the facts: kept as it stands, a claim and never evidence (R193)."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

CAP = 256 * 1024
"""Bytes of an answer that are kept; a longer one is cut and so malformed."""


def collect(source: Path, target: Path) -> bool:
    """Copy the agent's answer as it stands, capped; False when there is none. A link or a pipe is no answer."""
    try:
        handle = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return False
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return False
        data = file.read(CAP)
    temporary = target.with_name(f".{target.name}.tmp")
    temporary.write_bytes(data)
    temporary.replace(target)
    return True


def put_aside(answer: Path, why: str) -> None:
    """An answer from before must not count for what comes now; it is kept beside."""
    with contextlib.suppress(OSError):
        answer.rename(answer.with_name(f"answer.{why}.json"))


def take_back(answer: Path, why: str) -> None:
    """What was put aside counts again, unless there is a new answer by now."""
    with contextlib.suppress(OSError):
        os.link(answer.with_name(f"answer.{why}.json"), answer)
