"""ACT: agents, briefs, tmux sessions, the runner inside the pane, states with provenance."""
