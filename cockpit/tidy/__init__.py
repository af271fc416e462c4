"""What delegates left behind, and taking away what is provably merged or empty, when the human says so (law 3)."""

from cockpit.tidy.leavings import Left, Verdict, judge
from cockpit.tidy.take import take
from cockpit.tidy.there import there

__all__ = ["Left", "Verdict", "judge", "take", "there"]
