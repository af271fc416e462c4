"""EXTRACT: plain text read into the events that a structured source would have sent (docs/sources.md, Plain text)."""

from cockpit.sense.extract.extractor import Extractor
from cockpit.sense.extract.line import bare

__all__ = ["Extractor", "bare"]
