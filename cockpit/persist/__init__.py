"""The only room that writes the spec or git: exchange, journal, commits, undo, merges, worktrees."""

from cockpit.persist.branches import (
    Forecast,
    Moved,
    changed_files,
    commit_merge,
    is_merged,
    merge,
    merge_tree,
    moved,
    recover,
)
from cockpit.persist.commit import Act
from cockpit.persist.git import busy, target, tip
from cockpit.persist.lease import Lease, lease
from cockpit.persist.objects import close
from cockpit.persist.past import at, diff, pairs, replay
from cockpit.persist.record import Receipt, acting, create, record, settle
from cockpit.persist.timeline import Entry, newest, timeline
from cockpit.persist.undo import redo, undo
from cockpit.persist.worktrees import harvest
from cockpit.persist.write import Written, exchange, exclude, read

__all__ = [
    "Act",
    "Entry",
    "Forecast",
    "Lease",
    "Moved",
    "Receipt",
    "Written",
    "acting",
    "at",
    "busy",
    "changed_files",
    "close",
    "commit_merge",
    "create",
    "diff",
    "exchange",
    "exclude",
    "harvest",
    "is_merged",
    "lease",
    "merge",
    "merge_tree",
    "moved",
    "newest",
    "pairs",
    "read",
    "record",
    "recover",
    "redo",
    "replay",
    "settle",
    "target",
    "timeline",
    "tip",
    "undo",
]
