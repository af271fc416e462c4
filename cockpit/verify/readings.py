"""The number that a measuring command prints, in the unit of the target. Pure."""

from __future__ import annotations

import re

SCALES: tuple[dict[str, float], ...] = (
    {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "sec": 1.0, "seconds": 1.0, "min": 60.0, "h": 3600.0},
    {"b": 1.0, "bytes": 1.0, "kb": 1e3, "mb": 1e6, "gb": 1e9, "kib": 2.0**10, "mib": 2.0**20, "gib": 2.0**30},
)
"""Units that can be told in each other."""
_NUMBER = re.compile(
    r"(?<![\w.])([+-]?(?:\d[\d_,]*\d|\d)(?:\.\d+)?(?:[eE][+-]?\d+)?)[ \t]*(%|[A-Za-zµ][\w/%µ]*)?",
    re.ASCII,
)


class Unread(ValueError):
    """There is no such number; its words say what is missing."""


def reading(output: str, metric: str, unit: str) -> float:
    """The number beside `metric` in the last line that has that word, without one the last number of all.

    A number with the target's unit, or one that can be told in it, goes before a bare one; a bare one is taken for
    the unit. Raises Unread.
    """
    lines = [text for text in output.split("\n") if text.strip()]
    if metric:
        word = re.compile(rf"(?<!\w){re.escape(metric)}(?!\w)", re.IGNORECASE)
        found = [(text, match.end()) for text in lines if (match := word.search(text))]
        if not found:
            raise Unread(f"nothing it prints names {metric}")
        text, end = found[-1]
        return _first(text[end:], unit, metric)
    bare: float | None = None
    for text in reversed(lines):
        for match in reversed(list(_NUMBER.finditer(text))):
            scale = _scale(match[2] or "", unit)
            if scale is not None and (match[2] or not unit):
                return _value(match[1]) * scale
            if bare is None and not match[2]:
                bare = _value(match[1])
    if bare is None:
        raise Unread("it prints no number" + (f" in {unit}" if unit else ""))
    return bare


def _first(text: str, unit: str, metric: str) -> float:
    """The first number behind the metric's name."""
    match = _NUMBER.search(text)
    if match is None:
        raise Unread(f"no number behind {metric}")
    scale = _scale(match[2] or "", unit)
    if scale is None:
        raise Unread(f"{metric} is told in {match[2]}, the target in {unit}")
    return _value(match[1]) * scale


def _scale(found: str, unit: str) -> float | None:
    """What a number in `found` is times in `unit`; None when one is not the other."""
    if not found or not unit or found.casefold() == unit.casefold():
        return 1.0
    for scales in SCALES:
        if found.casefold() in scales and unit.casefold() in scales:
            return scales[found.casefold()] / scales[unit.casefold()]
    return None


def _value(text: str) -> float:
    return float(text.replace(",", "").replace("_", ""))
