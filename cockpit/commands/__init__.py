"""What each command does. Takes the parsed line, prints, gives the exit status; loads only what it needs."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib import import_module
from keyword import iskeyword

ROOMS = {
    "import": "importing",
    "open": "whole",
    "init": "whole",
    "doctor": "whole",
    "demo": "whole",
    "run": "whole",
    "stop": "whole",
    "loop": "steering",
    "tidy": "tidying",
    "status": "telling",
    "why": "telling",
    "explain": "explaining",
    "goal": "goals",
    "spent": "spending",
    "log": "history",
    "at": "history",
    "changes": "history",
    "review": "reviewing",
    "checks": "reviewing",
    "brief": "briefs",
    "attach": "telling",
    "learn": "learning",
    "taste": "learning",
    "promote": "learning",
    "reap": "reaping",
    "pr": "requesting",
    "push": "pushing",
    "rank": "ranking",
    "replay": "replaying",
    "check": "checking",
    "measure": "measuring",
    "scope": "scoping",
    "hooks": "hooking",
    "hook": "hearing",
}
"""Each command's module in this package; a verb of the table is in `steering`."""


def command(name: str) -> Callable[[argparse.Namespace], int]:
    """The function of that command, its module imported."""
    module = import_module(f"cockpit.commands.{ROOMS.get(name, 'steering')}")
    return getattr(module, f"{name}_" if iskeyword(name) else name)
