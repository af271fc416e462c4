"""The rows of the table: a figure beside its floor."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `limit` is the target for `value`, None when it only informs."""

    what: str
    value: str
    floor: str
    ratio: float | None
    target: str
    met: bool | None


def ratio(what: str, value: float, floor: float, limit: float | None, of: str) -> Row:
    """A time against its floor, both in seconds; without a `limit` it only informs."""
    times = value / floor
    target, met = ("", None) if limit is None else (f"<= {limit:g}x", times <= limit)
    return Row(what, f"{value * 1000:.1f} ms", f"{floor * 1000:.1f} ms ({of})", times, target, met)


def away(folder: Path) -> None:
    """Let state, configuration and sockets of what is measured lie below this folder, away from the user's."""
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR", "TMUX_TMPDIR"):
        path = folder / name[:6].lower()  # short: a socket's path holds 107 bytes
        path.mkdir(exist_ok=True, mode=0o700)
        os.environ[name] = str(path)


def git(root: Path, *args: str, input: str | None = None) -> str:
    """Plain git, as any program would call it."""
    done = subprocess.run(["git", *args], cwd=root, capture_output=True, check=True, text=True, input=input)
    return done.stdout.strip()
