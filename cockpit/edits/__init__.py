"""The pure edit of each verb: the document at hand in, new bytes out, or `Refused` with the reason.

What a verb is called, its key and its arguments stand in `verbs.VERBS`; a new one begins here.
"""

from collections.abc import Callable, Mapping

from cockpit.edits.adding import add
from cockpit.edits.attention import dismiss, loop, mute, pin, reframe, unmute, until_words
from cockpit.edits.comments import comment
from cockpit.edits.compaction import archived, compact
from cockpit.edits.decisions import decide
from cockpit.edits.delegates import accept, interrupt, iterate, reject, steer
from cockpit.edits.exchange import correct, say
from cockpit.edits.fields import give
from cockpit.edits.knobs import set_knob
from cockpit.edits.landing import land
from cockpit.edits.permits import allow, deny
from cockpit.edits.phasing import phase
from cockpit.edits.places import move, tick
from cockpit.edits.promote import choice, offered, promote
from cockpit.edits.queue import defer, reword, split, strike
from cockpit.edits.reap import reap
from cockpit.edits.resolve import resolve
from cockpit.edits.runbook import offer_of, runbook, written
from cockpit.edits.twice import Edit, on_one
from cockpit.edits.world import Words, World, item_of
from cockpit.spec import Document

Beside = Callable[[Document, str, Words, World], Mapping[str, Callable[[bytes | None], bytes | None]]]
"""Files that go into the commit of a verb, told from the document before the edit: path to bytes now, to bytes then."""

EDITS: Mapping[str, Edit] = {
    "accept": accept,
    "reject": reject,
    "iterate": iterate,
    "interrupt": interrupt,
    "steer": steer,
    "comment": comment,
    "allow": allow,
    "deny": deny,
    "reframe": reframe,
    "mute": mute,
    "unmute": unmute,
    "dismiss": dismiss,
    "pin": pin,
    "defer": defer,
    "strike": strike,
    "split": split,
    "phase": phase,
    "reword": reword,
    "add": add,
    "tick": tick,
    "move": move,
    "decide": decide,
    "say": say,
    "correct": correct,
    "promote": promote,
    "compact": compact,
    "reap": reap,
    "runbook": runbook,
    "resolve": resolve,
    "land": land,
    "give": give,
    "set": set_knob,
    "loop on": loop("on"),
    "loop step": loop("step"),
    "loop hold": loop("hold"),
}
"""The edit of each verb, by its name."""
BESIDE: Mapping[str, Beside] = {"compact": archived, "runbook": written}

__all__ = [
    "BESIDE",
    "EDITS",
    "Beside",
    "Edit",
    "Words",
    "World",
    "accept",
    "add",
    "allow",
    "archived",
    "choice",
    "comment",
    "compact",
    "correct",
    "decide",
    "defer",
    "deny",
    "dismiss",
    "give",
    "interrupt",
    "item_of",
    "iterate",
    "land",
    "loop",
    "move",
    "mute",
    "offer_of",
    "offered",
    "on_one",
    "phase",
    "pin",
    "promote",
    "reap",
    "reframe",
    "reject",
    "resolve",
    "reword",
    "runbook",
    "say",
    "set_knob",
    "split",
    "steer",
    "strike",
    "tick",
    "unmute",
    "until_words",
    "written",
]
