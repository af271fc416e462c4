"""LEARN: what the work teaches, as text in the spec and in files beside it (R97 to R107). Nothing here writes.

`sources` and `reaping` are not imported here: they read git and files, and who only parses a command line
needs neither.
"""

from cockpit.learn.compaction import KEEP, LONG, Compacted, archive_name, archived, compact, worth
from cockpit.learn.discoveries import Discovery, discoveries
from cockpit.learn.followups import left
from cockpit.learn.lessons import Lesson, lessons
from cockpit.learn.reap import Dead, choice, dead
from cockpit.learn.repeats import Offer, offers

__all__ = [
    "KEEP",
    "LONG",
    "Compacted",
    "Dead",
    "Discovery",
    "Lesson",
    "Offer",
    "archive_name",
    "archived",
    "choice",
    "compact",
    "dead",
    "discoveries",
    "left",
    "lessons",
    "offers",
    "worth",
]
