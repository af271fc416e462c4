"""Keeping `## Known failures`: what fails is appended with source and time, what is green is struck (R18, R26)."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from cockpit import cache, persist, sense
from cockpit.clean import line
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.spec import Document, SpecError, parse

FILE = "failures.json"
"""In `.cockpit/`: key to when the document first told of it, so that what the human took away stays away."""


class Known:
    """What the document told of failures: read when the engine starts, written when it changes."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.path = places.local / FILE
        self.times = cache.load(self.path, dict[str, float]) or {}
        self.first = True
        self.trouble: list[str] = []
        """What keeps it from writing now: the screens are told, the next pass tries again."""

    def keep(
        self, families: Mapping[str, sense.Family], document: Document, muted: Collection[str], now: float
    ) -> Document:
        """Write into the spec what changed since, all in one commit; gives the document as it is then.

        A kill between the commit and the memory costs nothing: what stands there is known.
        """
        self.trouble = []
        try:
            return self._keep(families, document, muted, now)
        except CockpitError as error:
            self.trouble = [f"known failures: {line(str(error), 160)}"]
            return document

    def _keep(
        self, families: Mapping[str, sense.Family], document: Document, muted: Collection[str], now: float
    ) -> Document:
        todo = sense.ledger(families, document, self.times, muted, now, first=self.first)
        if sense.write_failures(document.data, todo) != document.data:
            try:
                receipt = persist.record(self.places, lambda data: sense.write_failures(data, todo), _act(todo))
            except SpecError:
                return document  # half a save of somebody's: the next pass does it
            document = parse(receipt.after) if parse(receipt.before) == document else document
        if todo.known != self.times:
            cache.save(self.path, dict(todo.known))
            self.times = dict(todo.known)
        self.first = False
        return document


def _act(todo: sense.Ledger) -> persist.Act:
    verb = "failure" if todo.add or todo.reopen or todo.more else "green"
    what, keys = "Green again" if verb == "green" else "Known failure", todo.keys
    more = f" and {len(keys) - 1} more" if len(keys) > 1 else ""
    return persist.Act(
        verb=verb,
        target=keys[0] if keys else "",
        by="engine",
        reason=line(", ".join(keys), 400),
        subject=f"{what}: {line(keys[0], 60)}{more}" if keys else what,
    )
