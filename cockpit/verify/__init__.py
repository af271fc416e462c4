"""VERIFY: verification on the merged tree, the fourteen checks, the verdict."""

from cockpit.verify.acceptance import Tried, try_on
from cockpit.verify.base import prove
from cockpit.verify.claimed import checked
from cockpit.verify.command import Cut, cut
from cockpit.verify.fourteen import review, review_branch
from cockpit.verify.landed import landed
from cockpit.verify.limits import quotes
from cockpit.verify.measuring import measure
from cockpit.verify.sarif import sarif
from cockpit.verify.states import joined, look_after, look_before, review_state
from cockpit.verify.table import NAMES
from cockpit.verify.verdict import findings, recommend, summary

__all__ = [
    "NAMES",
    "Cut",
    "Tried",
    "checked",
    "cut",
    "findings",
    "joined",
    "landed",
    "look_after",
    "look_before",
    "measure",
    "prove",
    "quotes",
    "recommend",
    "review",
    "review_branch",
    "review_state",
    "sarif",
    "summary",
    "try_on",
]
