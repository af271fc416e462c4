"""SENSE: events, their sources, signals ranked with reasons, mutes."""
