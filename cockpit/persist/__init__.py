"""The only room that writes the spec or git: exchange, journal, commits, undo, merges, worktrees."""

from cockpit.persist.commit import Act
from cockpit.persist.git import busy, target, tip
from cockpit.persist.objects import close
from cockpit.persist.record import Receipt, create, exclude, record, settle
from cockpit.persist.write import Written, exchange, read

__all__ = [
    "Act",
    "Receipt",
    "Written",
    "busy",
    "close",
    "create",
    "exchange",
    "exclude",
    "read",
    "record",
    "settle",
    "target",
    "tip",
]
