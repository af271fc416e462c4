"""Programs that take the terminal over for a while: the human's editor, a delegate's tmux session."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from textual.app import App, SuspendNotSupported

from cockpit.clean import line
from cockpit.errors import CockpitError


def editor_command(file: Path, line: int = 1) -> list[str]:
    """The human's editor ($VISUAL, $EDITOR, vi) opening `file` at `line`, as far as it is known how."""
    words = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi")
    name = Path(words[0]).name
    at = [f"+{line}"] if line > 1 and name in ("vi", "vim", "nvim", "nano", "emacs", "micro", "kak", "joe") else []
    return [*words, *at, str(file)]


def edit(app: App[Any], file: Path, line: int = 1) -> None:
    """Suspend the screen while the editor runs. Raises CockpitError when it cannot be started or fails."""
    command = editor_command(file, line)
    try:
        with app.suspend():
            done = subprocess.run(command, check=False)
    except (OSError, ValueError, SuspendNotSupported) as error:
        raise CockpitError(f"the editor did not start: {command[0]}", remedy="set $EDITOR") from error
    if done.returncode != 0:
        raise CockpitError(f"the editor ended with {done.returncode}")


def edited(app: App[Any], text: str) -> str:
    """`text` as it comes back from the human's editor. Raises CockpitError."""
    handle, name = tempfile.mkstemp(prefix="cockpit-", suffix=".md")
    file = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(text + "\n")
        edit(app, file)
        return file.read_text("utf-8", "replace").rstrip("\n")
    finally:
        file.unlink(missing_ok=True)


def attach(app: App[Any], server: str, session: str) -> None:
    """Go to a session of the private tmux server and come back when it is left.

    Inside another tmux a new window opens there, for a client cannot nest. Raises CockpitError when the session is
    gone or the screen cannot step aside.
    """
    command = ["tmux", "-L", server, "attach-session", "-t", f"={session}"]
    environment = {key: value for key, value in os.environ.items() if key not in ("TMUX", "TMUX_PANE")}
    try:
        if os.environ.get("TMUX"):
            new = ["tmux", "new-window", "-n", line(session, 20), "env", "-u", "TMUX", "-u", "TMUX_PANE", *command]
            done = subprocess.run(new, check=False, capture_output=True)
        else:
            with app.suspend():
                done = subprocess.run(command, check=False, env=environment)
    except (OSError, SuspendNotSupported) as error:
        raise CockpitError("attach is not possible here", remedy=f"cockpit attach {line(session, 40)}") from error
    if done.returncode != 0:
        raise CockpitError(f"the session {line(session, 40)} is gone")
