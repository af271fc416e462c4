"""What the loop itself asks about an item before its first turn, as `asks:` begins."""

from __future__ import annotations

from cockpit.spec import clear, sizes
from cockpit.spec.item import Item, Mark

ASKS = (sizes.ASKS, clear.ASKS)


def asked(item: Item) -> bool:
    """Whether the item waits for the human's word on such a question; accept is the word that it is sent as it is."""
    return item.mark is Mark.NEEDS_YOU and item.value("asks").startswith(ASKS)
