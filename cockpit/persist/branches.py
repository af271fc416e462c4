"""Branches of delegates, as the stations see them: the forecast of a merge, and the merge itself."""

from cockpit.persist.forecast import (
    Forecast,
    changed_files,
    commit_merge,
    content,
    differing,
    is_merged,
    merge_tree,
    moved,
)
from cockpit.persist.merging import Moved, merge, recover

__all__ = [
    "Forecast",
    "Moved",
    "changed_files",
    "commit_merge",
    "content",
    "differing",
    "is_merged",
    "merge",
    "merge_tree",
    "moved",
    "recover",
]
