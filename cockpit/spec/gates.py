"""Where the loop waits for the human: at the scope of a piece of work, and at its verdict (R201, R239, R279)."""

from __future__ import annotations

from cockpit.spec.item import Item, Mark
from cockpit.spec.plain import Controls, Gate

GATES: tuple[Gate, ...] = ("scope", "verdict")
ACCEPTED = "accepted"
"""What an item's `scope:` begins with once the human said yes; then the digest of the brief they saw."""


def closed(item: Item, controls: Controls) -> frozenset[Gate]:
    """The gates at which an item waits: its field `gates:`, else the spec's, else what the mode means.

    Copilot has both, auto none. A field with a word that is no gate closes both: a slip of the pen opens nothing.
    """
    own = item.value("gates").strip("[]` ").replace(",", " ").split()
    if own == ["none"]:
        return frozenset()
    if own:
        return frozenset(gate for gate in GATES if gate in own) if set(own) <= set(GATES) else frozenset(GATES)
    if controls.gates is not None:
        return frozenset(controls.gates)
    return frozenset(GATES if controls.mode == "copilot" else ())


def at_scope(item: Item) -> bool:
    """Whether a brief is prepared for the item and waits for the human."""
    return item.mark is Mark.NEEDS_YOU and bool(item.value("scope")) and accepted(item) is None


def accepted(item: Item) -> str | None:
    """The digest of the brief that the human accepted; empty for a yes without one, None when there is no yes."""
    word, _, digest = item.value("scope").partition(" ")
    return digest.strip() if word == ACCEPTED else None
