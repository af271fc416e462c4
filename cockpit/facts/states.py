"""What the state check of an ops or data item said: before its delegate began, and after (R282)."""

from __future__ import annotations

import msgspec


class Before(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`before.json` of the first turn: the state check before anything was done."""

    command: str
    code: int | None
    """The exit status; None when its time was up."""
    words: str
    """How it ended: `exit 1`."""
    output: str = ""
    """What it printed, cleaned; the last 64 KiB."""
    seconds: float
    at: float


class After(Before, frozen=True, kw_only=True, omit_defaults=True):
    """`after.json`: the same check when the delegate had ended."""
