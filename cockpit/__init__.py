"""Cockpit: a full-screen terminal control room for realtime agentic development."""

__version__ = "0.1.0"
