"""An interactive agent in our pane: its screen is looked at when it has come to rest, words are typed into its prompt.

No pane is polled: the time of the pane's log says when there is something new. Nothing is ever typed into a dialog;
that it is up is told, and the human attaches (agents, findings 8 to 11).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from cockpit.act import inbox, screen, tmux
from cockpit.act.answers import put_aside, take_back
from cockpit.act.launch import Launch
from cockpit.act.screen import Glance
from cockpit.loose import Table

REST = 1.0
"""Seconds that a screen stands still before it is believed."""
WAITS = 6.0
"""The same before a prompt without an answer, or a screen that says nothing to us, is told as waiting."""
SETTLES = 0.7
"""Seconds between a paste and its Enter: sooner, some take it for a line of the paste."""
TAKES = 5.0
"""Seconds in which what was typed must be seen to be taken."""
HOLDS = 30.0
"""Seconds that an answer waits for a prompt into which the human's words can go; then they go into the next brief."""
OPENING = "Read .cockpit/brief.md in this folder and carry it out."


class Tty:
    """One agent's screen. `hear` takes what is seen on it as events of the turn's record."""

    def __init__(self, launch: Launch, folder: Path, hear: Callable[[list[Table]], None]) -> None:
        self._launch = launch
        self._folder = folder
        self._answer = Path(launch.values["answer"])
        self._hear = hear
        self._opens = launch.stdin == "brief"
        """The agent was given no words when it was started."""
        self._glance: Glance | None = None
        self._seen = 0.0
        self._told = ""
        self._stood = ""
        self._held = 0.0

    def step(self) -> bool:
        """Look, type what is to be said where it can be said; whether the agent has answered and nothing is left."""
        glance = self._look()
        waiting = inbox.waiting(self._folder)
        if glance is not None and glance.state == "ready":
            if self._opens:
                self._opens = not self._send(OPENING)
            elif waiting and self._deliver(waiting):
                return False
        if not self._stands():
            self._held = time.monotonic()
            return False
        return not waiting or time.monotonic() - self._held > HOLDS

    def _look(self) -> Glance | None:
        """What the screen shows since it has come to rest; None while it moves. What it waits for is told."""
        try:
            moved = (self._folder / tmux.LOG).stat().st_mtime
        except OSError:
            return None
        age = time.time() - moved
        if age < REST:
            return None
        if self._glance is None or moved != self._seen:
            self._seen, self._glance = moved, self._understand(self._shown())
        if self._glance.state in ("busy", "dialog") or age >= WAITS:
            self._tell(self._glance)
        return self._glance

    def _deliver(self, messages: list[inbox.Message]) -> bool:
        """The answer, if there is one, is that to what was said before."""
        aside = f"message-{len(inbox.delivered(self._folder)) + 1}"
        put_aside(self._answer, aside)
        if not self._send(inbox.words(messages)):
            take_back(self._answer, aside)
            return False
        inbox.deliver(self._folder, messages)
        return True

    def _send(self, text: str) -> bool:
        """Type the text into the prompt and see that it is taken; False when the prompt isn't there or it is not. Then
        the text may stand in the prompt: no second Enter is pressed, for something else may be up by now.
        """
        before = self._shown()
        if self._understand(before).state != "ready":
            return False
        if not tmux.paste(self._launch, self._launch.session, text, SETTLES):
            return False
        deadline = time.monotonic() + TAKES
        while time.monotonic() < deadline:
            shown = self._shown()
            glance = self._understand(shown)
            if glance.state == "dialog":
                return False
            if glance.state == "busy" or (glance.state == "ready" and shown != before):
                self._tell(Glance("busy"))
                return True
            time.sleep(0.1)
        return False

    def _stands(self) -> bool:
        """Whether the answer file has stood still since the last step."""
        try:
            info = self._answer.stat()
        except OSError:
            self._stood = ""
            return False
        before, self._stood = self._stood, f"{info.st_mtime_ns} {info.st_size}"
        return info.st_size > 0 and self._stood == before

    def _shown(self) -> str:
        return tmux.screen(self._launch, self._launch.session)

    def _understand(self, shown: str) -> Glance:
        return screen.understand(shown, self._launch.patterns)

    def _tell(self, glance: Glance) -> None:
        event = screen.event(glance)
        words = str(event.get("words", ""))
        if words != self._told:
            self._told = words
            self._hear([event])
