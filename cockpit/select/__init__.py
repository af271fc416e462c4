"""SELECT: the next head, the fences, the steps of one pass. Pure."""

from cockpit.select.budgets import Account, Spent
from cockpit.select.fences import Fence, backpressure, budget_notes, budget_words, fence
from cockpit.select.holds import Hold, paused
from cockpit.select.plan import plan
from cockpit.select.ready import Standing, standings
from cockpit.select.steps import (
    Again,
    Ask,
    Deliver,
    Dispatch,
    Halt,
    Interrupt,
    Land,
    Merge,
    Name,
    Park,
    Permit,
    Permits,
    Plan,
    Recheck,
    Review,
    Settle,
    Step,
    Verdict,
    Whole,
    World,
)

__all__ = [
    "Account",
    "Again",
    "Ask",
    "Deliver",
    "Dispatch",
    "Fence",
    "Halt",
    "Hold",
    "Interrupt",
    "Land",
    "Merge",
    "Name",
    "Park",
    "Permit",
    "Permits",
    "Plan",
    "Recheck",
    "Review",
    "Settle",
    "Spent",
    "Standing",
    "Step",
    "Verdict",
    "Whole",
    "World",
    "backpressure",
    "budget_notes",
    "budget_words",
    "fence",
    "paused",
    "plan",
    "standings",
]
