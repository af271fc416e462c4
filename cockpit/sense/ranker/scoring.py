"""From features to a score, with the words for it: weights by hand, no model (salience A7)."""

from __future__ import annotations

import math

from cockpit.clean import line
from cockpit.sense.events import Level
from cockpit.sense.ranker.family import Family
from cockpit.sense.ranker.signal import Term

SEVERITY: dict[Level, float] = {"debug": 0.05, "info": 0.1, "warning": 0.5, "error": 1.0, "critical": 1.6}

WEIGHTS: dict[str, float] = {
    "needs": 2.0,  # somebody waits for the human
    "told": 2.0,  # it happened, and the human may want to know
    "block": 3.0,  # the head of a queue waits for it
    "stall": 3.0,  # clean closeouts, and the head stays
    "conflict": 1.4,  # delegates disagree
    "repeat": 1.5,  # fails again and again, passes in between
    "streak": 1.5,  # red since it was green
    "novel": 1.0,  # in no green run
    "after": 0.8,  # first seen after a change
    "loop": 1.2,  # the same step, the same error
    "jobs": 0.6,  # how many jobs, as a power of two
    "spread": 0.3,  # how many delegates, as a power of two
    "headpath": 0.6,  # it is of the head, or touches its files
    "burst": 0.5,  # errors far above their usual rate
    "again": 1.6,  # the human said it before
    "suspect": 0.6,  # a change that may have brought what is red
    "broken": 1.2,  # a part of the environment, and all that needs it
    "heals": -0.8,  # most such reds are green in the next run
    "work": -0.6,  # red because somebody is at work on it
    "chronic": -1.0,  # it comes in quiet times too
    "echo": -0.6,  # says no more than its cause does
}

CHIP = 40
LINE = 0.3
"""Below this a signal is status, not worth a row."""
PIN = 100.0


def reckon(family: Family) -> None:
    """Make the family's score anew from its level and features."""
    terms: list[tuple[str, float, str]] = [("severity", SEVERITY[family.level], f"{family.level} from {family.source}")]
    for name, (value, words) in family.marks.items():
        terms.append((name, WEIGHTS[name] * value, words))
    if len(family.jobs) > 1:
        terms.append(("jobs", WEIGHTS["jobs"] * math.log2(len(family.jobs)), f"{len(family.jobs)} jobs"))
    if len(family.delegates) > 1 and "conflict" not in family.marks:
        terms.append(
            ("spread", WEIGHTS["spread"] * math.log2(len(family.delegates)), f"{len(family.delegates)} delegates")
        )
    family.terms = tuple(terms)
    family.base = max(0.0, sum(value for _, value, _ in terms))
    family.hold = family.level == "critical" or "block" in family.marks or "needs" in family.marks
    family.dirty = False


def score(family: Family, now: float) -> float:
    """What it weighs now: open things fade by their half-life since the last change of their state."""
    if family.dirty:
        reckon(family)
    base = family.base
    if family.pinned or (family.hold and family.status == "open"):
        return base
    return base * 2.0 ** (-max(0.0, now - family.since) / family.half)


def terms(family: Family, value: float, now: float) -> tuple[Term, ...]:
    """All parts of the score, the largest first; what fading took is a part too."""
    found = [Term(name, round(part, 3), words) for name, part, words in family.terms]
    liking, words = family.liking
    if liking:
        found.append(Term("taste", round(liking, 3), words))
    faded = value - liking - family.base
    if faded < -0.005:
        found.append(Term("fading", round(faded, 3), f"no change for {_ago(now - family.since)}"))
    return tuple(sorted(found, key=lambda term: -abs(term.value)))


def _ago(seconds: float) -> str:
    return f"{round(seconds / 60)} m" if seconds < 5400 else f"{round(seconds / 3600)} h"


def chips(family: Family) -> tuple[str, ...]:
    """The largest two reasons above 0.3, the human's own acts first; never a bare number."""
    first = [words for words in (family.woken, "pinned" if family.pinned else "") if words]
    liking = ("taste", *family.liking)
    ranked = sorted([*family.terms, liking], key=lambda term: -term[1])
    most = [words for name, value, words in ranked if value > 0.25 and name != "severity"][:2]
    return tuple(line(words, CHIP) for words in [*first, *(most or [ranked[0][2]])])
