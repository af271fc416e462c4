"""The guard of the human's own checkout: whether a delegate works there instead of in its worktree (R85)."""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Iterable, Sequence
from pathlib import Path

from cockpit import facts
from cockpit.act.children import marked
from cockpit.clean import line
from cockpit.engine.look import Look
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist.checkout import dirty
from cockpit.sense import Event
from cockpit.sense.sources.outside import Trace, Worker, outside_events, traces
from cockpit.spec.fields import paths

EVERY = 5.0
"""Seconds between two looks at the checkout while a delegate runs; with none running and nothing told, no look."""
KEPT = 200
"""Traces remembered."""


class Guard:
    """Remembers where delegates were seen."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.traces: deque[Trace] = deque(maxlen=KEPT)
        self.fresh = False
        """There are traces that were not compared with the checkout yet."""
        self.running: frozenset[str] = frozenset()
        self.looked = 0.0
        self.trouble: list[str] = []
        """What keeps it from reading now."""

    def heed(self, events: Iterable[Event]) -> None:
        """Take from these events where delegates were; from any thread."""
        found = traces(events, self.places.root, self.places.local)
        self.traces += found
        self.fresh = self.fresh or bool(found)

    def events(self, seen: Look, known: Sequence[Event], now: float) -> list[Event]:
        """What a delegate changed in the checkout; `known` is what is open of it.

        Never raises: what git could not tell is in `trouble`.
        """
        turns = [turn for turn in seen.turns.values() if turn.sentinel is None and turn.running is not None]
        running = frozenset(f"{turn.item}/{turn.number}" for turn in turns)
        ended = bool(self.running - running)
        if not (running or ended or known) or (not self.fresh and not ended and 0 <= now - self.looked < EVERY):
            return []
        self.running, self.looked, self.fresh, self.trouble = running, now, False, []
        try:
            changed = dirty(self.places)
        except CockpitError as error:
            self.trouble = [line(str(error), 200)]
            return []
        if changed:
            self.traces += [trace for turn in turns for trace in self._there(turn, now)]
        workers = [self._worker(seen, turn) for turn in seen.turns.values()]
        return outside_events(changed, list(self.traces), workers, known, self.places.root, now)

    def _worker(self, seen: Look, turn: facts.Turn) -> Worker:
        item = seen.document.item(turn.item)
        return Worker(
            turn.item,
            turn.dispatch.worktree,
            turn.dispatch.at,
            paths(item) if item is not None else (),
            runs=turn.sentinel is None,
        )

    def _there(self, turn: facts.Turn, now: float) -> list[Trace]:
        """The processes of the turn whose working folder is in the checkout."""
        found: list[Trace] = []
        for pid in marked(turn.folder):
            with contextlib.suppress(OSError):
                here = Path(f"/proc/{pid}/cwd").readlink()
                if here.is_relative_to(self.places.root) and not here.is_relative_to(self.places.local):
                    found.append(Trace(turn.item, f"its process {pid} works in {line(str(here), 100)}", now))
        return found
