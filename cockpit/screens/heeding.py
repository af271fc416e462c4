"""Which signal an act answers: the one the human stands on, or opened less than two minutes ago (salience, A7)."""

from __future__ import annotations

from cockpit.deeds import deed
from cockpit.verbs import Verb
from cockpit.wire import SignalView

SOON = 120.0
"""Seconds within which an act follows from looking at a signal."""
ASIDE = frozenset({"mute", "unmute", "dismiss", "pin", "undo", "redo", "add"})
"""Verbs that are no answer to a signal."""


class Heeding:
    """Remembers the signal that was opened last."""

    def __init__(self) -> None:
        self._opened: SignalView | None = None
        self._at = 0.0

    def open(self, signal: SignalView, now: float) -> None:
        """Its evidence, its review, its why were looked at, or its act begun."""
        self._opened, self._at = signal, now

    def heeds(self, verb: Verb, target: str, selected: SignalView | None, now: float) -> str:
        """The family of the signal that this act answers; empty when it answers none.

        An act on no target answers only a signal that suggests it and was just opened.
        """
        opened = self._opened if now - self._at < SOON else None
        signal = opened if verb.target == "none" else selected or opened
        if signal is None or verb.name in ASIDE:
            return ""
        if verb.target == "none":
            return signal.family if deed(signal.action).verb == verb.name else ""
        return signal.family if target and target in (signal.key, signal.item) else ""
