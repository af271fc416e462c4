"""SENSE: events, their sources, signals ranked with reasons, mutes."""

from cockpit.sense import journal, spool
from cockpit.sense.events import Event, decode, decode_all, parse_push
from cockpit.sense.families import Family, fold, slot
from cockpit.sense.known import Ledger, ledger, write_failures
from cockpit.sense.ranker import Ranker
from cockpit.sense.ranker.signal import Signal
from cockpit.sense.routing import Routed, cited, pause, route
from cockpit.sense.sources.ahead import ahead_events
from cockpit.sense.sources.checks import route_events
from cockpit.sense.sources.claims import stale_events
from cockpit.sense.sources.commits import git_events
from cockpit.sense.sources.delegates import (
    closeout_event,
    delegate_events,
    ended_events,
    settled_events,
    verification_events,
)
from cockpit.sense.sources.edits import conflict_events, correction_events, spec_events
from cockpit.sense.sources.gates import gate_events
from cockpit.sense.sources.landing import landing_events
from cockpit.sense.sources.measures import measure_events
from cockpit.sense.sources.queue import aim_event, attention_events, fence_events, queue_events, stuck_events
from cockpit.sense.table import rows

__all__ = [
    "Event",
    "Family",
    "Ledger",
    "Ranker",
    "Routed",
    "Signal",
    "ahead_events",
    "aim_event",
    "attention_events",
    "cited",
    "closeout_event",
    "conflict_events",
    "correction_events",
    "decode",
    "decode_all",
    "delegate_events",
    "ended_events",
    "fence_events",
    "fold",
    "gate_events",
    "git_events",
    "journal",
    "landing_events",
    "ledger",
    "measure_events",
    "parse_push",
    "pause",
    "queue_events",
    "route",
    "route_events",
    "rows",
    "settled_events",
    "slot",
    "spec_events",
    "spool",
    "stale_events",
    "stuck_events",
    "verification_events",
    "write_failures",
]
