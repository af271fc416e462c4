"""Acceptance criteria that are a number: what measures it, which one it is, and what it must come to (R156)."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from cockpit.spec.model import Document, Item, Kind, Mark

REMEDY = "write target: < 200 ms (or <=, >, >=)"
_TARGET = re.compile(r"(<=|>=|<|>|≤|≥)\s*([+-]?\d[\d_,]*(?:\.\d+)?(?:[eE][+-]?\d+)?)\s*([^\s\d].{0,11})?\Z")
_SIGNS = {"≤": "<=", "≥": ">="}


@dataclass(frozen=True, slots=True)
class Target:
    """`< 200 ms`: a number that is to be gone below or above; `unit` may be empty."""

    sign: str
    value: float
    unit: str

    def met(self, value: float) -> bool:
        """Whether that value, in the target's unit, is where it is to be."""
        return {
            "<": value < self.value,
            "<=": value <= self.value,
            ">": value > self.value,
            ">=": value >= self.value,
        }[self.sign]

    def gain(self, before: float, after: float) -> float:
        """By how much `after` is better than `before`; negative: worse."""
        return before - after if self.sign in ("<", "<=") else after - before

    def words(self, value: float) -> str:
        """A value with the unit."""
        return f"{number(value)} {self.unit}".rstrip()

    def __str__(self) -> str:
        return f"{self.sign} {self.words(self.value)}"


@dataclass(frozen=True, slots=True)
class Measure:
    """A criterion with `measure:`. Without a target nothing is measured, `trouble` says why."""

    item: Item
    command: str
    metric: str
    """The word beside the number among what the command prints; empty: the last number counts."""
    target: Target | None
    trouble: str = ""

    @property
    def id(self) -> str:
        """The criterion's."""
        return self.item.id

    @property
    def name(self) -> str:
        """What is measured, in few words."""
        return self.metric or (self.item.text if len(self.item.text) <= 40 else self.item.text[:39] + "…")

    @property
    def open(self) -> bool:
        """Whether its target is still to be reached; a ticked one is only watched."""
        return self.item.mark is not Mark.DONE

    @property
    def digest(self) -> str:
        """Of what makes two measurements comparable: another target alone changes nothing."""
        unit = self.target.unit if self.target else ""
        return hashlib.blake2s("\0".join((self.command, self.metric, unit)).encode(), digest_size=6).hexdigest()


def measures(document: Document) -> tuple[Measure, ...]:
    """All measured criteria in document order, neither struck nor deferred."""
    return tuple(
        _measure(item)
        for item in document.walk()
        if item.section is Kind.ACCEPTANCE
        and item.mark not in (Mark.STRUCK, Mark.DEFERRED)
        and item.value("measure").strip(" `")
    )


def target(words: str) -> Target | None:
    """`< 200 ms`, `>= 90 %`, `> 1_000`; None when it means nothing."""
    match = _TARGET.match(words.strip().strip("`").strip())
    if match is None:
        return None
    value = float(match[2].replace(",", "").replace("_", ""))
    return Target(_SIGNS.get(match[1], match[1]), value, (match[3] or "").strip())


def number(value: float) -> str:
    """Four digits that count, no exponent for what a human reads."""
    if value and not 1e-4 <= abs(value) < 1e12:
        return f"{value:.3g}"
    return f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:.4g}"


def _measure(item: Item) -> Measure:
    command = item.value("measure").strip().strip("`").strip()
    metric = item.value("metric").strip().strip("`").strip()
    said = item.value("target")
    found = target(said)
    trouble = "" if found else f"target: `{said}` means nothing; {REMEDY}" if said else f"it has no target; {REMEDY}"
    return Measure(item, command, metric, found, trouble)
