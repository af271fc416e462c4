"""What `until:` of a deferred item waits for, where the loop can tell: an item that is done, or a time (R68). Pure.

Other words ("after 1.0") are for the human, who takes the item back.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from cockpit.spec.item import Item, Mark

_DATE = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d))?")
_SPAN = re.compile(r"(?:for |in )?(\d{1,5})\s*(m|min|minutes?|h|hours?|d|days?)?")
_ITEM = re.compile(r"\^?([\w-]+)(?: is)?(?: done| merged)?")


def moment(value: str, now: datetime) -> str:
    """A span of time from now (`30m`, `2h`, `3 days`; a bare number is minutes) as a local time; else as it is."""
    span = _SPAN.fullmatch(value.strip())
    if span is None:
        return value
    unit = (span[2] or "m")[0]
    minutes = int(span[1]) * {"m": 1, "h": 60, "d": 24 * 60}[unit]
    return f"{now + timedelta(minutes=minutes):%Y-%m-%d %H:%M}"


def at(item: Item) -> float:
    """The time that a deferred item waits for, epoch seconds; 0 when it waits for none."""
    found = _DATE.fullmatch(item.value("until").strip()) if item.mark is Mark.DEFERRED else None
    try:
        return datetime.fromisoformat(f"{found[1]} {found[2] or '00:00'}").timestamp() if found else 0.0
    except ValueError:
        return 0.0


def over(item: Item, find: Callable[[str], Item | None], now: float) -> str:
    """Why a deferred item is put off no longer, in words; empty while it is."""
    if item.mark is not Mark.DEFERRED:
        return ""
    when = at(item)
    if when:
        return f"it is {item.value('until').strip()}" if when <= now else ""
    name = _ITEM.fullmatch(item.value("until").strip())
    other = find(name[1]) if name else None
    if other is None or other.mark is not Mark.DONE or other.id == item.id:
        return ""
    merged = not other.value("branch") or other.value("merged") or other.value("proof")
    return f"{other.id} is done" if merged else ""
