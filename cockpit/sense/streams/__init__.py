"""What agents tell while they work, as events: their streams line by line, one module a dialect; their hooks."""

from cockpit.sense.streams import hooks
from cockpit.sense.streams.reader import READERS, Memory, read, told
from cockpit.sense.streams.said import Teller

__all__ = ["READERS", "Memory", "Teller", "hooks", "read", "told"]
