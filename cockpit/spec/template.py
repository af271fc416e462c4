"""The first spec of a repository: what `cockpit init` writes."""

from __future__ import annotations

from cockpit.spec.edit_front import set_control
from cockpit.spec.edit_sections import set_goal
from cockpit.spec.plain import UNSAID

TEMPLATE = """\
---
cockpit:
  loop: hold              # on | step | hold
  mode: copilot           # copilot: you see each brief and judge each result | auto: the loop goes on up to the fences
  # gates: [scope, verdict] # where it waits for you, whatever the mode; none is no gate
  agent: claude
  verify: ""              # the command that proves a result, such as pytest -q
  wip: 1                  # delegates at once
  review: 3               # results you accept waiting for you; with more nothing is dispatched
  exit: feature           # feature: results go into a branch off this one, you land it | direct: into this one
  timeout: 30             # minutes a delegate may work
  protect: []             # files a delegate may not change, such as [tests/**]
  budget: {turns: 20, minutes: 120}
---
# Spec

<!-- This file is the control surface: edit it here, or by keys in the cockpit. Both are the same, and git keeps both.
     Items: [ ] open, [/] running, [?] needs you, [x] done, [-] struck, [>] deferred, [!] blocked.
     Fields go below an item: - after: q1  - verify: `pytest -q tests/test_x.py`  - paths: src/**  - agent: codex -->

## Goal
UNSAID

## Live Signals
| Signal | State | Since | Action |
|---|---|---:|---|

## Queue

## Backlog

## Decisions
"""


def template(verify: str = "", agent: str = "claude", goal: str = "") -> bytes:
    """A short spec that teaches itself, with the loop at hold. `verify` is the command that proves a result."""
    data = TEMPLATE.replace("UNSAID", UNSAID).encode()
    data = set_control(data, "agent", agent) if agent else data
    data = set_control(data, "verify", verify) if verify else data
    return set_goal(data, goal) if goal.strip() else data
