"""Check 5: no name comes in that must not be seen: words the project forbids, marks that tools leave of themselves."""

from __future__ import annotations

import re
from functools import cache

from cockpit.clean import line
from cockpit.facts import Spot
from cockpit.verify.case import Case
from cockpit.verify.checks.data import rules
from cockpit.verify.finding import Finding, told

REMEDY = "reword it (a file that may: `checks: {branding: {except: [PATH]}}`)"


def branding(case: Case) -> Finding:
    """Lines and names of files that the branch adds, and the messages of its commits."""
    forbidden = _forbidden(case.rule("branding", "forbid"))
    bad: list[Spot] = []
    notes: list[Spot] = []
    for change in case.changes:
        if change.status == "A" and not case.excepted("branding", change.path):
            bad += [Spot(change.path, 0, f"is named {word}") for word in _words(forbidden, change.path)]
    for hunk in case.patch.hunks:
        if case.excepted("branding", hunk.path):
            continue
        gone = {word for text in hunk.removed for word in _words(forbidden, text)}
        for number, text in enumerate(hunk.added, hunk.new):
            # A line that had the word before brings nothing in.
            bad += [Spot(hunk.path, number, f"says {word}") for word in _words(forbidden, text) if word not in gone]
            if text not in hunk.removed:
                bad += [Spot(hunk.path, number, name) for name, pattern in _phrases() if pattern.search(text)]
    for commit in case.patch.commits:
        for text in commit.message.splitlines():
            where = f"commit {commit.id[:10]} says"
            bad += [Spot("", 0, f"{where} {word}") for word in _words(forbidden, text)]
            mark = next((name for name, pattern in _phrases() if pattern.search(text)), "")
            notes += [Spot("", 0, f"{where} {mark}: “{line(text.strip(), 60)}”")] if mark else []
    return told(bad, notes, fine="no such name comes in", remedy=REMEDY)


def _words(forbidden: re.Pattern[str] | None, text: str) -> list[str]:
    """The forbidden words in a text, each once, as the project writes them in lower case."""
    return list(dict.fromkeys(hit[0].lower() for hit in forbidden.finditer(text))) if forbidden else []


@cache
def _forbidden(words: tuple[str, ...]) -> re.Pattern[str] | None:
    """Whole words, whatever their case; also as a part of an identifier: `acme_client`, `acmeClient`."""
    named = sorted((word for word in words if word.strip()), key=len, reverse=True)
    if not named:
        return None
    return re.compile("|".join(rf"(?<![^\W_]){re.escape(word)}(?-i:(?![a-z]))" for word in named), re.IGNORECASE)


@cache
def _phrases() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((row["name"], re.compile(row["pattern"])) for row in rules("branding")["phrase"])
