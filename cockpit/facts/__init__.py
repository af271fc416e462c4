"""The facts a delegate leaves on disk, as plain data, and their exact files (design, section 3).

One turn of a delegate is one folder `.cockpit/delegates/<item>/<turn>/`. Each fact is one file in it, replaced
atomically, never edited in place. States are derived from facts (law 4); nothing here decides anything.
"""

from cockpit.facts.claims import STALE, Checked, Claim, ClaimKind, Claims, ClaimState
from cockpit.facts.files import FILES, NAMES, SAID, Fact, append, lines, read, write
from cockpit.facts.kinds import (
    Answer,
    Check,
    Dispatch,
    Doing,
    Entry,
    Merge,
    Outcome,
    Permission,
    Proof,
    Proved,
    Quote,
    Ran,
    Recommendation,
    Result,
    Review,
    Running,
    Saying,
    Scope,
    Sentinel,
    Spot,
    Status,
    Step,
)
from cockpit.facts.measures import Measurement, measurements
from cockpit.facts.opinions import ASIDE, WHO, Note, Opinion
from cockpit.facts.process import alive, started
from cockpit.facts.proofs import add_proof, proof, proofs
from cockpit.facts.scope import BRIEF, FRESH, digest, prepared, put, set_aside
from cockpit.facts.states import After, Before
from cockpit.facts.turn import Turn, aside, every, load, opinion_of, opinions, turns

__all__ = [
    "ASIDE",
    "BRIEF",
    "FILES",
    "FRESH",
    "NAMES",
    "SAID",
    "STALE",
    "WHO",
    "After",
    "Answer",
    "Before",
    "Check",
    "Checked",
    "Claim",
    "ClaimKind",
    "ClaimState",
    "Claims",
    "Dispatch",
    "Doing",
    "Entry",
    "Fact",
    "Measurement",
    "Merge",
    "Note",
    "Opinion",
    "Outcome",
    "Permission",
    "Proof",
    "Proved",
    "Quote",
    "Ran",
    "Recommendation",
    "Result",
    "Review",
    "Running",
    "Saying",
    "Scope",
    "Sentinel",
    "Spot",
    "Status",
    "Step",
    "Turn",
    "add_proof",
    "alive",
    "append",
    "aside",
    "digest",
    "every",
    "lines",
    "load",
    "measurements",
    "opinion_of",
    "opinions",
    "prepared",
    "proof",
    "proofs",
    "put",
    "read",
    "set_aside",
    "started",
    "turns",
    "write",
]
