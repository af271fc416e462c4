"""The first spec of a repository: what `cockpit init` writes."""

from __future__ import annotations

import json

TEMPLATE = """\
---
cockpit:
  loop: hold              # on | step | hold
  mode: copilot           # copilot: you judge each result | auto: the loop goes on by itself up to the fences
  agent: {agent}
  verify: {verify}
  wip: 1                  # delegates at once
  review: 3               # results you accept waiting for you; with more nothing is dispatched
  timeout: 30             # minutes a delegate may work
  protect: []             # files a delegate may not change, such as [tests/**]
  budget: {{turns: 20, minutes: 120}}
---
# Spec

<!-- This file is the control surface: edit it here, or by keys in the cockpit. Both are the same, and git keeps both.
     Items: [ ] open, [/] running, [?] needs you, [x] done, [-] struck, [>] deferred, [!] blocked.
     Fields go below an item: - after: q1  - verify: `pytest -q tests/test_x.py`  - paths: src/**  - agent: codex -->

## Goal
{goal}

## Live Signals
| Signal | State | Since | Action |
|---|---|---:|---|

## Queue

## Backlog

## Decisions
"""


def template(verify: str = "", agent: str = "claude", goal: str = "") -> bytes:
    """A short spec that teaches itself, with the loop at hold. `verify` is the command that proves a result."""
    text = TEMPLATE.format(
        agent=_scalar(agent),
        verify=_scalar(verify) if verify else '""              # the command that proves a result, such as pytest -q',
        goal=goal.strip() or "Say in a sentence what this work is for.",
    )
    return text.encode()


def _scalar(value: str) -> str:
    """A YAML scalar: plain where that is safe, else in double quotes (JSON's are YAML's)."""
    plain = value and value[0].isalnum() and not any(mark in value for mark in (": ", " #", "\n", "\t"))
    return value if plain and value == value.strip() and not value.endswith(":") else json.dumps(value)
