"""A check beside the others, in a thread of its own: how long it took, and what becomes of one that takes too long."""

from __future__ import annotations

import threading
import time

from cockpit.clean import line
from cockpit.errors import CockpitError
from cockpit.verify.case import Case
from cockpit.verify.finding import Finding
from cockpit.verify.table import Entry


class Aside:
    """One check at work from the moment this is made."""

    def __init__(self, entry: Entry, case: Case) -> None:
        self.entry = entry
        self._case = case
        self._begun = time.monotonic()
        self._done: tuple[Finding, float] | None = None
        # A daemon: what it reads is bounded, so it ends by itself, and nobody waits for it when its time is up.
        self._thread = threading.Thread(target=self._work, name=f"check-{entry.number}", daemon=True)
        self._thread.start()

    def _work(self) -> None:
        found = judged(self.entry, self._case)
        self._done = found, time.monotonic() - self._begun

    def result(self) -> tuple[Finding, float]:
        """What it found and its seconds; `broken` when it took longer than its budget."""
        self._thread.join(max(0.0, self._begun + self.entry.budget - time.monotonic()))
        budget = self.entry.budget
        if self._done is not None and self._done[1] <= budget:
            return self._done
        words = f"took longer than {budget:g} s: nothing is known (split the change)"
        return Finding("broken", words), self._done[1] if self._done else budget


def judged(entry: Entry, case: Case) -> Finding:
    """The finding of a check of the table; whatever it raises makes it broken, which is never taken for a pass."""
    if entry.word and entry.word in case.rule("checks", "off"):
        return Finding("n/a", "switched off in the spec (checks: off)")
    try:
        assert entry.judge is not None  # noqa: S101
        return entry.judge(case)
    except Exception as error:
        return Finding("broken", words(error))


def words(error: Exception) -> str:
    """An error in one line."""
    return line(str(error) if isinstance(error, CockpitError) else f"{type(error).__name__}: {error}")
