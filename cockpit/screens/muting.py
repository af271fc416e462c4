"""What `m` on a signal offers to silence, and how many rows each of that would hide."""

from __future__ import annotations

from cockpit.explain import subject
from cockpit.panes.signals import signals
from cockpit.panes.view import View
from cockpit.spec.targets import means, scopes


def offered(view: View, key: str) -> list[str]:
    """The scopes that the row of that key lies in, the narrowest first; none when it is no row of the signals."""
    found = next((signal for signal in signals(view) if signal.key == key), None)
    return scopes(subject(found)) if found is not None else []


def hides(view: View, target: str) -> str:
    """How many of the rows shown now a mute of the target would hide. What blocks the head it never does."""
    meant = [signal for signal in signals(view) if means(target, subject(signal))]
    blocking = sum(signal.blocks for signal in meant)
    count = len(meant) - blocking
    words = f"hides {count} row{'' if count == 1 else 's'}"
    return f"{words}, {blocking} stays: the head waits for it" if blocking else words
