"""SELECT: the next head, the fences, the steps of one pass. Pure."""

from cockpit.select.budgets import Account, Spent
from cockpit.select.fences import Fence, backpressure, budget_notes, budget_words, fence
from cockpit.select.plan import plan
from cockpit.select.ready import Standing, standings
from cockpit.select.steps import (
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
    "Ask",
    "Deliver",
    "Dispatch",
    "Fence",
    "Halt",
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
    "plan",
    "standings",
]
