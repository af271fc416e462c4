"""The rounds of one item: whether its turns get anywhere (R162, R173), and four ways of going round (R121 to R124).

Pure, told by the facts of the turns in order.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from cockpit.clean import line
from cockpit.facts import Review, Turn

ROW = 3
"""Turns in a row that make a loop: one is work, two are a retry."""
GROWTH = 1.3
"""How much larger each round's diff must be than the last to count as layers put on (R124)."""
LAYERS = 40
"""Lines a diff must have grown by at the least, over all rounds, before its growth says anything."""
CHURN = 3
"""Lines put back that say nothing yet: fewer are an accident."""
_STAT = re.compile(r"\+(\d+)")
_SURE = re.compile(
    r"\b(?:definite(?:ly)?|certain(?:ly)?|fully|complete(?:ly)?|absolute(?:ly)?|guaranteed?|without (?:a )?doubt|100 ?%"
    r"|all (?:tests|checks)|really|now (?:works?|fixed|pass(?:es)?)|verified|confirmed|proven)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{4,}")


def count(review: Review) -> int:
    """How much a review found: the places that its failing checks name, at least one for each of these checks."""
    return sum(max(1, len(check.spots)) for check in review.checks if check.bad)


def stuck(turns: Sequence[Turn], cap: int) -> str:
    """Why no further round helps, in words; empty while the rounds get on or the last one found nothing.

    The line stops when twice in a row a round found no less than the one before, when the rounds change back and
    forth, when they go round in one of the four ways, and after `cap` rounds. A round that was red because the base is
    does not count (R67).
    """
    turns = [turn for turn in turns if turn.review is None or not turn.review.on_base]
    reviews = [turn.review for turn in turns if turn.review is not None]
    if not reviews or reviews[-1].recommendation == "accept":
        return ""
    counts = [count(review) or int(review.recommendation != "accept") for review in reviews]
    told = [
        f"{' -> '.join(map(str, counts[-5:]))} findings" if _no_fewer(counts) else "",
        _back_and_forth(reviews),
        *(words for name, words in loops(turns).items() if name in ("sure", "layers")),
        f"{len(counts)} of {cap} rounds, {_findings(counts[-1])} left" if len(counts) >= cap else "",
    ]
    return "; ".join(filter(None, told))


def _no_fewer(counts: Sequence[int]) -> bool:
    return len(counts) >= ROW and all(other >= one for one, other in pairwise(counts[-ROW:]))


def _findings(number: int) -> str:
    return "1 finding" if number == 1 else f"{number} findings"


def _back_and_forth(reviews: Sequence[Review]) -> str:
    """A round that took the one before back whole, or two in a row that did so for the most part."""
    last = reviews[-1]
    if last.undone > CHURN and last.undone == last.touched:
        return f"round {len(reviews)} put back all that round {len(reviews) - 1} changed"
    most = [review.undone > CHURN and 2 * review.undone >= review.touched for review in reviews[-2:]]
    if len(most) == 2 and all(most):
        return f"the same lines go back and forth: {last.undone} of {last.touched} lines put back"
    return ""


def undone(before: bytes, now: bytes) -> tuple[int, int]:
    """How many lines of the change `now` take back the change `before`, and how many it has: two diffs of git."""
    was, lines = Counter(_changed(before)), list(_changed(now))
    back = Counter((path, "-" if sign == "+" else "+", words) for path, sign, words in lines)
    return sum((was & back).values()), len(lines)


def _changed(diff: bytes) -> Iterator[tuple[bytes, str, bytes]]:
    """The changed lines of a diff that hold something: file, sign, words."""
    path = b""
    for row in diff.split(b"\n"):
        if row.startswith(b"diff --git "):
            path = row
        elif row[:1] in (b"+", b"-") and not row.startswith((b"+++ ", b"--- ")) and len(row[1:].strip()) > 1:
            yield path, chr(row[0]), row[1:].strip()


def loops(turns: Sequence[Turn]) -> dict[str, str]:
    """The ways of going round that the turns are in, by name, each in words, empty when they are not in it."""
    ended = [turn for turn in turns if turn.sentinel is not None and turn.review is not None]
    red = red_rounds([turn for turn in ended if turn.review is not None and not turn.review.on_base])
    return {"answered": _answered(red), "sure": _sure(red), "layers": _layers(red)}


def red_rounds(turns: Sequence[Turn]) -> list[Turn]:
    """The last turns in a row whose review found something, none of them beside the point of the one before."""
    red: list[Turn] = []
    for turn in reversed(turns):
        if not findings(turn) or (red and not findings(turn) & findings(red[0])):
            break
        red.insert(0, turn)
    return red


def findings(turn: Turn) -> frozenset[str]:
    """Names of the checks that the turn's review found failing."""
    checks = turn.review.checks if turn.review else []
    return frozenset(check.name for check in checks if check.bad)


def _answered(red: Sequence[Turn]) -> str:
    """R122: the same item answered, the same checks red, round after round."""
    if len(red) < ROW:
        return ""
    same = findings(red[0]).intersection(*map(findings, red[1:]))
    return f"answered {len(red)} times, still red: {', '.join(sorted(same))}" if same else ""


def _sure(red: Sequence[Turn]) -> str:
    """R121: the answers say much the same, with more and more certainty, and the checks say no each time."""
    said = [turn.answer.summary for turn in red if turn.answer is not None]
    if len(said) < ROW or len(said) != len(red):
        return ""
    alike = all(_alike(one, other) for one, other in pairwise(said[-ROW:]))
    sure = [len(_SURE.findall(words)) for words in said[-ROW:]]
    rising = all(one <= other for one, other in pairwise(sure)) and sure[-1] > sure[0]
    return f"says “{line(said[-1], 60)}” {len(said)} times" if alike and rising else ""


def _alike(one: str, other: str) -> bool:
    a, b = (frozenset(_WORD.findall(_SURE.sub("", words).casefold())) for words in (one, other))
    return bool(a and b) and len(a & b) >= 0.6 * min(len(a), len(b))


def _layers(red: Sequence[Turn]) -> str:
    """R124: the diff grows each round and no check gets green by it."""
    if len(red) < ROW:
        return ""
    sizes = [_added(turn) for turn in red[-ROW:]]
    grows = all(other >= GROWTH * one > 0 for one, other in pairwise(sizes)) and sizes[-1] - sizes[0] >= LAYERS
    kept = all(findings(one) <= findings(other) for one, other in pairwise(red[-ROW:]))
    return f"grew {' → '.join(str(size) for size in sizes)} lines, nothing got green" if grows and kept else ""


def _added(turn: Turn) -> int:
    match = _STAT.search(turn.review.stat) if turn.review else None
    return int(match[1]) if match else 0
