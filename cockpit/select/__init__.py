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
    "World",
    "backpressure",
    "budget_notes",
    "budget_words",
    "fence",
    "plan",
    "standings",
]
