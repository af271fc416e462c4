"""How a screen takes part in interruptions: it tells the engine who looks, and the terminal what wants its human."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Mapping

from cockpit import config
from cockpit.clean import line
from cockpit.errors import CockpitError
from cockpit.wire import Snapshot

KEEP_TITLE, GIVE_TITLE = "\x1b[22;2t", "\x1b[23;2t"
"""The terminal keeps its title for us, and takes it back at the end."""
SAY = 20.0
"""Seconds between two times that the engine is told somebody is here; it believes that for a minute."""


class Presence:
    """Whether somebody looks at this screen: it has the focus, and a key came lately. Times are monotonic seconds."""

    def __init__(self) -> None:
        self.focused = True  # a terminal that doesn't tell of its focus is taken to have it
        self._said = -SAY

    def key(self, now: float | None = None) -> bool:
        """A key came; whether the engine is to be told now."""
        now = time.monotonic() if now is None else now
        self.focused = True
        if now - self._said < SAY:
            return False
        self._said = now
        return True

    def blur(self) -> None:
        """The terminal lost the focus: the engine is to be told, and told again at the next key."""
        self.focused, self._said = False, -SAY


def sequence(words: str, how: str, environ: Mapping[str, str] = os.environ) -> str:
    """What to write to the terminal so that it tells its human: BEL, OSC 9 or OSC 777 (`how`: bell, osc9, osc777, off).

    Inside tmux an OSC reaches the terminal only where tmux passes it through; elsewhere it is the bell.
    """
    said = line(words, 120).replace(";", ",")
    match how:
        case "off":
            return ""
        case "osc9":
            osc = f"\x1b]9;{said}\x07"
        case "osc777":
            osc = f"\x1b]777;notify;Cockpit;{said}\x07"
        case _:
            return "\a"
    if not environ.get("TMUX"):
        return osc
    return f"\x1bPtmux;{osc.replace(chr(27), chr(27) * 2)}\x1b\\" if passes_through() else "\a"


def passes_through() -> bool:
    """Whether the tmux around us lets an OSC through (`allow-passthrough`, off unless its user set it). Only asks."""
    try:
        said = subprocess.run(
            ["tmux", "show", "-gwv", "allow-passthrough"], capture_output=True, timeout=1, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return said.stdout.strip() in (b"on", b"all")


def title(name: str, wanting: int) -> str:
    """The terminal's title: how many signals want you, and whose."""
    return f"\x1b]2;{f'({wanting}) ' if wanting else ''}{line(name, 40)} cockpit\x07"


class Attention:
    """What a new snapshot means for the terminal: a new notice interrupts who does not look, the title counts."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self.presence = Presence()
        self._write = write
        self._title = ""
        try:
            self._settings = config.load().notify
        except CockpitError:
            self._settings = config.Notify()  # the engine tells what is wrong with it

    def tell(self, before: Snapshot, after: Snapshot, name: str) -> None:
        """Write what the change from one snapshot to the next asks for; nothing when nothing has changed."""
        if self._settings.title:
            named = title(name, sum(signal.notify for signal in after.signals))
            if named != self._title:
                self._write(f"{'' if self._title else KEEP_TITLE}{named}")
                self._title = named
        if after.notice.number != before.notice.number and after.notice.words:
            self._write(sequence(after.notice.words, self._settings.terminal))

    def close(self) -> None:
        """The screen goes: the terminal has its title back."""
        if self._title:
            self._write(GIVE_TITLE)
            self._title = ""
