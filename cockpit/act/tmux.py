"""Sessions on the private tmux server (limits-substrate, section 4).

tmux expands `#(command)` in names and in the tap's command, so only generated words go there. Every target is exact
(`=name`): a bare `ck-q1-1` would also hit `ck-q1-10`.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cockpit.errors import CockpitError
from cockpit.paths import Places

CONFIG = Path(__file__).with_name("tmux.conf")
OLDEST = (3, 2)
SIZE = ("-x", "160", "-y", "45")
KEPT = (
    "HOME",
    "PATH",
    "LANG",
    "LANGUAGE",
    "USER",
    "LOGNAME",
    "SHELL",
    "TMPDIR",
    "TMUX_TMPDIR",
    "XDG_RUNTIME_DIR",
    "TZ",
)
LOG, BELL, DIED = "pane.log", "bell", "died"
PLAIN = re.compile(r"[A-Za-z0-9/._+@-]+")


@dataclass(frozen=True, slots=True)
class Session:
    """A session of ours as tmux knows it now."""

    name: str
    pid: int
    """The runner's process."""
    dead: bool
    """Whether the runner has ended; the pane still shows what it said."""


def name(item: str, turn: int) -> str:
    """The session of that turn, `ck-q1-2`; nothing in it means anything to tmux."""
    return f"ck-{re.sub('[^A-Za-z0-9_-]', '', item)}-{turn}"


def version() -> tuple[int, ...]:
    """Version of the installed tmux, (3, 3) for 3.3a. Raises CockpitError when there is none or it is too old."""
    try:
        words = subprocess.run(["tmux", "-V"], capture_output=True, text=True, check=False).stdout
    except FileNotFoundError as error:
        raise CockpitError("tmux is not installed", remedy="install tmux 3.2 or newer") from error
    numbers = tuple(int(part) for part in re.findall(r"\d+", words)[:2])
    if "master" not in words and numbers < OLDEST:
        raise CockpitError(f"{words.strip() or 'tmux'} is too old", remedy="install tmux 3.2 or newer")
    return numbers


def environment() -> dict[str, str]:
    """What the server and so every session starts with: no keys, no TMUX, no GIT_*."""
    kept = {key: value for key, value in os.environ.items() if key in KEPT or key.startswith("LC_")}
    return {"TERM": "xterm-256color", **kept}


class Server(Protocol):
    """Names the private tmux server, as `Places` and `Launch` do."""

    @property
    def tmux(self) -> str:
        """Its name, as in `tmux -L NAME`."""
        ...


