"""Edits of the spec by others: what the file says beyond what our own acts and rows made of the version before."""

from __future__ import annotations

from collections.abc import Collection

from cockpit import persist, sense, spec
from cockpit.engine.look import Look
from cockpit.paths import Places


class Foreign:
    """Remembers the version that was told of last, the tip then, and the signals that rows of ours told."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.document: spec.Document | None = None
        self.tip = ""
        self.home = ""
        self.written: set[str] = set()

    def events(self, seen: Look, told: Collection[str], now: float) -> list[sense.Event]:
        """What others changed since, as events, but for the headings in `told`, which are told otherwise.

        An act that is under way is waited for, so that it isn't taken for theirs.
        """
        before, tip = self.document, self.tip
        changed = before is not None and before.data != seen.document.data
        # In this order: an act goes from its intention to its commit, and only then is the intention gone.
        if changed and (persist.acting(self.places) or (persist.tip(self.places, "HEAD") or "") != seen.home_tip):
            return []
        switched = self.home != seen.home
        self.document, self.tip, self.home = seen.document, seen.home_tip, seen.home
        if before is None or not changed or switched:
            return []
        known = before.data
        if tip and tip != seen.home_tip:
            known = persist.replay(self.places, f"{tip}..{seen.home_tip}", known)
        changes = [*spec.changes(known, seen.document.data, rows=False), *self._rows(before, seen.document)]
        foreign = (change for change in changes if change.section not in told)
        failures = {section.title for section in seen.document.sections if section.kind is spec.Kind.FAILURES}
        return sense.spec_events(foreign, "external", now, failures=failures)

    def _rows(self, before: spec.Document, now: spec.Document) -> list[spec.Change]:
        """Rows of the live signals that somebody else put in or changed (R145)."""
        ours = tuple(f"{name}: " for name in self.written)
        return [row for row in spec.row_changes(before, now) if row.line and not row.after.startswith(ours)]
