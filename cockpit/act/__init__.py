"""ACT: agents as data, briefs, tmux sessions, the runner inside the pane, and what state a delegate is in (design, 6).

Nothing is imported here: the runner starts once a delegate and loads only what it needs.
"""
