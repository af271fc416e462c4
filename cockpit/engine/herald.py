"""Interrupting the human: what `notify` decides, told once to the screens and to the user's own command."""

from __future__ import annotations

import logging
import os
import subprocess
import time
from collections.abc import Sequence

from cockpit import config
from cockpit.clean import line
from cockpit.errors import CockpitError
from cockpit.notify import Books, Wish, due, message, notify
from cockpit.wire import Notice, SignalView

HERE = 60.0
"""Seconds after a key in a focused screen during which the human is taken to look at it."""
PATIENCE = 10.0
"""Seconds the user's command may take."""

log = logging.getLogger("cockpit.engine")


class Herald:
    """Keeps the books of `notify`, and until when somebody is here. A bad config is told and counts as none."""

    def __init__(self) -> None:
        self.trouble = ""
        try:
            self.settings = config.load().notify
        except CockpitError as error:
            self.settings, self.trouble = config.Notify(), line(f"no interruptions: {error}", 200)
        self._books = Books()
        self._wishes: Sequence[Wish] = ()
        self._here = 0.0
        self._notice = Notice()
        self._hook: subprocess.Popen[bytes] | None = None
        self._begun = 0.0

    def here(self) -> None:
        """A key was pressed in a screen that has the focus."""
        self._here = time.monotonic() + HERE

    def away(self) -> None:
        """The terminal lost the focus, or the screen went."""
        self._here = 0.0

    def tell(self, signals: Sequence[SignalView], now: float) -> Notice:
        """The last interruption; a new number means that there was one just now."""
        self._wishes = [Wish(signal.key, signal.what, urgent=signal.blocks) for signal in signals if signal.notify]
        hours = self.settings.hours
        quiet = hours is not None and hours.hold(now)
        here = time.monotonic() < self._here
        self._books, sent = notify(self._books, self._wishes, here=here, quiet=quiet, now=now)
        if sent:
            self._notice = Notice(number=self._notice.number + 1, words=line(message(sent), 160), key=sent[0].key)
            self._run(self._notice)
        return self._notice

    def due(self) -> float | None:
        """When `tell` has something to say though nothing happens (epoch seconds)."""
        return due(self._books, self._wishes)

    def sweep(self) -> None:
        """End a command that takes too long."""
        hook = self._hook
        if hook is not None and hook.poll() is None and time.monotonic() - self._begun > PATIENCE:
            hook.kill()
            hook.wait()
            log.warning("notify: the command took over %d s and was ended", PATIENCE)
        if hook is not None and hook.poll() is not None:
            if hook.returncode:
                log.warning("notify: the command ended with %s", hook.returncode)
            self._hook = None

    def _run(self, notice: Notice) -> None:
        """Start the user's command, never two at once: words are an argument, never part of a shell's line."""
        self.sweep()
        if not self.settings.command or self._hook is not None:
            return
        try:
            self._hook = subprocess.Popen(
                [*self.settings.command, notice.words],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "COCKPIT_SIGNAL": notice.key},
                start_new_session=True,
            )
            self._begun = time.monotonic()
        except OSError as error:
            log.warning("notify: %s: %s", line(self.settings.command[0], 80), error.strerror)
