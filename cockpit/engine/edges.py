"""Who went from which state to which, from look to look, and the steps that the table refuses (R63)."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from cockpit import select
from cockpit.engine.look import Look
from cockpit.select import states, table
from cockpit.select.table import State

log = logging.getLogger("cockpit.engine")


class Edges:
    """Keeps the last state of each item, for the log alone: what an item is in is told anew by each look."""

    def __init__(self) -> None:
        self.known: Mapping[str, State] = {}
        self.told: dict[tuple[str, str], str] = {}

    def see(self, seen: Look) -> None:
        """Log every item that is in another state than at the last look, and by which edge it came there."""
        for item, now in seen.plan.items.items():
            before = self.known.get(item)
            if before is not None and before is not now:
                taken = table.edge(before, now)
                log.info(
                    "%s: %s -> %s (%s)", item, before, now, taken.rule if taken else "in several steps, or by hand"
                )
        self.known = seen.plan.items
        self.told = {key: words for key, words in self.told.items() if key[0] in self.known}

    def refuse(self, seen: Look, step: select.Step, item: str) -> str:
        """Why the step is not carried out, logged once; empty when the table has the edge that it makes."""
        state = seen.plan.items.get(item)
        words = states.refusal(step, state, seen.turns.get(item)) if state is not None else ""
        key = (item, type(step).__name__)
        if words and self.told.get(key) != words:
            log.warning("refused %s of %s: %s", key[1].lower(), item, words)
        if words:
            self.told[key] = words
        else:
            self.told.pop(key, None)
        return words
