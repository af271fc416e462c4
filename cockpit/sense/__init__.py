"""SENSE: events, their sources, signals ranked with reasons, mutes."""

from cockpit.sense import journal, spool
from cockpit.sense.events import Event, decode, decode_all, parse_push
from cockpit.sense.families import Family, fold
from cockpit.sense.known import Ledger, ledger, write_failures
from cockpit.sense.mutes import Muted, apply
from cockpit.sense.ranker import Ranker
from cockpit.sense.ranking import Signal, rank, rows
from cockpit.sense.sources.commits import git_events
from cockpit.sense.sources.delegates import delegate_events, verification_events
from cockpit.sense.sources.edits import conflict_events, correction_events, spec_events
from cockpit.sense.sources.queue import attention_events, fence_events, head_event, queue_events

__all__ = [
    "Event",
    "Family",
    "Ledger",
    "Muted",
    "Ranker",
    "Signal",
    "apply",
    "attention_events",
    "conflict_events",
    "correction_events",
    "decode",
    "decode_all",
    "delegate_events",
    "fence_events",
    "fold",
    "git_events",
    "head_event",
    "journal",
    "ledger",
    "parse_push",
    "queue_events",
    "rank",
    "rows",
    "spec_events",
    "spool",
    "verification_events",
    "write_failures",
]
