"""What is wrong with the model's service, told by its error words and status, and until when. Pure."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_STATUS = re.compile(r"(?:status|error|code|rejected|^|\[|: ?)[\s\"':(]*([45]\d\d)\b", re.IGNORECASE)
_QUOTA = re.compile(
    r"usage limit|quota|insufficient.{0,12}(?:credit|balance|funds)|credit balance|billing|exceeded your", re.IGNORECASE
)
_LIMIT = re.compile(r"rate.?limit|too many requests|overloaded|resource.?exhausted|capacity", re.IGNORECASE)
_LOGIN = re.compile(
    r"authenticat|unauthori[sz]ed|invalid.{0,4}(?:x-)?api.?key|api key not valid|/login|(?:please|not) log(?:ged)? ?in"
    r"|permission_denied|forbidden",
    re.IGNORECASE,
)
_DOWN = re.compile(r"server.?error|service unavailable|bad gateway|connection (?:error|refused|reset)", re.IGNORECASE)
_IN = re.compile(
    r"(?:\b(?:in|after)\s+|retry.?after\"?[:=]?\s*\"?)((?:\d+(?:\.\d+)?\s*(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|[smhd])?"
    r"[\s,]*(?:and\s+)?)+)",
    re.IGNORECASE,
)
_PART = re.compile(r"(\d+(?:\.\d+)?)\s*([smhd])?", re.IGNORECASE)
_STAMP = re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?")
_EPOCH = re.compile(r"\|\s*(\d{10})\b")
_AT = re.compile(r"\b(?:at|until|resets?)\s+(?:at\s+)?(\d{1,2})(?::(\d\d))?\s*(am|pm)?\b", re.IGNORECASE)
LONG, SHORT = 900.0, 60.0
"""Seconds: the first pause after a used-up quota, and after what is mostly over soon."""
LONGEST = 31 * 86400.0
"""No limit is believed that ends later than this."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What holds the agent up. `until` is epoch seconds, 0 when nobody said."""

    state: Literal["limited", "blocked"]
    what: str
    until: float = 0.0
    grave: bool = False
    """It does not pass by itself in a minute."""

    @property
    def pause(self) -> float:
        """Seconds after which it is worth another try where nobody said until when; 0: it does not end by itself."""
        return 0.0 if self.state == "blocked" else LONG if self.grave else SHORT


def judge(words: str, status: int, now: float) -> Trouble | None:
    """What the error means; None when it means nothing that a human could wait for or mend."""
    words = words[:4000]
    if not status and (found := _STATUS.search(words)):
        status = int(found[1])
    if status == 402 or _QUOTA.search(words):
        return Trouble("limited", "the quota is used up", resets(words, now), grave=True)
    if status == 429 or _LIMIT.search(words):
        until = resets(words, now)
        what = "the model is overloaded" if status in (503, 529) else "the rate limit is reached"
        return Trouble("limited", what, until, grave=until - now > 600)
    if status in (401, 403) or _LOGIN.search(words):
        return Trouble("blocked", "the login is refused", grave=True)
    if 500 <= status < 600 or _DOWN.search(words):
        return Trouble("limited", "the model does not answer")
    return None


def resets(words: str, now: float) -> float:
    """When the limit ends, epoch seconds; 0 when the words don't tell, or tell what can't be."""
    until = _named(words, now)
    return until if now < until <= now + LONGEST else 0.0


def _named(words: str, now: float) -> float:
    if found := _EPOCH.search(words):
        return float(found[1])
    if found := _STAMP.search(words):
        try:
            return datetime.fromisoformat(found[0]).timestamp()
        except (ValueError, OverflowError, OSError):
            return 0.0
    if found := _IN.search(words):
        return now + sum(float(number) * _UNITS[unit.lower() or "s"] for number, unit in _PART.findall(found[1][:80]))
    if (found := _AT.search(words)) and (found[2] or found[3]):
        return _next(int(found[1]), int(found[2] or 0), (found[3] or "").lower(), now)
    return 0.0


def _next(hour: int, minute: int, half: str, now: float) -> float:
    """The next time that a clock here shows that."""
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour > 23 or minute > 59:
        return 0.0
    day = datetime.fromtimestamp(now).replace(hour=hour, minute=minute, second=0, microsecond=0)
    then = day.timestamp()
    return then if then > now else then + 86400.0


def clock(at: float) -> str:
    """The time of day here, `15:04`."""
    return time.strftime("%H:%M", time.localtime(at))
