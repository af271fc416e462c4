"""Where work comes from: task files that other tools keep, and the link from an item back to them. Pure."""

from cockpit.track.origins import Origin, Taken, due, origin, take
from cockpit.track.tasks import NoSuchTask, Task, is_open, last_status, tasks, tick

__all__ = ["NoSuchTask", "Origin", "Taken", "Task", "due", "is_open", "last_status", "origin", "take", "tasks", "tick"]
