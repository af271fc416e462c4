"""What all trackers share: the families, the heads of the queues, the changes, and how late it is."""

from __future__ import annotations

from cockpit.sense.ranker.changes import Changes
from cockpit.sense.ranker.family import Families
from cockpit.sense.ranker.kept import Kept


class Board:
    """The state that more than one tracker needs."""

    def __init__(self) -> None:
        self.families = Families()
        self.changes = Changes()
        self.now = 0.0
        self.heads: dict[str, str] = {}
        """Lane to the item at its head; lanes at rest are left out."""
        self.waited: dict[str, str] = {}
        """Id that the head of a lane waits for, to that head."""
        self.soon: dict[str, str] = {}
        """Id that one of the next three items waits for, to that item."""
        self.paths: set[str] = set()
        """Files of the items at the heads."""
        self.moved = 0
        """How often a head has changed."""
        self.accused: Kept[str, set[str]] = Kept(500)
        """Families of changes to the families that they may have brought."""

    def block(self, item: str) -> tuple[float, str]:
        """How much the queue waits for this item or id, and in which words."""
        if not item:
            return 0.0, ""
        if item in self.heads.values():
            return 1.0, f"is the head {item}"
        if item in self.waited:
            return 1.0, f"blocks head {self.waited[item]}"
        if item in self.soon:
            return 0.13, f"blocks {self.soon[item]} soon"
        return 0.0, ""

    def acquit(self) -> None:
        """Changes whose red is gone are rows no more."""
        for key, brought in list(self.accused.items()):
            brought = {other for other in brought if self.families.opened(other)}
            if brought:
                self.accused[key] = brought
            else:
                del self.accused[key]
                self.families.close(key, self.now, "cleared")
