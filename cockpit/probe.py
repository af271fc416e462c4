"""What the machine says of itself, read once for `cockpit doctor`. Reads only; starts no server, writes no setting."""

from __future__ import annotations

import locale
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs

from cockpit import facts, needs, precommit
from cockpit.act import agents
from cockpit.errors import CockpitError
from cockpit.paths import clean_environment, places
from cockpit.plain import plain
from cockpit.spec import LIMIT, SpecError, parse
from cockpit.spec.globs import matches

TMUX_OPTIONS = {"allow-passthrough": "-gwv", "set-clipboard": "-sv", "escape-time": "-sv"}
INOTIFY = Path("/proc/sys/fs/inotify")
LOGIND = (
    "get-property",
    "org.freedesktop.login1",
    "/org/freedesktop/login1",
    "org.freedesktop.login1.Manager",
    "KillUserProcesses",
)


@dataclass(frozen=True, slots=True)
class Probe:
    """Everything the doctor judges. None or an empty value means that it could not be told."""

    git: str | None
    """What `git --version` printed; None when there is no git."""
    identity: str
    """`Ada <ada@example.org>` as git would sign a commit here; empty when it would refuse to commit."""
    tmux: str | None
    python: tuple[int, int, int]
    system: str
    """`Linux`, `Darwin`."""
    environment: Mapping[str, str]
    encoding: str
    """What the locale says text is, such as `UTF-8`."""
    tmux_options: Mapping[str, str] = field(default_factory=dict[str, str])
    """The user's own tmux server, only when we run inside it."""
    agents: Mapping[str, bool] = field(default_factory=dict[str, bool])
    """Agent to whether its program is on PATH."""
    strangers: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Agents on PATH without a key or a login that we can see, to where one could be."""
    broken_agents: tuple[str, ...] = ()
    """What is wrong with agent files that cannot be read."""
    kills_on_logout: bool | None = None
    """logind's KillUserProcesses; None without systemd."""
    lingers: bool | None = None
    guessed: bool = False
    """Whether nobody told git the identity: it made it of user and host."""
    folders: Mapping[str, str] = field(default_factory=dict[str, str])
    """Folder to why it cannot be written; empty when it can."""
    watches: int | None = None
    """inotify's max_user_watches."""
    instances: int | None = None
    """inotify's max_user_instances."""
    protects_nothing: tuple[str, ...] = ()
    """Globs of `protect:` here that no file in git has."""
    precommit: str = ""
    """Whether the spec here has delegates' commits checked, `on` or `off`; empty without a spec that can be read."""
    precommit_lacks: tuple[str, ...] = ()
    """Files of that hook that are gone or altered, once a delegate has worked with it."""


def probe(root: Path) -> Probe:
    """Ask git, tmux, logind, the kernel and the file system. `root` is the folder the doctor was called in."""
    known, strangers, broken = _agents(root)
    wanted, lacks = _precommit(root)
    return Probe(
        git=needs.installed(needs.GIT),
        identity=_identity(root),
        guessed=not _identity(root, "-c", "user.useConfigOnly=true"),
        tmux=needs.installed(needs.TMUX),
        python=sys.version_info[:3],
        system=platform.system(),
        environment=dict(os.environ),
        encoding=locale.getencoding(),
        tmux_options=_tmux_options(),
        agents=known,
        strangers=strangers,
        broken_agents=broken,
        kills_on_logout=_says("busctl", *LOGIND, yes="true", no="false"),
        lingers=_says("loginctl", "show-user", str(os.getuid()), "--property=Linger", "--value", yes="yes", no="no"),
        folders={str(folder): _unwritable(folder) for folder in _folders()},
        watches=_number(INOTIFY / "max_user_watches"),
        instances=_number(INOTIFY / "max_user_instances"),
        protects_nothing=_protects_nothing(root),
        precommit=wanted,
        precommit_lacks=lacks,
    )


def _run(*command: str, cwd: Path | None = None) -> str | None:
    """What a command printed, stripped; None when it is missing, fails or hangs."""
    try:
        answer = subprocess.run(
            command,
            cwd=cwd,
            env=clean_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=5,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return answer.stdout.decode(errors="replace").strip() if answer.returncode == 0 else None


def _says(*command: str, yes: str, no: str) -> bool | None:
    words = (_run(*command) or "").split()
    return True if yes in words else False if no in words else None


def _identity(root: Path, *options: str) -> str:
    words = _run("git", *options, "var", "GIT_AUTHOR_IDENT", cwd=root) or ""
    return words.rpartition(">")[0] + ">" if ">" in words else ""


def _tmux_options() -> dict[str, str]:
    """The options that matter, of the server around us. `show` reads and starts nothing: there is a server."""
    if not os.environ.get("TMUX"):
        return {}
    found = {name: _run("tmux", "show", flags, name) for name, flags in TMUX_OPTIONS.items()}
    return {name: value for name, value in found.items() if value is not None}


def _agents(root: Path) -> tuple[dict[str, bool], dict[str, tuple[str, ...]], tuple[str, ...]]:
    found: dict[str, bool] = {}
    strangers: dict[str, tuple[str, ...]] = {}
    broken: list[str] = []
    for name in agents.names(root):
        if name in ("shell", "rehearsal"):
            continue
        try:
            agent = agents.load(name, root)
            found[name] = agents.installed(agent)
            if found[name] and not agents.authorised(agent):
                strangers[name] = tuple(agent.login)
        except CockpitError as error:
            broken.append(str(error))
    return found, strangers, tuple(broken)


def _precommit(root: Path) -> tuple[str, tuple[str, ...]]:
    """Whether the commit hook of delegates is wanted, and what it lacks where one was dispatched with it."""
    try:
        found = places(cwd=root)
        wanted = parse(plain(found.spec, LIMIT)).controls.precommit
        used = wanted == "on" and any(turn.dispatch.precommit for turn in facts.turns(found.delegates))
    except (OSError, CockpitError, SpecError):
        return "", ()
    return wanted, tuple(path.name for path in precommit.lacking(found)) if used else ()


def _protects_nothing(root: Path) -> tuple[str, ...]:
    """Slips in `protect:` leave open what should not be touched."""
    try:
        found = places(cwd=root)
        wanted = parse(plain(found.spec, LIMIT)).controls.protect
    except (OSError, CockpitError, SpecError):
        return ()
    files = (_run("git", "ls-files", "-z", cwd=found.root) or "").split("\0") if wanted else []
    return tuple(glob for glob in wanted if not any(matches(path, [glob]) for path in files))


def _folders() -> list[Path]:
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir())
    return [Path(platformdirs.user_state_dir("cockpit")), runtime]


def _unwritable(folder: Path) -> str:
    """Why nothing can be made in the folder, or in the nearest one above that exists; nothing is left behind."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        with tempfile.TemporaryFile(dir=folder):
            return ""
    except OSError as error:
        return error.strerror or str(error)


def _number(path: Path) -> int | None:
    try:
        return int(path.read_text())
    except (OSError, ValueError):
        return None