def run(places: Server, *args: str, data: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    """One tmux command on our server, output captured, exit status left to the caller.

    Raises CockpitError when tmux is missing.
    """
    command = ["tmux", "-L", places.tmux, "-f", str(CONFIG), *args]
    try:
        return subprocess.run(command, env=environment(), input=data or b"", capture_output=True, check=False)
    except FileNotFoundError as error:
        raise CockpitError("tmux is not installed", remedy="install tmux 3.2 or newer") from error


def start(places: Places, session: str, command: Sequence[str], folder: Path) -> bool:
    """Start `command` (argv, no shell) in a new session that leaves its facts in `folder`: all output in `pane.log`,
    the time of its last bell in `bell`, how the command died in `died`.

    The tap begins in the same command list, so that no first byte is missed. False when the session is there already.
    Raises CockpitError when tmux refuses.
    """
    if exists(places, session):
        return False
    tap = places.runtime / session
    if not PLAIN.fullmatch(str(tap)) or not PLAIN.fullmatch(session):
        raise CockpitError("odd characters in the path of the tap", where=str(tap), remedy="set XDG_RUNTIME_DIR")
    # The folder lies in the repository, whose path may hold anything; the tap's path is ours.
    (folder / LOG).touch(mode=0o600)
    tap.unlink(missing_ok=True)
    tap.symlink_to(folder)
    ways = "status=#{pane_dead_status} signal=#{pane_dead_signal}"
    words = [word[:-1] + r"\;" if word.endswith(";") else word for word in command]  # a last ; ends a command of tmux
    made = run(
        places,
        *("new-session", "-d", "-s", session, "-c", "/", *SIZE, "--", *words),
        *(";", "pipe-pane", "-t", f"={session}:", f"exec cat >> {tap}/{LOG}"),
        *(";", "set-hook", "-t", f"={session}:", "alert-bell", f"run-shell -b ': >{tap}/{BELL}'"),
        *(";", "set-hook", "-p", "-t", f"={session}:", "pane-died", f"run-shell -b 'echo {ways} >{tap}/{DIED}'"),
    )
    if made.returncode != 0:
        if exists(places, session):
            return False
        said = os.fsdecode(made.stderr).strip() or "no answer"
        raise CockpitError(f"tmux: {said}", where=session, remedy=f"try tmux -L {places.tmux} ls")
    return True


def exists(places: Server, session: str) -> bool:
    """Whether the session is there, its runner alive or not."""
    return run(places, "has-session", "-t", f"={session}").returncode == 0


def sessions(places: Places) -> dict[str, Session]:
    """All our sessions by name; none when the server is down. One call of libtmux."""
    import libtmux  # takes longer to load than the rest of this room
    from libtmux.exc import LibTmuxException

    server = libtmux.Server(socket_name=places.tmux, config_file=str(CONFIG))
    try:
        panes = server.panes
    except LibTmuxException:
        return {}
    found: dict[str, Session] = {}
    for pane in panes:
        label = pane.session_name or ""
        if label.startswith("ck-"):
            found[label] = Session(label, int(pane.pane_pid or 0), pane.pane_dead == "1")
    return found


def answers(places: Places) -> bool:
    """Whether our server is there, told by its socket; no process is started."""
    folder = os.environ.get("TMUX_TMPDIR") or "/tmp"  # noqa: S108 - where tmux itself puts it
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as knock:
            knock.connect(f"{folder}/tmux-{os.getuid()}/{places.tmux}")
    except OSError:
        return False
    return True


def screen(places: Server, session: str) -> str:
    """What the session's pane shows now, without colours; empty when it is gone."""
    shown = run(places, "capture-pane", "-p", "-t", f"={session}:")
    return shown.stdout.decode(errors="replace") if shown.returncode == 0 else ""


def key(places: Server, session: str, name: str) -> bool:
    """Press one named key (`Escape`, `C-c`, `Enter`)."""
    return run(places, "send-keys", "-t", f"={session}:", name).returncode == 0


def paste(places: Server, session: str, text: str, settles: float = 0.3) -> bool:
    """Bracketed paste of the text, then Enter after `settles` seconds. Controls that could end the bracket go."""
    harmless = "".join(letter for letter in text if letter in "\n\t" or letter.isprintable()).strip()
    buffer = f"b-{session}"
    if run(places, "load-buffer", "-b", buffer, "-", data=harmless.encode()).returncode != 0:
        return False
    if run(places, "paste-buffer", "-p", "-d", "-b", buffer, "-t", f"={session}:").returncode != 0:
        return False
    time.sleep(settles)  # Codex takes an Enter within 120 ms of a burst as a new line
    return key(places, session, "Enter")


def attach_command(places: Places, session: str, environ: Mapping[str, str] = os.environ) -> list[str]:
    """What brings the human to the session from where they are: no tmux, their tmux, or ours already."""
    ours = ["tmux", "-L", places.tmux]
    inside = environ.get("TMUX", "").partition(",")[0]
    if not inside:
        return [*ours, "attach-session", "-t", f"={session}"]
    if Path(inside).name == places.tmux:
        return [*ours, "switch-client", "-t", f"={session}"]
    return ["tmux", "new-window", "-n", session, "env", "-u", "TMUX", *ours, "attach-session", "-t", f"={session}"]


def end(places: Places, session: str) -> None:
    """End a session whose program is over; nothing when it is gone."""
    run(places, "kill-session", "-t", f"={session}")


def stop_server(places: Places) -> None:
    """End our server and with it every session; the runners write their sentinels. For tests and `demo`."""
    run(places, "kill-server")
