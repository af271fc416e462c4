"""Textual widgets that know nothing of cockpit."""
