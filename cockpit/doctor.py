"""`cockpit doctor`: is this machine fit, and if not, what to do. Pure judgement over a `Probe`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from cockpit import needs
from cockpit.clean import line
from cockpit.probe import Probe

Level = Literal["ok", "warning", "error"]
GLYPHS: dict[Level, str] = {"ok": "✓", "warning": "!", "error": "✗"}
PYTHON = (3, 11)
WATCHES = 8192
INSTANCES = 128
SLUGGISH = 50
"""Milliseconds of tmux's escape-time from which a human feels Escape lag (its default was 500 before 3.5)."""


class Finding(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of the doctor: what was looked at, how it is, and the order that mends it."""

    name: str
    level: Level
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        cure = f"\n{'':14}→ {self.remedy}" if self.remedy else ""
        return f"{GLYPHS[self.level]} {self.name:<11} {self.what}{cure}"


def findings(probe: Probe) -> list[Finding]:
    """Every check in reading order. Only what stops Cockpit from working is an error."""
    return [
        *_programs(probe),
        *_terminal(probe),
        *_around_tmux(probe),
        *_agents(probe),
        *_logout(probe),
        *_folders(probe),
        *_inotify(probe),
        *_precommit(probe),
        *_protect(probe),
    ]


def of_the_machine(probe: Probe) -> list[Finding]:
    """What matters to an engine, whatever terminal it was started from."""
    return [*_programs(probe), *_logout(probe), *_folders(probe), *_inotify(probe), *_precommit(probe)]


def healthy(found: list[Finding]) -> bool:
    """Whether nothing found is an error."""
    return all(finding.level != "error" for finding in found)


def _ok(name: str, what: str) -> Finding:
    return Finding(name=name, level="ok", what=what)


def _warning(name: str, what: str, remedy: str) -> Finding:
    return Finding(name=name, level="warning", what=what, remedy=remedy)


def _error(name: str, what: str, remedy: str) -> Finding:
    return Finding(name=name, level="error", what=what, remedy=remedy)


def _programs(probe: Probe) -> Iterator[Finding]:
    for need, words in ((needs.GIT, probe.git), (needs.TMUX, probe.tmux)):
        what = needs.lack(need, words)
        yield _error(need.name, what, need.remedy) if what else _ok(need.name, str(words))
    if probe.git is not None:
        yield _identity(probe)
    version = ".".join(map(str, probe.python))
    if probe.python[:2] < PYTHON:
        yield _error("python", f"{version} is too old", "install Python 3.11 or newer")
    else:
        yield _ok("python", version)
    if probe.system != "Linux":
        yield _error("system", f"{probe.system} is not supported: processes are told by /proc", "use Linux (WSL 2 too)")


def _identity(probe: Probe) -> Finding:
    remedy = "git config --global user.name NAME, and user.email ADDRESS"
    if not probe.identity:
        return _error("identity", "git does not know who commits", remedy)
    if probe.guessed:
        return _warning("identity", f"git guesses: {probe.identity}", remedy)
    return _ok("identity", probe.identity)


def _terminal(probe: Probe) -> Iterator[Finding]:
    environment = probe.environment
    term = environment.get("TERM", "")
    if term in ("", "dumb"):
        yield _warning("terminal", f"TERM is {term or 'not set'}", "open cockpit in a terminal, or set TERM")
    else:
        yield _ok("terminal", term)
    colours = colour_depth(term, environment.get("COLORTERM", ""), environment.get("NO_COLOR", ""))
    if colours in ("truecolor", "256 colours", "none (NO_COLOR)"):
        yield _ok("colours", colours)
    else:
        yield _warning("colours", colours, "export COLORTERM=truecolor if the terminal can show it")
    if probe.encoding.lower().replace("-", "") == "utf8":
        yield _ok("text", "UTF-8")
    else:
        yield _warning("text", f"the locale is {probe.encoding}", "export LC_ALL=C.UTF-8")
    if environment.get("SSH_CONNECTION") and not environment.get("TMUX"):
        remedy = "nothing: engine and delegates live on; open cockpit again"
        yield Finding(name="ssh", level="ok", what="if the line drops the screen goes", remedy=remedy)


def colour_depth(term: str, colorterm: str, no_color: str) -> str:
    """What the terminal says it can show, by the conventions that programs go by."""
    if no_color:
        return "none (NO_COLOR)"
    if colorterm.lower() in ("truecolor", "24bit") or term.endswith("-direct"):
        return "truecolor"
    if "256color" in term:
        return "256 colours"
    return "16 colours" if term not in ("", "dumb") else "unknown"


def _around_tmux(probe: Probe) -> Iterator[Finding]:
    """The user's own tmux, which is never changed: what to put into its configuration."""
    options = probe.tmux_options
    if not options:
        if not probe.environment.get("TMUX"):
            yield _ok("your tmux", "not inside tmux: nothing in the way of keys, clipboard and bell")
        return
    clipboard = options.get("set-clipboard", "")
    if clipboard == "on":
        yield _ok("clipboard", "tmux passes OSC 52 on (set-clipboard on)")
    elif clipboard:
        yield _warning(
            "clipboard", f"set-clipboard is {clipboard}: tmux keeps copies to itself", "tmux set -s set-clipboard on"
        )
    passthrough = options.get("allow-passthrough")
    if passthrough is None:
        yield _ok("passthrough", "this tmux always passes through")
    elif passthrough == "off":
        yield _warning(
            "passthrough",
            "allow-passthrough is off: notifications of the terminal do not get out",
            "tmux set -g allow-passthrough on (the bell works without)",
        )
    else:
        yield _ok("passthrough", f"allow-passthrough {passthrough}")
    delay = options.get("escape-time", "")
    if delay.isdecimal() and int(delay) > SLUGGISH:
        yield _warning("escape", f"escape-time is {delay} ms: Escape lags", "tmux set -s escape-time 20")
    elif delay:
        yield _ok("escape", f"escape-time {delay} ms")


def _agents(probe: Probe) -> Iterator[Finding]:
    present = [name for name, found in probe.agents.items() if found]
    absent = [name for name, found in probe.agents.items() if not found]
    if present:
        yield _ok("agents", ", ".join(present) + (f" (not on PATH: {', '.join(absent)})" if absent else ""))
    else:
        yield _warning(
            "agents",
            f"none is on PATH ({', '.join(absent)})",
            "install one, or use any command: agent: shell COMMAND; cockpit demo needs none",
        )
    for name, places in probe.strangers.items():
        what = f"{name} has no key and no login in sight"
        yield _warning("agents", what, f"log in with it, or set one of {', '.join(places)}")
    for words in probe.broken_agents:
        yield _warning("agents", words, "mend or remove that file")


def _logout(probe: Probe) -> Iterator[Finding]:
    if probe.kills_on_logout is None:
        yield _ok("logout", "no logind: nothing ends your processes when you log out")
    elif not probe.kills_on_logout:
        yield _ok("logout", "delegates live on when you log out")
    elif probe.lingers:
        yield _ok("logout", "you linger: delegates live on when you log out")
    else:
        yield _warning(
            "logout", "logind kills engine and delegates when you log out (KillUserProcesses)", "loginctl enable-linger"
        )


def _folders(probe: Probe) -> Iterator[Finding]:
    for folder, why in probe.folders.items():
        if why:
            yield _error("folders", f"{folder}: {why}", "make it writable, or point XDG_STATE_HOME elsewhere")
        else:
            yield _ok("folders", f"{folder} is writable")


def _inotify(probe: Probe) -> Iterator[Finding]:
    if probe.watches is None or probe.instances is None:
        yield _warning("inotify", "its limits cannot be read", "changes are then seen by the two-second sweep")
    elif probe.watches < WATCHES:
        yield _warning("inotify", f"max_user_watches is {probe.watches}", "sysctl fs.inotify.max_user_watches=524288")
    elif probe.instances < INSTANCES:
        yield _warning(
            "inotify", f"max_user_instances is {probe.instances}", "sysctl fs.inotify.max_user_instances=512"
        )
    else:
        yield _ok("inotify", f"{probe.watches} watches, {probe.instances} instances")


def _protect(probe: Probe) -> Iterator[Finding]:
    """A glob that is a slip protects nothing, and no check would say a word."""
    for glob in probe.protects_nothing:
        what = f"{line(glob, 60)} names no file in git"
        yield _warning("protect", what, "correct it, or take it out of the front matter")


def _precommit(probe: Probe) -> Iterator[Finding]:
    """The commit hook of delegates: whether it is wanted, and whole."""
    if probe.precommit_lacks:
        names = ", ".join(probe.precommit_lacks[:3]) + (" ..." if len(probe.precommit_lacks) > 3 else "")
        remedy = "the next turn of a delegate writes it anew; see who did it"
        yield _warning("commit hook", f"altered or gone: {names}", remedy)
    elif probe.precommit == "on":
        yield _ok("commit hook", "checks what delegates commit")
    elif probe.precommit == "off":
        yield _ok("commit hook", "not wanted (precommit: off)")
