"""Programs that take the terminal over for a while: the human's editor, a delegate's tmux session."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from textual.app import App, SuspendNotSupported

from cockpit import editor
from cockpit.clean import line
from cockpit.errors import CockpitError
from cockpit.paths import Places


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
    try:
        editor.edit(file, line, lambda words: _aside(app, words))
    except SuspendNotSupported as error:
        raise CockpitError("the editor did not start: the screen cannot step aside here") from error


def _aside(app: App[Any], words: Sequence[str], environment: Mapping[str, str] | None = None) -> int:
    """Exit status of a program that has the terminal meanwhile. Raises OSError, ValueError, SuspendNotSupported.

    What it raises is raised when the screen is back: `suspend` does not come back from an exception.
    """
    failed: Exception | None = None
    status = 0
    with app.suspend():
        try:
            status = subprocess.run(words, check=False, env=environment).returncode
        except (OSError, ValueError) as error:
            failed = error
    if failed is not None:
        raise failed
    return status


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
            status = subprocess.run(new, check=False, capture_output=True).returncode
        else:
            status = _aside(app, command, environment)
    except (OSError, SuspendNotSupported) as error:
        raise CockpitError("attach is not possible here", remedy=f"cockpit attach {line(session, 40)}") from error
    if status != 0:
        raise CockpitError(f"the session {line(session, 40)} is gone")
