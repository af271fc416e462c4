"""Is the machine fit, and is the engine's own session whole: what `cockpit doctor` checks, and what a session needs."""

from __future__ import annotations

import os
from collections.abc import Iterator

from cockpit import doctor, sense
from cockpit.act import agents, tmux
from cockpit.engine.look import Look, alive
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.probe import probe
from cockpit.sense.sources.checks import Check, Fit, check_events

EVERY = 600.0
"""Seconds between two looks at the machine."""
LITTLE, NONE = 500, 50
"""Megabytes free: fewer than the first is told, with fewer than the second nothing can be relied on."""
_FITS: dict[doctor.Level, Fit] = {"ok": "ok", "warning": "warn", "error": "fail"}


class Health:
    """What was found of the machine last; `look` asks it anew, which takes a tenth of a second."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.found: list[Check] = []

    def look(self) -> bool:
        """Ask git, tmux, logind and the kernel; whether anything is another than before."""
        before = self.found
        found = doctor.of_the_machine(probe(self.places.root))
        self.found = [Check(each.name, _FITS[each.level], each.what, each.remedy) for each in found]
        return self.found != before

    def events(self, seen: Look, now: float) -> list[sense.Event]:
        """How everything is now, level by level."""
        return [
            *check_events("preflight", [*self.found, *self._agents(seen)], now),
            *check_events("session.check", [self._spool(), self._disk(), self._tmux(seen)], now),
        ]

    def _agents(self, seen: Look) -> Iterator[Check]:
        """The agents that work comes to next: the spec's, and that of the head."""
        head = seen.plan.head
        wanted = {seen.document.controls.agent, head.value("agent") if head is not None else ""} - {""}
        for name in sorted(wanted):
            try:
                agent = agents.load(name, self.places.root)
            except CockpitError as error:
                yield Check("agent", "fail", error.what, error.remedy)
                continue
            if agents.installed(agent):
                yield Check("agent", "ok", agent.name)
            else:
                program = agent.command[0]
                yield Check("agent", "fail", f"{program} is not on PATH", f"install {program}, or name another agent")

    def _spool(self) -> Check:
        spool = self.places.spool
        writable = os.access(spool if spool.exists() else spool.parent, os.W_OK)
        return Check(
            "spool", "ok" if writable else "fail", "is writable" if writable else "cannot be written", str(spool)
        )

    def _disk(self) -> Check:
        try:
            info = os.statvfs(self.places.local)
        except OSError as error:
            return Check("disk", "fail", error.strerror or str(error), str(self.places.local))
        free = info.f_bavail * info.f_frsize // 1_000_000
        if free < NONE or (info.f_files and not info.f_favail):
            return Check("disk", "fail", "nearly full: facts, journal and work can be lost", "make room")
        return (
            Check("disk", "warn", f"less than {LITTLE} MB free", "make room")
            if free < LITTLE
            else Check("disk", "ok", "has room")
        )

    def _tmux(self, seen: Look) -> Check:
        """Whether the server answers that the living runners are in."""
        living = any(turn.sentinel is None and alive(turn) for turn in seen.turns.values())
        if not living or tmux.answers(self.places):
            return Check("tmux server", "ok", "answers" if living else "not needed")
        return Check(
            "tmux server", "fail", "does not answer: no delegate can be attached to", f"tmux -L {self.places.tmux} ls"
        )
