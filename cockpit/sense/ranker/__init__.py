"""The ranking of signals (salience): families of events, what is known of their state, a score with reasons."""

from cockpit.sense.ranker.ranker import Ranker
from cockpit.sense.ranker.signal import Signal, Term

__all__ = ["Ranker", "Signal", "Term"]
