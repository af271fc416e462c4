"""The pure edit of each verb: the document at hand in, new bytes out, or `Refused` with the reason.

What a verb is called, its key and its arguments stand in `verbs.VERBS`; a new one begins here.
"""

from cockpit.edits.attention import loop, mute, pin, reframe, unmute, until_words
from cockpit.edits.compaction import archived, compact
from cockpit.edits.decisions import decide
from cockpit.edits.delegates import accept, interrupt, iterate, reject, steer
from cockpit.edits.exchange import correct, say
from cockpit.edits.places import PLACES, SECTIONS, add, move, tick
from cockpit.edits.promote import PROMOTED, choice, offered, promote
from cockpit.edits.queue import defer, reword, split, strike
from cockpit.edits.resolve import SIDES, resolve
from cockpit.edits.runbook import offer_of, runbook, written
from cockpit.edits.twice import on_one
from cockpit.edits.world import Words, World, item_of

__all__ = [
    "PLACES",
    "PROMOTED",
    "SECTIONS",
    "SIDES",
    "Words",
    "World",
    "accept",
    "add",
    "archived",
    "choice",
    "compact",
    "correct",
    "decide",
    "defer",
    "interrupt",
    "item_of",
    "iterate",
    "loop",
    "move",
    "mute",
    "offer_of",
    "offered",
    "on_one",
    "pin",
    "promote",
    "reframe",
    "reject",
    "resolve",
    "reword",
    "runbook",
    "say",
    "split",
    "steer",
    "strike",
    "tick",
    "unmute",
    "until_words",
    "written",
]
