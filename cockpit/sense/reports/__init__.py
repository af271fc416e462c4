"""Reports of tests and checks, read into events: one module a format. Pure: bytes in, events out (docs/sources.md)."""

from cockpit.sense.reports import memory
from cockpit.sense.reports.closers import Told, closers, opened, tell
from cockpit.sense.reports.formats import FORMATS, LARGEST, detect, read
from cockpit.sense.reports.reportlog import Live
from cockpit.sense.reports.told import About

__all__ = ["FORMATS", "LARGEST", "About", "Live", "Told", "closers", "detect", "memory", "opened", "read", "tell"]
