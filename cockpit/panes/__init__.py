"""The four panes: each shows one part of a snapshot."""
