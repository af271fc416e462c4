"""The human's own editor, as the shell and the screen start it."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from cockpit.errors import CockpitError

AT_LINE = frozenset({"vi", "vim", "nvim", "view", "nano", "emacs", "micro", "kak", "joe"})
"""Editors that take `+12` for line 12."""


def command(file: Path, line: int = 1) -> list[str]:
    """The human's editor ($VISUAL, $EDITOR, vi) opening `file` at `line`, as far as it is known how.

    Raises CockpitError when what is set is no command.
    """
    named = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    try:
        words = shlex.split(named) or ["vi"]
    except ValueError as error:
        raise CockpitError(f"$EDITOR is no command: {named}", remedy="set $EDITOR") from error
    at = [f"+{line}"] if line > 1 and Path(words[0]).name.partition(".")[0] in AT_LINE else []
    return [*words, *at, str(file)]


def _here(words: Sequence[str]) -> int:
    return subprocess.run(words, check=False).returncode


def edit(file: Path, line: int = 1, run: Callable[[Sequence[str]], int] = _here) -> None:
    """Wait until the human has left the editor. `run` starts a program on the terminal and gives its exit status.

    Raises CockpitError when it cannot be started or fails: what they wrote may not be whole.
    """
    words = command(file, line)
    try:
        status = run(words)
    except (OSError, ValueError) as error:
        raise CockpitError("the editor did not start", where=words[0], remedy="set $EDITOR") from error
    if status != 0:
        raise CockpitError(f"the editor ended with {status}", where=words[0])
