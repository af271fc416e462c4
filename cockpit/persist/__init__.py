"""The only room that writes the spec or git: exchange, journal, commits, undo, merges, worktrees."""
