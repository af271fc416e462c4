"""What another agent says of a result before the human looks at it (R190). It decides nothing."""

from __future__ import annotations

import msgspec

ASIDE = ".opinion-"
"""In the name of its run's folder, `1.opinion-0123456789ab`: between the turn and the head that it is about."""
WHO = ".opinion"
"""After the item's id, in the name that such a run goes by: to the loop it is nobody's delegate."""


class Note(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line of the result, and what is to be said of it."""

    path: str
    words: str
    line: int = 0
    """From 1, on the branch; 0 for the file as a whole."""


class Opinion(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`opinion.json`: what came of asking, every word cleaned. It never changes checks, recommendation or verdict."""

    head: str
    """The commit it is about."""
    agent: str
    summary: str = ""
    notes: list[Note] = []
    trouble: str = ""
    """Why there is none, in words."""
    at: float

    @property
    def told(self) -> str:
        """In a few words: `opinion of claude: 2 notes`."""
        count = f"{len(self.notes)} note{'s' * (len(self.notes) != 1)}" if self.notes else "no notes"
        return f"opinion of {self.agent}: {self.trouble or count}"
