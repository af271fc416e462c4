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
from cockpit.paths import Places

AT_LINE = frozenset({"vi", "vim", "nvim", "view", "nano", "emacs", "micro", "kak", "joe"})
"""Editors that take `+12` for line 12."""


def editor_command(file: Path, line: int = 1) -> list[str]:
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


def inside(places: Places, named: str) -> Path:
    """The file of the repository that the spec names, seen from the repository's top, else from the spec's folder.

    Raises CockpitError when there is none, or it lies outside (also through `..` or a symlink).
    """
    what = "that lies outside the repository"
    for begin in (places.root, places.spec.parent):
        try:
            file = (begin / named).resolve()
            if file.is_relative_to(places.root):
                what = "no such file in the repository"
                if file.is_file():
                    return file
        except (OSError, ValueError, RuntimeError):  # too long, a NUL byte, links in a circle
            what = "no such file in the repository"
    raise CockpitError(what, where=line(named, 120))


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
