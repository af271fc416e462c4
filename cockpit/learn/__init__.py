"""LEARN: what the work teaches, as text in the spec and in files beside it (R97 to R107). Nothing here writes."""

from cockpit.learn.compaction import KEEP, LONG, Compacted, archive_name, archived, compact
from cockpit.learn.discoveries import Discovery, discoveries
from cockpit.learn.repeats import Offer, offers
from cockpit.learn.sources import offered

__all__ = [
    "KEEP",
    "LONG",
    "Compacted",
    "Discovery",
    "Offer",
    "archive_name",
    "archived",
    "compact",
    "discoveries",
    "offered",
    "offers",
]
