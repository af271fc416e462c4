"""What the runner in the pane is told: one private file a turn, read once and removed (limits-substrate, section 4).

The environment may hold keys, so it goes neither through tmux's `-e` nor through argv: both can be read by anybody.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from cockpit.act.screen import Patterns
from cockpit.errors import CockpitError

Kind = Literal["stream", "tty", "acp"]
Dialect = Literal["claude", "codex", "gemini", "opencode", "qwen", "pi", "aider", "mini", "screen", "plain"]

Stdin = Literal["brief", "none", "open"]
"""What it reads: its brief, nothing, or claude's control protocol as long as it works (`cockpit.act.control`)."""

NAME = "launch.json"
MARK = "COCKPIT_FACTS"
"""Environment variable that every process of a turn carries: the turn's folder. We sweep by it."""

PLACEHOLDER = re.compile(r"\{(worktree|brief|answer|session_id|root|python|git_dir|common_dir|message)\}")


class Launch(msgspec.Struct, frozen=True, kw_only=True):
    """How to run one turn of one delegate. Times are seconds."""

    item: str
    turn: int
    kind: Kind
    events: Dialect
    command: list[str]
    resume: list[str]
    goes_on: bool = False
    """Begin with `resume`: an earlier turn had this conversation."""
    stdin: Stdin
    answer: Literal["file", "exit status"]
    record: str = ""
    """File that the agent writes its record into, all of it again and again."""
    interrupt: str
    """Signal that asks the agent to stop its turn: INT, TERM ..."""
    values: dict[str, str]
    """What the placeholders in `command` and `resume` stand for."""
    env: dict[str, str]
    allow: list[str] = []
    """With `stdin` open: standing rules that grant a permission (`spec.permits.granted`)."""
    timeout: float
    tmux: str = ""
    """Our tmux server, and the session on it that the turn runs in."""
    session: str = ""
    patterns: Patterns = Patterns()
    """tty: what its screens look like."""
    grace: float = 5.0
    """Time between asking an agent to stop and the next, harder signal."""


def fill(words: Sequence[str], values: Mapping[str, str]) -> list[str]:
    """The words with their `{placeholders}` replaced; unknown ones and other braces stay as they are."""
    return [PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), word) for word in words]


def write(folder: Path, launch: Launch) -> None:
    """Put the launch file into the turn's folder, readable by us alone. Raises CockpitError when that fails."""
    target, temporary = folder / NAME, folder / f".{NAME}.tmp"
    try:
        temporary.unlink(missing_ok=True)
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(msgspec.json.encode(launch))
        temporary.replace(target)
    except OSError as error:
        raise CockpitError(f"cannot write the launch file: {error.strerror}", where=str(target)) from error


def take(folder: Path) -> Launch:
    """Read the launch file and remove it. Raises CockpitError when it is missing or malformed."""
    path = folder / NAME
    try:
        data = path.read_bytes()
        path.unlink()
        return msgspec.json.decode(data, type=Launch)
    except OSError as error:
        raise CockpitError(f"no launch file: {error.strerror}", where=str(path)) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise CockpitError(f"malformed launch file: {error}", where=str(path)) from error
